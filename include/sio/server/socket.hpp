// What a `sio::socket` stands for: one client in one namespace, on its loop.
#pragma once

#include <sio/events/acks.hpp>
#include <sio/events/listeners.hpp>
#include <sio/parser/packet.hpp>
#include <sio/server/audience.hpp>
#include <sio/server/link.hpp>
#include <sio/server/log.hpp>
#include <sio/socket.hpp>

#include <algorithm>
#include <any>
#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

class socket;

/// Who is told when a socket leaves, and can take all sockets of a connection along.
class socket_owner {
 public:
  virtual ~socket_owner() = default;
  virtual void on_left(const std::string& nsp) = 0;
  virtual void disconnect_all() = 0;
};

/// What a socket needs of its surroundings.
struct surroundings {
  std::shared_ptr<net::loop> loop;
  std::shared_ptr<srv::audience> audience;
  std::shared_ptr<srv::link> link;
  std::weak_ptr<socket_owner> owner;
  std::shared_ptr<const srv::log> log;
  std::shared_ptr<srv::nsp> nsp;
};

/// Throws where JS does: these names are the library's own.
inline void check_event_name(std::string_view event) {
  if (parser::reserved_event(event))
    throw std::invalid_argument("\"" + std::string(event) + "\" is a reserved event name");
}

class socket final : public receiver, public std::enable_shared_from_this<socket> {
 public:
  socket(std::string id, sio::handshake shake, surroundings where)
      : id_(std::move(id)), handshake_(std::move(shake)), where_(std::move(where)) {}

  const std::string& id() const noexcept { return id_; }
  const sio::handshake& handshake() const noexcept { return handshake_; }
  const surroundings& where() const noexcept { return where_; }
  bool connected() const noexcept { return connected_.load(std::memory_order_acquire); }
  std::any& data() noexcept { return data_; }

  // ---- from any thread

  void emit(const emit_flags& flags, std::string_view event, const array& arguments, ack_handler done);
  void add_listener(std::string event, listener_id id, handler run, bool once);
  void off(std::optional<std::string> event, std::optional<listener_id> id);
  void join(std::vector<std::string> rooms);
  void leave(std::string room);
  void disconnect(bool close);

  // ---- on the loop

  /// The namespace took it in: it is connected, in the room of its own id, and its client is told.
  void welcome();
  /// An event or an acknowledgement from its client.
  void receive(parser::packet&& p);
  /// It is out of the namespace, for this reason; harmless if it is out already.
  void end(reason why, std::string_view description);
  /// The same without a word to anybody's code.
  void drop() noexcept;
  /// Tells the "error" listeners, or the log if there are none.
  void report(std::string_view what);
  bool tell_error(std::string_view what);
  std::vector<std::string> rooms() const { return where_.audience->rooms().of(*this); }

  void deliver(const parser::encoded& packet, bool is_volatile) override;

 private:
  void call(std::string_view event, event_call& what);
  void call(std::string_view event, reason why, std::string_view description);
  void on_event(parser::packet&& p);
  void on_answer(std::uint64_t id, error_code ec, array arguments);
  void wait_for_answer(std::uint64_t id, const emit_flags& flags, ack_handler done);
  void answer(ack_handler& done, error_code ec, array arguments);
  void answer_later(ack_handler done, error_code ec);
  sio::ack answer_to(std::uint64_t id);
  void expire();

  std::string id_;
  sio::handshake handshake_;
  surroundings where_;
  events::listeners listeners_;
  events::acks acks_;
  std::optional<net::timer> ack_timer_;
  std::any data_;
  std::atomic<bool> connected_{false};
  bool left_ = false;
};

// ---- bodies

template <class F>
void on_loop(const std::shared_ptr<socket>& s, F f) {
  s->where().loop->run([s, f = std::move(f)]() mutable { f(*s); });
}

inline void socket::emit(const emit_flags& flags, std::string_view event, const array& arguments, ack_handler done) {
  check_event_name(event);
  std::optional<std::uint64_t> id;
  if (done) id = where_.audience->next_ack_id();
  parser::encoded packet = where_.audience->codec().event(where_.audience->nsp(), id, event, arguments);
  on_loop(shared_from_this(), [packet = std::move(packet), id, flags, done = std::move(done)](socket& s) mutable {
    if (id && !s.connected()) return s.answer_later(std::move(done), errc::disconnected);
    if (id) s.wait_for_answer(*id, flags, std::move(done));
    s.deliver(packet, flags.is_volatile);
  });
}

inline void socket::add_listener(std::string event, listener_id id, handler run, bool once) {
  on_loop(shared_from_this(), [event = std::move(event), id, run = std::move(run), once](socket& s) mutable {
    if (!s.left_) s.listeners_.add(event, id, std::move(run), once);
  });
}

inline void socket::off(std::optional<std::string> event, std::optional<listener_id> id) {
  on_loop(shared_from_this(), [event = std::move(event), id](socket& s) {
    if (!event) return s.listeners_.clear();
    id ? s.listeners_.remove(*event, *id) : s.listeners_.remove(*event);
  });
}

inline void socket::join(std::vector<std::string> rooms) {
  on_loop(shared_from_this(), [rooms = std::move(rooms)](socket& s) {
    if (s.left_) return;
    for (const std::string& room : rooms) s.where_.audience->rooms().join(s, room);
  });
}

inline void socket::leave(std::string room) {
  on_loop(shared_from_this(), [room = std::move(room)](socket& s) { s.where_.audience->rooms().leave(s, room); });
}

inline void socket::disconnect(bool close) {
  on_loop(shared_from_this(), [close](socket& s) {
    if (!s.connected()) return;
    const auto owner = s.where_.owner.lock();
    if (close && owner) return owner->disconnect_all();
    send_packet(*s.where_.link, s.where_.audience->codec().disconnect(s.where_.audience->nsp()));
    s.end(reason::server_namespace_disconnect, {});
  });
}

inline void socket::welcome() {
  connected_.store(true, std::memory_order_release);
  where_.audience->enter(*this);
  where_.audience->rooms().join(*this, id_);
  send_packet(*where_.link, where_.audience->codec().connect(where_.audience->nsp(), id_));
}

inline void socket::deliver(const parser::encoded& packet, bool is_volatile) {
  if (!connected() || (is_volatile && !where_.link->writable())) return;
  send_packet(*where_.link, packet);
}

inline void socket::receive(parser::packet&& p) {
  if (p.type == parser::packet_type::event) return on_event(std::move(p));
  if (!p.id) return;
  array arguments;
  if (p.data && p.data->if_array()) arguments = std::move(*p.data->if_array());
  on_answer(*p.id, {}, std::move(arguments));
}

// ["move",{"x":1}]: the name, then the arguments. An event without a name means nothing.
inline void socket::on_event(parser::packet&& p) {
  array* all = p.data ? p.data->if_array() : nullptr;
  if (!all || all->empty()) return;
  const std::string name = all->front().is_string() ? std::move(*all->front().if_string())
                                                    : std::to_string(all->front().if_number().value_or(0));
  all->erase(all->begin());
  event_call what{std::move(*all), p.id ? answer_to(*p.id) : sio::ack(), nullptr};
  call(name, what);
}

inline void socket::call(std::string_view event, event_call& what) {
  const sio::socket self(shared_from_this());
  what.self = &self;
  listeners_.call(event, what, [&](const std::string& why) {
    const std::string line = std::string(event) + ": " + why;
    event == "error" ? (*where_.log)(log_level::warning, line) : report(line);
  });
  what.self = nullptr;
}

inline void socket::call(std::string_view event, reason why, std::string_view description) {
  event_call what{{to_string(why)}, {}, nullptr};
  if (!description.empty()) what.args.emplace_back(description);
  call(event, what);
}

inline sio::ack socket::answer_to(std::uint64_t id) {
  return sio::ack([self = shared_from_this(), id](const array& arguments) {
    on_loop(self, [packet = self->where_.audience->codec().ack(self->where_.audience->nsp(), id, arguments)](
                      socket& s) { s.deliver(packet, false); });
  });
}

// A year is for ever: what is added to now has a bound.
inline net::time_point in(const net::loop& l, std::chrono::milliseconds time) {
  using std::chrono::milliseconds;
  return l.now() + std::clamp(time, milliseconds(0), milliseconds(std::chrono::hours(24 * 365)));
}

inline void socket::wait_for_answer(std::uint64_t id, const emit_flags& flags, ack_handler done) {
  acks_.add(id, std::move(done), flags.timeout ? in(*where_.loop, *flags.timeout) : net::time_point::max());
  if (!flags.timeout) return;
  if (!ack_timer_) ack_timer_.emplace(where_.loop->timers(), [this] { expire(); });
  ack_timer_->expires_at(acks_.deadline());
}

inline void socket::expire() {
  const auto self = shared_from_this();
  while (auto done = acks_.take_due(where_.loop->now())) answer(*done, errc::timed_out, {});
  if (ack_timer_) ack_timer_->expires_at(acks_.deadline());
}

inline void socket::on_answer(std::uint64_t id, error_code ec, array arguments) {
  if (auto done = acks_.take(id)) answer(*done, ec, std::move(arguments));
}

inline void socket::answer(ack_handler& done, error_code ec, array arguments) {
  const auto why_not = events::run_user_code([&] { return done(ec, arguments); });
  if (why_not) report("acknowledgement: " + *why_not);
}

// Not at once: a lambda that asks again when nobody answers would call itself without end.
inline void socket::answer_later(ack_handler done, error_code ec) {
  where_.loop->post([self = shared_from_this(), done = std::move(done), ec]() mutable { self->answer(done, ec, {}); });
}

inline void socket::report(std::string_view what) {
  if (!tell_error(what)) (*where_.log)(log_level::warning, where_.audience->nsp() + ": " + std::string(what));
}

inline bool socket::tell_error(std::string_view what) {
  if (!listeners_.has("error")) return false;
  event_call error{array{value(what)}, {}, nullptr};
  call("error", error);
  return true;
}

inline void socket::end(reason why, std::string_view description) {
  if (std::exchange(left_, true)) return;
  const auto self = shared_from_this();
  const bool was_connected = connected();
  if (was_connected) call("disconnecting", why, description);
  where_.audience->leave(*this);
  connected_.store(false, std::memory_order_release);
  if (const auto owner = where_.owner.lock()) owner->on_left(where_.audience->nsp());
  if (was_connected) call("disconnect", why, description);
  listeners_.clear();
  if (ack_timer_) ack_timer_->cancel();  // it stays: it may be what rings right now
  while (auto done = acks_.take_any()) answer(*done, errc::disconnected, {});
}

inline void socket::drop() noexcept {
  left_ = true;
  connected_.store(false, std::memory_order_release);
  where_.audience->leave(*this);
  listeners_.clear();
  if (ack_timer_) ack_timer_->cancel();
  std::exchange(acks_, {});
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
