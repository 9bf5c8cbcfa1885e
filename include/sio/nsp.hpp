// A namespace: sockets that share listeners, middlewares and rooms.
#pragma once

#include <sio/socket.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {

/// The rooms of a namespace on this server (JS: `nsp.adapter`); a handle. Events of its own: "create-room" (room),
/// "join-room" (room, id), "leave-room" (room, id), "delete-room" (room); a room is created before its first socket
/// joins, and deleted after its last one left.
class nsp_rooms : public emitter<nsp_rooms> {
 public:
  nsp_rooms() = default;

  /// All rooms and how many sockets are in each. For handlers: throws `std::logic_error` on a thread other than the
  /// loop's.
  std::vector<std::pair<std::string, std::size_t>> sizes() const;
  /// How many sockets are in that room. For handlers, too.
  std::size_t size(std::string_view room) const;

  void off(std::string_view event) const;
  void off(std::string_view event, listener_id id) const;
  void off() const;

 private:
  friend class nsp;
  friend class emitter<nsp_rooms>;
  listener_id add_listener(std::string_view event, handler run, bool once) const;

  std::shared_ptr<srv::nsp> impl_;
};

/// A handle, like `socket`. Calls may be made from any thread.
///
/// Event of its own: "connection" (a `sio::socket`), which also answers to "connect".
class nsp : public emitter<nsp> {
 public:
  nsp() = default;

  /// "/" or "/admin".
  const std::string& name() const noexcept;

  /// Runs `f(socket)` or `f(socket, next)` for each client that wants to join, in the order of these calls. What it
  /// throws refuses the client: `connect_error` with its message and data, another exception with its `what()`.
  template <class F>
  const nsp& use(F&& f) const {
    add_middleware(detail::make_middleware(std::decay_t<F>(std::forward<F>(f))));
    return *this;
  }

  /// To all sockets of the namespace.
  template <class... A>
  void emit(std::string_view event, A&&... a) const {
    all().emit(event, std::forward<A>(a)...);
  }
  template <class... A>
  void send(A&&... a) const {
    all().emit("message", std::forward<A>(a)...);
  }
  /// See `broadcast::emit_with_ack`.
  template <class R = broadcast_answers, class... A>
  auto emit_with_ack(std::string_view event, A&&... a) const {
    return all().template emit_with_ack<R>(event, std::forward<A>(a)...);
  }
  broadcast to(const room_list& rooms) const { return all().to(rooms); }
  broadcast in(const room_list& rooms) const { return all().to(rooms); }
  broadcast except(const room_list& rooms) const { return all().except(rooms); }
  broadcast volatile_() const { return all().volatile_(); }
  broadcast compress(bool on) const { return all().compress(on); }
  broadcast local() const { return all().local(); }
  broadcast timeout(std::chrono::milliseconds d) const { return all().timeout(d); }

  /// Its rooms on this server: their sizes, and how they come and go.
  nsp_rooms rooms() const;

  /// Removes all listeners of an event, or one of them.
  void off(std::string_view event) const;
  void off(std::string_view event, listener_id id) const;
  void off() const;

  explicit operator bool() const noexcept { return impl_ != nullptr; }
  friend bool operator==(const nsp& a, const nsp& b) noexcept { return a.impl_ == b.impl_; }
  friend bool operator!=(const nsp& a, const nsp& b) noexcept { return a.impl_ != b.impl_; }

  /// For the library: the handle of what it stands for.
  explicit nsp(std::shared_ptr<srv::nsp> impl) noexcept : impl_(std::move(impl)) {}

 private:
  friend class emitter<nsp>;

  broadcast all() const;
  listener_id add_listener(std::string_view event, handler run, bool once) const;
  void add_middleware(middleware m) const;

  std::shared_ptr<srv::nsp> impl_;
};

}  // namespace SIO_ABI
}  // namespace sio
