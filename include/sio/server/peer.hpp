// One client over all its namespaces (JS: Client): its packets go to its sockets.
#pragma once

#include <sio/ends/incoming.hpp>
#include <sio/net/random.hpp>
#include <sio/parser/packet.hpp>
#include <sio/server/memberships.hpp>
#include <sio/server/nsp.hpp>
#include <sio/server/old_client.hpp>
#include <sio/server/peer_rules.hpp>
#include <sio/server/twin.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

class peer final : public link_user, public socket_owner, public std::enable_shared_from_this<peer> {
 public:
  peer(std::shared_ptr<const peer_rules> rules, std::shared_ptr<srv::link> l, sio::handshake shake)
      : rules_(std::move(rules)), link_(std::move(l)), handshake_(std::move(shake)), decoder_(*rules_->codec),
        connect_timer_(link_->loop().timers(), [this] { give_up_waiting(); }) {
    connect_timer_.expires_at(link_->loop().now() + rules_->connect_timeout);
  }

  /// A v2 client is in the main namespace without asking.
  void join_main() {
    if (link_->is_open()) on_connect({});
  }

  void on_message(std::string_view message, bool binary) override;
  void on_water(bool high) override;
  void on_retired(reason why) override;
  void on_closed(reason why, std::string_view description) override;
  void on_dropped() noexcept override;
  void on_left(const std::string& nsp) override;
  void disconnect_all() override;

 private:
  bool old() const noexcept { return link_->protocol() == eio::protocol::v3; }
  void route(parser::packet&& p);
  void on_connect(parser::packet&& p);
  void search(const std::string& name, const value& auth);
  void on_found(const std::string& name, std::uint64_t ticket, const std::shared_ptr<srv::nsp>& n, value auth);
  void join(const std::shared_ptr<srv::nsp>& n, value auth);
  void on_admitted(const std::shared_ptr<srv::nsp>& n, const std::shared_ptr<socket>& s,
                   const std::optional<connect_error>& refusal);
  void on_wrong_packet(std::string_view error);
  void refuse(const std::string& nsp, const connect_error& why);
  void refuse(const std::string& nsp, std::string_view message);
  void bring_back(const std::shared_ptr<srv::nsp>& n, value auth, const recovery_claim& claim);
  void on_restored(const std::shared_ptr<srv::nsp>& n, value auth, recovery_claim claim,
                   std::optional<restored_session> found);
  void catch_up(const std::shared_ptr<srv::nsp>& n, const std::shared_ptr<socket>& s);
  void enter(const std::shared_ptr<srv::nsp>& n, const std::shared_ptr<socket>& s);
  void let_in(const std::shared_ptr<srv::nsp>& n, const std::shared_ptr<socket>& s);
  std::shared_ptr<socket> make_socket(const std::shared_ptr<srv::nsp>& n, value auth, std::string id,
                                      std::unique_ptr<recoverable> r);
  void give_up_waiting();

  std::shared_ptr<const peer_rules> rules_;
  std::shared_ptr<srv::link> link_;
  sio::handshake handshake_;
  ends::incoming decoder_;
  net::timer connect_timer_;
  memberships places_;
};

// ---- bodies

inline void peer::on_message(std::string_view message, bool binary) {
  const auto self = shared_from_this();
  auto p = decoder_.add(message, binary);
  if (decoder_.failed()) return on_wrong_packet(decoder_.error());
  if (p && link_->is_open()) route(std::move(*p));
}

inline void peer::on_water(bool high) {
  for (const auto& [name, s] : places_.all()) s->on_water(high);
}

inline void peer::on_wrong_packet(std::string_view error) {
  rules_->log->count(refusal::bad_packet);
  const std::string what(error);
  for (const auto& [name, s] : places_.all()) s->tell_error(what);
  (*rules_->log)(log_level::debug, [&] { return "a wrong packet: " + what; });
  link_->close();
}

inline void peer::route(parser::packet&& p) {
  if (old()) old_client::split_name(p);
  if (p.type == parser::packet_type::connect) return on_connect(std::move(p));
  const bool leaves = p.type == parser::packet_type::disconnect;
  if (leaves && places_.give_up(p.nsp)) return;
  if (leaves && places_.enters(p.nsp)) {
    const std::shared_ptr<socket> entered = places_.turn_back(p.nsp);
    return entered ? entered->turn_away() : void();
  }
  const std::shared_ptr<socket> s = places_.at(p.nsp);
  if (!s || p.type == parser::packet_type::connect_error) return link_->close();
  leaves ? s->end(reason::client_namespace_disconnect, {}) : s->receive(std::move(p));
}

// A second CONNECT for a namespace, even while the middlewares still think about the first, is a wrong packet.
inline void peer::on_connect(parser::packet&& p) {
  if (places_.has(p.nsp)) return link_->close();
  if (p.nsp.size() > rules_->max_namespace_length) return on_wrong_packet("invalid namespace");
  if (places_.size() >= rules_->max_namespaces) return refuse(p.nsp, "too many namespaces");
  value auth = p.data ? std::move(*p.data) : value(object());
  const std::shared_ptr<srv::nsp> n = rules_->find_nsp(p.nsp);
  n ? join(n, std::move(auth)) : search(p.nsp, auth);
}

inline void peer::search(const std::string& name, const value& auth) {
  const std::uint64_t ticket = places_.search(name);
  rules_->search_nsp(name, auth, [weak = weak_from_this(), name, ticket, auth](const auto& n) {
    if (const auto self = weak.lock()) self->on_found(name, ticket, n, auth);
  });
}

inline void peer::on_found(const std::string& name, std::uint64_t ticket, const std::shared_ptr<srv::nsp>& n,
                           value auth) {
  if (!places_.found(name, ticket) || !link_->is_open()) return;  // it left in the meantime
  n ? join(n, std::move(auth)) : refuse(name, "Invalid namespace");
}

inline void peer::join(const std::shared_ptr<srv::nsp>& n, value auth) {
  if (old()) return enter(n, make_socket(n, std::move(auth), old_client::socket_id(n->name(), link_->sid()), nullptr));
  if (!n->recovers()) return enter(n, make_socket(n, std::move(auth), net::random_id(), nullptr));
  if (const auto claim = claim_of(auth)) return bring_back(n, std::move(auth), *claim);
  enter(n, make_socket(n, std::move(auth), net::random_id(), make_recoverable()));
}

inline void peer::enter(const std::shared_ptr<srv::nsp>& n, const std::shared_ptr<socket>& s) {
  places_.enter(n->name(), s);
  n->admit(s, [weak = weak_from_this(), n, s](const std::optional<connect_error>& refusal) {
    if (const auto self = weak.lock()) self->on_admitted(n, s, refusal);
  });
}

inline std::shared_ptr<socket> peer::make_socket(const std::shared_ptr<srv::nsp>& n, value auth, std::string id,
                                                 std::unique_ptr<recoverable> r) {
  sio::handshake shake = handshake_;
  shake.auth = std::move(auth);
  const std::shared_ptr<sio::adapter> adapter(n, &n->adapter());
  surroundings where{
      link_->loop().shared_from_this(), n->audience(), adapter, link_, weak_from_this(), rules_->log, n, n->place()};
  return std::make_shared<socket>(std::move(id), std::move(shake), std::move(where), std::move(r));
}

// ---- a client that comes back

inline void peer::bring_back(const std::shared_ptr<srv::nsp>& n, value auth, const recovery_claim& claim) {
  places_.enter(n->name(), nullptr);
  end_twin(*n->audience(), claim.pid);
  n->adapter().restore_session(
      claim.pid, claim.offset,
      [weak = weak_from_this(), n, auth = std::move(auth), claim](std::optional<restored_session> found) {
        const auto self = weak.lock();
        if (self && self->places_.enters(n->name(), nullptr))
          return self->on_restored(n, auth, claim, std::move(found));
        if (found) n->adapter().persist_session(std::move(found->session));  // it left in the meantime
      });
}

inline void peer::on_restored(const std::shared_ptr<srv::nsp>& n, value auth, recovery_claim claim,
                              std::optional<restored_session> found) {
  auto r = make_recoverable();
  if (!found) return enter(n, make_socket(n, std::move(auth), net::random_id(), std::move(r)));
  session_record& session = found->session;
  r->claim = std::move(claim);
  r->recovered = true;
  if (session.local) r->data = std::move(session.local);
  const auto s = make_socket(n, std::move(auth), session.id, std::move(r));
  auto& rooms = session.rooms;
  rooms.erase(std::remove(rooms.begin(), rooms.end(), session.id), rooms.end());  // it comes there when it is welcome
  s->where().adapter->add_all(*s, rooms);
  s->recoverable()->missed = std::move(found->missed);
  enter(n, s);
}

// What was sent while the middlewares thought about it is missed, too.
inline void peer::catch_up(const std::shared_ptr<srv::nsp>& n, const std::shared_ptr<socket>& s) {
  n->adapter().persist_session(s->describe_session());
  const recovery_claim claim = s->recoverable()->claim;
  n->adapter().restore_session(
      claim.pid, claim.offset, [weak = weak_from_this(), n, s](std::optional<restored_session> found) {
        const auto self = weak.lock();
        const bool joins = self && self->places_.enters(n->name(), s) && self->link_->is_open();
        if (found && !joins) return n->adapter().persist_session(std::move(found->session));
        if (!joins) return;
        if (!found) return self->link_->close();  // too much was sent: the client's next attempt begins anew
        s->recoverable()->missed = std::move(found->missed);
        self->let_in(n, s);
      });
}

// ---- let in or not

inline void peer::on_admitted(const std::shared_ptr<srv::nsp>& n, const std::shared_ptr<socket>& s,
                              const std::optional<connect_error>& refusal) {
  if (!places_.enters(n->name(), s)) return;  // it left, or its connection did, in the meantime
  if (refusal || !link_->is_open()) {
    places_.turn_back(n->name())->turn_away();
    if (refusal) refuse(n->name(), *refusal);
    return;
  }
  s->recovered() && !n->recovered_skip_middlewares() ? catch_up(n, s) : let_in(n, s);
}

inline void peer::let_in(const std::shared_ptr<srv::nsp>& n, const std::shared_ptr<socket>& s) {
  connect_timer_.cancel();
  places_.let_in(n->name(), s);
  n->take_in(s);
}

inline void peer::refuse(const std::string& nsp, const connect_error& why) {
  rules_->log->count(refusal::by_middleware);
  const ends::codec& codec = *rules_->codec;
  ends::send_packet(*link_, old()
                                ? codec.encode(packet_type::connect_error, nsp, std::nullopt, old_client::refusal(why))
                                : codec.connect_error(nsp, why.message(), why.data()));
}

inline void peer::refuse(const std::string& nsp, std::string_view message) {
  rules_->log->count(refusal::invalid_namespace);
  ends::send_packet(*link_, rules_->codec->connect_error(nsp, message, std::nullopt));
}

inline void peer::on_left(const std::string& nsp) { places_.leave(nsp); }

inline void peer::disconnect_all() {
  const auto self = shared_from_this();
  for (const auto& [name, s] : places_.all()) s->disconnect(false);
  link_->close();
}

inline void peer::on_retired(reason why) {
  const auto self = shared_from_this();
  for (const auto& [name, s] : places_.all()) s->end(why, {});
}

inline void peer::on_closed(reason why, std::string_view description) {
  connect_timer_.cancel();
  const std::string said(description);
  for (const auto& [name, s] : places_.turn_all_back())
    if (s) s->turn_away();
  for (const auto& [name, s] : places_.all()) s->end(why, said);
}

inline void peer::on_dropped() noexcept {
  connect_timer_.cancel();
  for (const auto& [name, s] : places_.turn_all_back())
    if (s) s->drop();
  for (const auto& [name, s] : places_.leave_all()) s->drop();
}

inline void peer::give_up_waiting() {
  if (places_.nowhere()) link_->close();
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
