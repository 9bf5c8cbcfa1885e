// One client over all its namespaces (JS: Client): its packets go to its sockets.
#pragma once

#include <sio/net/random.hpp>
#include <sio/parser/packet.hpp>
#include <sio/server/incoming.hpp>
#include <sio/server/nsp.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

/// What every peer of a server goes by.
struct peer_rules {
  using found = std::function<void(const std::shared_ptr<srv::nsp>&)>;
  std::function<std::shared_ptr<srv::nsp>(const std::string& name)> find_nsp;
  /// For one that there is not: whether it may be is asked, and heard later.
  std::function<void(const std::string& name, const value& auth, found done)> search_nsp;
  std::shared_ptr<const srv::log> log;
  std::shared_ptr<const srv::codec> codec;
  std::chrono::milliseconds connect_timeout;
  std::size_t max_namespaces;
};

class peer final : public link_user, public socket_owner, public std::enable_shared_from_this<peer> {
 public:
  peer(std::shared_ptr<const peer_rules> rules, std::shared_ptr<srv::link> l, sio::handshake shake)
      : rules_(std::move(rules)), link_(std::move(l)), handshake_(std::move(shake)), decoder_(*rules_->codec),
        connect_timer_(link_->loop().timers(), [this] { give_up_waiting(); }) {
    connect_timer_.expires_at(link_->loop().now() + rules_->connect_timeout);
  }

  void on_message(std::string_view message, bool binary) override;
  void on_closed(reason why, std::string_view description) override;
  void on_dropped() noexcept override;
  void on_left(const std::string& nsp) override;
  void disconnect_all() override;

 private:
  using socket_map = std::map<std::string, std::shared_ptr<socket>>;
  // Who waits to be let in; first for a namespace, without a socket yet.
  struct guest {
    std::shared_ptr<socket> waiting;
    std::uint64_t ticket;
  };

  void route(parser::packet&& p);
  void on_connect(parser::packet&& p);
  void on_disconnect(const std::string& nsp);
  void join(const std::shared_ptr<srv::nsp>& n, value auth);
  void on_found(const std::string& name, std::uint64_t ticket, const std::shared_ptr<srv::nsp>& n, value auth);
  void on_admitted(const std::shared_ptr<srv::nsp>& n, const std::shared_ptr<socket>& s,
                   const std::optional<connect_error>& refusal);
  void on_wrong_packet(std::string_view error);
  void refuse(const std::string& nsp, const connect_error& why);
  std::shared_ptr<socket> make_socket(const std::shared_ptr<srv::nsp>& n, value auth);
  void give_up_waiting();

  std::shared_ptr<const peer_rules> rules_;
  std::shared_ptr<srv::link> link_;
  sio::handshake handshake_;
  incoming decoder_;
  net::timer connect_timer_;
  socket_map joined_;  // by namespace
  std::map<std::string, guest> joining_;
  std::uint64_t last_ticket_ = 0;
};

// ---- bodies

inline void peer::on_message(std::string_view message, bool binary) {
  const auto self = shared_from_this();
  auto p = decoder_.add(message, binary);
  if (decoder_.failed()) return on_wrong_packet(decoder_.error());
  if (p && link_->is_open()) route(std::move(*p));
}

inline void peer::on_wrong_packet(std::string_view error) {
  const std::string what(error);
  for (const auto& [name, s] : socket_map(joined_)) s->tell_error(what);
  (*rules_->log)(log_level::debug, [&] { return "a wrong packet: " + what; });
  link_->close();
}

inline void peer::route(parser::packet&& p) {
  if (p.type == parser::packet_type::connect) return on_connect(std::move(p));
  if (p.type == parser::packet_type::disconnect && joining_.count(p.nsp) != 0) return on_disconnect(p.nsp);
  const auto found = joined_.find(p.nsp);
  if (found == joined_.end() || p.type == parser::packet_type::connect_error) return link_->close();
  if (p.type == parser::packet_type::disconnect) return on_disconnect(p.nsp);
  const std::shared_ptr<socket> s = found->second;
  s->receive(std::move(p));
}

inline void peer::on_disconnect(const std::string& nsp) {
  if (const auto found = joining_.find(nsp); found != joining_.end()) {
    const std::shared_ptr<socket> s = found->second.waiting;
    joining_.erase(found);
    return s ? s->turn_away() : void();
  }
  const std::shared_ptr<socket> s = joined_.at(nsp);
  s->end(reason::client_namespace_disconnect, {});
}

// A second CONNECT for a namespace, even while the middlewares still think about the first, is a wrong packet.
inline void peer::on_connect(parser::packet&& p) {
  if (joined_.count(p.nsp) != 0 || joining_.count(p.nsp) != 0) return link_->close();
  if (joined_.size() + joining_.size() >= rules_->max_namespaces)
    return refuse(p.nsp, connect_error("too many namespaces"));
  value auth = p.data ? std::move(*p.data) : value(object());
  if (const auto n = rules_->find_nsp(p.nsp)) return join(n, std::move(auth));
  const std::uint64_t ticket = ++last_ticket_;
  joining_[p.nsp] = {nullptr, ticket};
  rules_->search_nsp(p.nsp, auth, [weak = weak_from_this(), name = p.nsp, ticket, auth](const auto& n) {
    if (const auto self = weak.lock()) self->on_found(name, ticket, n, auth);
  });
}

inline void peer::on_found(const std::string& name, std::uint64_t ticket, const std::shared_ptr<srv::nsp>& n,
                           value auth) {
  const auto found = joining_.find(name);
  if (found == joining_.end() || found->second.ticket != ticket) return;  // it left in the meantime
  joining_.erase(found);
  if (!link_->is_open()) return;
  n ? join(n, std::move(auth)) : refuse(name, connect_error("Invalid namespace"));
}

inline void peer::join(const std::shared_ptr<srv::nsp>& n, value auth) {
  const auto s = make_socket(n, std::move(auth));
  joining_[n->name()] = {s, ++last_ticket_};
  n->admit(s, [weak = weak_from_this(), n, s](const std::optional<connect_error>& refusal) {
    if (const auto self = weak.lock()) self->on_admitted(n, s, refusal);
  });
}

inline std::shared_ptr<socket> peer::make_socket(const std::shared_ptr<srv::nsp>& n, value auth) {
  sio::handshake shake = handshake_;
  shake.auth = std::move(auth);
  const std::shared_ptr<sio::adapter> adapter(n, &n->adapter());
  surroundings where{
      link_->loop().shared_from_this(), n->audience(), adapter, link_, weak_from_this(), rules_->log, n, n->place()};
  return std::make_shared<socket>(net::random_id(), std::move(shake), std::move(where));
}

inline void peer::on_admitted(const std::shared_ptr<srv::nsp>& n, const std::shared_ptr<socket>& s,
                              const std::optional<connect_error>& refusal) {
  const auto found = joining_.find(n->name());
  if (found == joining_.end() || found->second.waiting != s) return;  // it left, or its connection did, in the meantime
  joining_.erase(found);
  if (refusal || !link_->is_open()) {
    s->turn_away();
    if (refusal) refuse(n->name(), *refusal);
    return;
  }
  connect_timer_.cancel();
  joined_[n->name()] = s;
  n->take_in(s);
}

inline void peer::refuse(const std::string& nsp, const connect_error& why) {
  send_packet(*link_, rules_->codec->connect_error(nsp, why.message(), why.data()));
}

inline void peer::on_left(const std::string& nsp) { joined_.erase(nsp); }

inline void peer::disconnect_all() {
  const auto self = shared_from_this();
  for (const auto& [name, s] : socket_map(joined_)) s->disconnect(false);
  link_->close();
}

inline void peer::on_closed(reason why, std::string_view description) {
  connect_timer_.cancel();
  const std::string said(description);
  for (const auto& [name, g] : std::exchange(joining_, {}))
    if (g.waiting) g.waiting->turn_away();
  for (const auto& [name, s] : socket_map(joined_)) s->end(why, said);
}

inline void peer::on_dropped() noexcept {
  connect_timer_.cancel();
  for (const auto& [name, g] : std::exchange(joining_, {}))
    if (g.waiting) g.waiting->drop();
  for (const auto& [name, s] : std::exchange(joined_, {})) s->drop();
}

inline void peer::give_up_waiting() {
  if (joined_.empty()) link_->close();
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
