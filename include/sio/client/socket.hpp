// What a `sio::client` stands for: one namespace of a server, on its connection's loop.
#pragma once

#include <sio/client/carrier.hpp>
#include <sio/client/complaints.hpp>
#include <sio/client/handles.hpp>
#include <sio/client/recovery_mark.hpp>
#include <sio/client/sender.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace cln {

class socket final : public std::enable_shared_from_this<socket> {
 public:
  /// `over`: its connection, which it keeps alive.
  static std::shared_ptr<socket> make(ground g, std::shared_ptr<carrier> over, std::string nsp, sio::auth shown);

  handles& counted() noexcept { return handles_; }
  const ground& where() const noexcept { return ground_; }
  const std::shared_ptr<carrier>& over() const noexcept { return carrier_; }
  callbacks& events() noexcept { return *callbacks_; }
  /// For handles: whoever lets go of the last one, it goes on the loop.
  std::shared_ptr<socket> at_home() { return home_.of(shared_from_this(), *ground_.where.loop); }

  // ---- from any thread

  const std::string& nsp() const noexcept { return nsp_; }
  bool connected() const noexcept { return connected_.load(std::memory_order_acquire); }
  bool active() const noexcept { return active_.load(std::memory_order_acquire); }
  std::atomic<unsigned>& asked() noexcept { return asked_; }  ///< calls of `connect` on their way to the loop
  bool recovered() const noexcept { return recovered_.load(std::memory_order_acquire); }
  std::string id() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return id_;
  }
  void emit(const emit_flags& flags, std::string_view event, array arguments, ack_handler done);
  /// Its last handle goes: no further handler begins.
  void hush() noexcept { hushed_.store(true, std::memory_order_release); }
  /// What is left of it, for any thread: see `at_home`.
  static std::shared_ptr<socket> find(const std::weak_ptr<socket>& weak);
  /// From now on it is shown what it emits.
  void watch() noexcept { sender_.watch(); }

  // ---- on the loop: what its user wants

  void connect();
  void disconnect();
  void show(sio::auth shown) { auth_ = std::move(shown); }
  sender& out() noexcept { return sender_; }
  /// No handle is left: it leaves without a word to anybody's code.
  void drop();

  // ---- on the loop: what its connection tells

  void on_open();
  void on_packet(packet&& p);
  /// Connecting came to nothing.
  void on_error(std::string_view message, const std::optional<value>& data);
  void on_close(reason why, std::string_view description);

 private:
  socket(ground g, std::shared_ptr<carrier> over, std::string nsp, sio::auth shown);

  void send_packet(packet_type type, std::optional<value> data = std::nullopt);
  void on_connected(const value& data);
  void on_refused(const std::optional<value>& data);
  void on_event(packet&& p);
  void on_ack(packet&& p);
  void receive(array all, std::optional<std::uint64_t> id);
  sio::ack answer_to(std::uint64_t id);

  void set_id(std::string id);
  void leave();
  void call(std::string event, array arguments) {
    if (!hushed_) callbacks_->call(std::move(event), {std::move(arguments), {}, nullptr, {}});
  }

  ground ground_;
  std::shared_ptr<carrier> carrier_;
  const std::string nsp_;
  sio::auth auth_;
  handles handles_;
  std::shared_ptr<callbacks> callbacks_;
  sender sender_;
  std::vector<packet> early_;  // events that came before CONNECT was answered
  recovery_mark mark_;
  std::uint64_t attempt_ = 0;  // counts the times that it began or ended to connect
  std::atomic<unsigned> asked_{0};
  std::atomic<bool> connected_{false}, active_{false}, recovered_{false}, hushed_{false};
  mutable std::mutex mutex_;  // of the id
  std::string id_;
  home<socket> home_;
};

// ---- bodies

template <class F>
void on_loop(const std::shared_ptr<socket>& s, F f) {
  s->where().where.loop->run([s, f = std::move(f)]() mutable { f(*s); });
}

inline std::shared_ptr<socket> socket::make(ground g, std::shared_ptr<carrier> over, std::string nsp, sio::auth shown) {
  std::shared_ptr<socket> made(new socket(std::move(g), std::move(over), std::move(nsp), std::move(shown)));
  const auto handle = [weak = made->weak_from_this()]() -> std::optional<sio::client> {
    if (auto self = find(weak)) return sio::client(std::move(self), false);
    return std::nullopt;
  };
  made->callbacks_ = std::make_shared<callbacks>(made->ground_.where, made->nsp_, handle);
  made->sender_.belong(made, made->callbacks_);
  return made;
}

inline std::shared_ptr<socket> socket::find(const std::weak_ptr<socket>& weak) {
  const auto self = weak.lock();
  return self ? self->at_home() : nullptr;
}

inline socket::socket(ground g, std::shared_ptr<carrier> over, std::string nsp, sio::auth shown)
    : ground_(std::move(g)), carrier_(std::move(over)), nsp_(std::move(nsp)), auth_(std::move(shown)),
      sender_(ground_, *carrier_, nsp_, connected_) {}

// ---- connecting

inline void socket::connect() {
  if (connected() || hushed_) return;
  const bool waits = active_.exchange(true);
  carrier_->want(*this, waits);
}

// The server's answer, and what the user's callable replies, may come when all this is over.
inline void socket::on_open() {
  const std::uint64_t attempt = ++attempt_;
  const auto reply = [weak = weak_from_this(), attempt](const value& shown) {
    const auto self = find(weak);
    if (!self) return;
    on_loop(self, [attempt, shown](socket& s) {
      if (s.attempt_ != attempt) return;
      ++s.attempt_;
      s.send_packet(packet_type::connect, s.mark_.payload(shown));
    });
  };
  ground_.where.mailbox->run([self = at_home(), ask = auth_, reply] {
    const auto why_not =
        events::run_user_code([&]() -> std::optional<std::string> { return ask(reply), std::nullopt; });
    if (why_not) self->callbacks_->report("auth: " + *why_not);
  });
}

inline void socket::send_packet(packet_type type, std::optional<value> data) {
  const auto why_not = events::run_user_code([&]() -> std::optional<std::string> {
    carrier_->send(ground_.codec->encode(type, nsp_, std::nullopt, std::move(data)), true);
    return std::nullopt;
  });
  if (why_not) callbacks_->report(*why_not);
}

inline void socket::disconnect() {
  const auto self = shared_from_this();
  const bool was_connected = connected();
  if (was_connected) send_packet(packet_type::disconnect);
  leave();
  if (was_connected) on_close(reason::io_client_disconnect, {});
}

inline void socket::leave() {
  ++attempt_;
  if (active_.exchange(false)) carrier_->leave();
}

inline void socket::drop() {
  const auto self = shared_from_this();
  if (connected()) send_packet(packet_type::disconnect);
  callbacks_->clear();
  connected_.store(false, std::memory_order_release);
  set_id({});
  leave();
  sender_.drop();
  early_.clear();
  auth_ = {};
}

inline void socket::on_error(std::string_view message, const std::optional<value>& data) {
  if (connected()) return;
  array what{value(message)};
  if (data) what.push_back(*data);
  call("connect_error", std::move(what));
}

inline void socket::on_close(reason why, std::string_view description) {
  ++attempt_;
  early_.clear();
  if (!connected_.exchange(false)) return;
  const auto self = shared_from_this();
  set_id({});
  array what{value(to_string(why))};
  if (!description.empty()) what.emplace_back(description);
  call("disconnect", std::move(what));
  sender_.disconnected();
}

inline void socket::set_id(std::string id) {
  const std::lock_guard<std::mutex> lock(mutex_);
  id_.swap(id);
}

// ---- packets

inline void socket::on_packet(packet&& p) {
  if (hushed_.load(std::memory_order_acquire)) return;
  const auto self = shared_from_this();
  switch (p.type) {
    case packet_type::connect: return on_connected(p.data.value_or(value()));
    case packet_type::connect_error: return on_refused(p.data);
    case packet_type::disconnect: leave(); return on_close(reason::io_server_disconnect, {});
    case packet_type::ack: return on_ack(std::move(p));
    default: return on_event(std::move(p));
  }
}

// Every step may run code of the user's that ends the connection.
inline void socket::on_connected(const value& data) {
  if (connected()) return;
  const std::string* sid = data["sid"].if_string();
  if (!sid || sid->empty()) return on_error(v2_server, std::nullopt);
  recovered_.store(mark_.accept(data), std::memory_order_release);
  set_id(*sid);
  connected_.store(true, std::memory_order_release);
  const std::uint64_t attempt = ++attempt_;
  for (packet& p : std::exchange(early_, {}))
    if (attempt == attempt_) on_event(std::move(p));
  if (attempt == attempt_) sender_.connected();
  if (attempt == attempt_) call("connect", {});
}

// It is not tried again by itself.
inline void socket::on_refused(const std::optional<value>& data) {
  if (connected()) return;
  leave();
  const complaint why(data.value_or(value()));
  on_error(why.message, why.data);
}

inline void socket::on_event(packet&& p) {
  if (!connected()) {
    if (early_.size() < ground_.options->max_offline_events) return early_.push_back(std::move(p));
    return callbacks_->report("an event was dropped: too many came before the server let this client in");
  }
  array* all = p.data ? p.data->if_array() : nullptr;
  if (all && !all->empty()) receive(std::move(*all), p.id);
}

// ["move",{"x":1}]: the name, then the arguments; from a server that recovers connections the last is an offset.
inline void socket::receive(array all, std::optional<std::uint64_t> id) {
  mark_.pass(all);
  std::string name = all.front().is_string() ? std::move(*all.front().if_string())
                                             : std::to_string(all.front().if_number().value_or(0));
  all.erase(all.begin());
  callbacks_->receive(std::move(name), {std::move(all), id ? answer_to(*id) : sio::ack(), nullptr, {}});
}

inline void socket::on_ack(packet&& p) {
  if (!p.id) return;
  array arguments;
  if (p.data && p.data->if_array()) arguments = std::move(*p.data->if_array());
  sender_.answer(*p.id, std::move(arguments));
}

inline sio::ack socket::answer_to(std::uint64_t id) {
  return sio::ack([weak = weak_from_this(), id](const array& arguments) {
    const auto self = find(weak);
    if (!self) return;
    on_loop(self, [packet = self->ground_.codec->ack(self->nsp_, id, arguments)](socket& s) {
      if (s.connected()) s.carrier_->send(packet, true);
    });
  });
}

// ---- events out

inline void socket::emit(const emit_flags& flags, std::string_view event, array arguments, ack_handler done) {
  sio::detail::check_event_name(event);
  auto step = sender_.prepare(flags, event, std::move(arguments), std::move(done));
  on_loop(shared_from_this(), [step = std::move(step)](socket& s) mutable { s.sender_.start(std::move(step)); });
}

}  // namespace cln
}  // namespace SIO_ABI
}  // namespace sio
