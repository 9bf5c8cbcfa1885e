// One client in one namespace, as the server sees it.
#pragma once

#include <sio/broadcast.hpp>
#include <sio/catch_all.hpp>
#include <sio/completion.hpp>
#include <sio/error.hpp>
#include <sio/middleware.hpp>
#include <sio/options.hpp>
#include <sio/socket_data.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {

namespace srv {
class socket;
}

class nsp;
class flagged_socket;

/// A handle: copy it freely, keep it as long as you like. Once the client is gone, what does something does nothing,
/// and what asks answers with what was. Calls that do something may be made from any thread; a socket's handlers run
/// one at a time, in order, on its server's loop. All listeners of a socket are dropped after "disconnect" was
/// handled, so that a lambda that captures its socket leaks nothing.
///
/// Events of its own: "disconnecting" (reason, description; still in its rooms), "disconnect" (reason, description),
/// and "error" (a sentence: a handler threw, or arguments did not fit one).
class socket : public emitter<socket>, public catch_all<socket> {
  template <class Signature, class... A>
  using asked = detail::asked_t<socket, detail::ack_completion<Signature>, A...>;

 public:
  socket() = default;

  /// 20 characters; not the id of the connection, and known to nobody else (JS: `socket.id`).
  const std::string& id() const noexcept;
  /// From the CONNECT packet until "disconnect".
  bool connected() const noexcept;
  /// Whether it went on where it was before its connection broke: the same id, rooms and `data`, and its client has
  /// what it missed. See `server_options::connection_state_recovery`.
  bool recovered() const noexcept;
  const sio::handshake& handshake() const noexcept;
  /// The namespace that it is in.
  sio::nsp nsp() const;
  /// What carries it now. For handlers: throws `std::logic_error` on a thread other than the loop's.
  sio::transport transport() const;

  // ---- events

  /// Sends an event. A lambda as the last argument receives the acknowledgement: `[](int answer)`, or
  /// `[](error_code ec, int answer)`, which also hears that none came. Throws `std::invalid_argument` for a reserved
  /// event name.
  template <class... A>
  void emit(std::string_view event, A&&... a) const {
    emit_with(emit_flags{}, event, std::forward<A>(a)...);
  }
  /// The same with a list whose elements are the event's arguments.
  void emit_array(std::string_view event, array arguments) const {
    emit_array(emit_flags{}, event, std::move(arguments), {});
  }
  /// `emit("message", …)`.
  template <class... A>
  void send(A&&... a) const {
    emit("message", std::forward<A>(a)...);
  }
  /// Sends an event and completes with its acknowledgement, as `void(error_code, R…)`: the last argument is a
  /// completion token of Asio's. `R…` are the types of the acknowledgement's arguments: none, if they do not matter. In
  /// C++20 the token may be left out: `int n = co_await s.emit_with_ack<int>("question", 6, 7);`. Without `timeout` it
  /// waits until the socket leaves. Errors: `errc::timed_out`, `disconnected`, `unexpected_answer`.
  template <class... R, class... A>
  auto emit_with_ack(std::string_view event, A&&... a) const -> asked<void(error_code, R...), A...> {
    return ask<void(error_code, R...)>(emit_flags{}, event, std::forward<A>(a)...);
  }
  /// The next emit's acknowledgement must come within `d`.
  flagged_socket timeout(std::chrono::milliseconds d) const;
  /// The next emit is dropped if it could not leave at once.
  flagged_socket volatile_() const;
  /// Whether the next emit may be compressed, where the connection can; it may, unless told otherwise.
  flagged_socket compress(bool on) const;

  /// Asks `f(event, arguments)` or `f(event, arguments, next)` about each event that arrives, in the order of these
  /// calls; `sio::array&` lets it change the arguments. What it throws or gives to `next` is told to "error" (message,
  /// and data if there is some), and the event goes no further; the connection stays. Events do not wait for each
  /// other: what goes on late is handled late, as in JS.
  template <class F>
  const socket& use(F&& f) const {
    add_middleware(detail::make_event_middleware(std::decay_t<F>(std::forward<F>(f))));
    return *this;
  }

  /// Removes all listeners of an event, or one of them.
  void off(std::string_view event) const;
  void off(std::string_view event, listener_id id) const;
  /// Removes all listeners.
  void off() const;

  // ---- what waits for a client that reads slowly

  /// Bytes that wait for its connection, of all its namespaces together. For handlers: throws `std::logic_error` on a
  /// thread other than the loop's.
  std::size_t buffered_bytes() const;
  /// Calls `f` whenever more than `server_options::high_water` bytes wait, and after that when no more than
  /// `low_water` do.
  void on_high_water(std::function<void()> f) const { add_water_listener(true, std::move(f)); }
  void on_low_water(std::function<void()> f) const { add_water_listener(false, std::move(f)); }
  /// Completes, as `void(error_code)`, when it is time to send more: at once unless the water is high, else when it is
  /// low; with `errc::disconnected` if the socket leaves: `co_await s.drained(asio::use_awaitable)`.
  template <class Token>
  auto drained(Token&& token) const {
    return asio::async_initiate<Token, void(error_code)>(detail::drain_initiation<socket>(*this), token);
  }

  // ---- rooms

  void join(const room_list& rooms) const;
  void leave(std::string_view room) const;
  /// Its rooms, its own id among them. For handlers: throws `std::logic_error` on a thread other than the loop's.
  std::vector<std::string> rooms() const;
  /// To the others of those rooms.
  sio::broadcast to(const room_list& rooms) const { return broadcast().to(rooms); }
  sio::broadcast in(const room_list& rooms) const { return broadcast().to(rooms); }
  /// To the others, less those in these rooms.
  sio::broadcast except(const room_list& rooms) const { return broadcast().except(rooms); }
  /// To all others in the namespace.
  sio::broadcast broadcast() const;
  /// To all others in the namespace that are on this server.
  sio::broadcast local() const { return broadcast().local(); }

  // ---- the rest

  /// Leaves the namespace; with `close`, ends the whole connection.
  void disconnect(bool close = false) const;

  /// A `T` of yours that lives with the socket; made when first asked for. For handlers, like any variable of yours.
  /// `fetch_sockets` shows it to others if a `T` can travel in an event.
  template <class T>
  T& data() const {
    return data_slot().as<T>();
  }

  /// Where its handlers run. Empty once the server has ended.
  asio::any_io_executor get_executor() const;

  explicit operator bool() const noexcept { return impl_ != nullptr; }
  friend bool operator==(const socket& a, const socket& b) noexcept { return a.impl_ == b.impl_; }
  friend bool operator!=(const socket& a, const socket& b) noexcept { return a.impl_ != b.impl_; }

  /// For the library: the handle of what it stands for.
  explicit socket(std::shared_ptr<srv::socket> impl) noexcept : impl_(std::move(impl)) {}
  const std::shared_ptr<srv::socket>& impl() const noexcept { return impl_; }

 private:
  friend class emitter<socket>;
  friend class catch_all<socket>;
  friend class flagged_socket;
  friend class detail::drain_initiation<socket>;
  template <class To, class Completion>
  friend class detail::ack_initiation;

  template <class... A>
  void emit_with(const emit_flags& flags, std::string_view event, A&&... a) const {
    detail::with_arguments(
        [&](array arguments, ack_handler done) { emit_array(flags, event, std::move(arguments), std::move(done)); },
        std::forward<A>(a)...);
  }
  template <class Signature, class... A>
  auto ask(const emit_flags& flags, std::string_view event, A&&... a) const -> asked<Signature, A...> {
    return detail::ask<detail::ack_completion<Signature>>(*this, flags, event, std::forward<A>(a)...);
  }
  void emit_array(const emit_flags& flags, std::string_view event, array arguments, ack_handler done) const;
  listener_id add_listener(std::string_view event, handler run, bool once) const;
  listener_id add_catch_all(catch_all_of which, handler run, bool first) const;
  void remove_catch_all(catch_all_of which, std::optional<listener_id> id) const;
  std::size_t count_catch_all(catch_all_of which) const;
  void add_middleware(event_middleware m) const;
  void add_water_listener(bool high, std::function<void()> f) const;
  void wait_until_drained(std::function<void(error_code)> done) const;
  socket_data& data_slot() const;

  std::shared_ptr<srv::socket> impl_;
};

namespace detail {

/// Tells the "error" listeners, or the log. From any thread.
void report_error(const socket& to, std::string what);

}  // namespace detail

/// A socket with flags for its next emit.
class flagged_socket {
 public:
  template <class... A>
  void emit(std::string_view event, A&&... a) const {
    to_.emit_with(flags_, event, std::forward<A>(a)...);
  }
  void emit_array(std::string_view event, array arguments) const {
    to_.emit_array(flags_, event, std::move(arguments), {});
  }
  template <class... A>
  void send(A&&... a) const {
    emit("message", std::forward<A>(a)...);
  }
  template <class... R, class... A>
  auto emit_with_ack(std::string_view event, A&&... a) const -> socket::asked<void(error_code, R...), A...> {
    return to_.ask<void(error_code, R...)>(flags_, event, std::forward<A>(a)...);
  }

  flagged_socket timeout(std::chrono::milliseconds d) const {
    return with([d](emit_flags& f) { f.timeout = d; });
  }
  flagged_socket volatile_() const {
    return with([](emit_flags& f) { f.is_volatile = true; });
  }
  flagged_socket compress(bool on) const {
    return with([on](emit_flags& f) { f.compress = on; });
  }

  // ---- to the others, with these flags

  sio::broadcast broadcast() const { return to_.broadcast().with(flags_); }
  sio::broadcast to(const room_list& rooms) const { return broadcast().to(rooms); }
  sio::broadcast in(const room_list& rooms) const { return broadcast().to(rooms); }
  sio::broadcast except(const room_list& rooms) const { return broadcast().except(rooms); }
  sio::broadcast local() const { return broadcast().local(); }

 private:
  friend class socket;
  explicit flagged_socket(socket to) : to_(std::move(to)) {}

  template <class Change>
  flagged_socket with(Change&& change) const {
    flagged_socket next = *this;
    change(next.flags_);
    return next;
  }

  socket to_;
  emit_flags flags_;
};

inline flagged_socket socket::timeout(std::chrono::milliseconds d) const { return flagged_socket(*this).timeout(d); }
inline flagged_socket socket::volatile_() const { return flagged_socket(*this).volatile_(); }
inline flagged_socket socket::compress(bool on) const { return flagged_socket(*this).compress(on); }

}  // namespace SIO_ABI
}  // namespace sio
