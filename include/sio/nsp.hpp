// A namespace: sockets that share listeners, middlewares and rooms.
#pragma once

#include <sio/remote_socket.hpp>
#include <sio/server_side.hpp>
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
/// Event of its own: "connection" (a `sio::socket`), which also answers to "connect"; and of "/": "new_namespace" (a
/// `sio::nsp`, before its first client joins).
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
  auto emit_with_ack(std::string_view event, A&&... a) const
      -> decltype(broadcast().template emit_with_ack<R>(event, std::forward<A>(a)...)) {
    return all().template emit_with_ack<R>(event, std::forward<A>(a)...);
  }
  broadcast to(const room_list& rooms) const { return all().to(rooms); }
  broadcast in(const room_list& rooms) const { return all().to(rooms); }
  broadcast except(const room_list& rooms) const { return all().except(rooms); }
  broadcast volatile_() const { return all().volatile_(); }
  broadcast compress(bool on) const { return all().compress(on); }
  broadcast local() const { return all().local(); }
  broadcast timeout(std::chrono::milliseconds d) const { return all().timeout(d); }

  // ---- the sockets of all servers; see `broadcast`

  template <class Token>
  auto fetch_sockets(Token&& token) const {
    return all().fetch_sockets(std::forward<Token>(token));
  }
  void sockets_join(const room_list& rooms) const { all().sockets_join(rooms); }
  void sockets_leave(const room_list& rooms) const { all().sockets_leave(rooms); }
  void disconnect_sockets(bool close = false) const { all().disconnect_sockets(close); }
  /// The names of all rooms, as `void(error_code, std::vector<std::string>)`.
  template <class Token>
  auto all_rooms(Token&& token) const {
    return detail::query<std::vector<std::string>>(
        get_executor(), [self = *this](auto done) { self.fetch_rooms(std::move(done)); }, std::forward<Token>(token));
  }

  // ---- the other servers of a cluster

  /// The listeners of that event on the other servers' namespaces of this name hear it. A lambda as the last argument
  /// receives their answers, one of each: `[](error_code ec, std::vector<int> answers)`; with an error, those that
  /// came. Throws `std::invalid_argument` for "connection", "connect" and "new_namespace".
  template <class... A>
  void server_side_emit(std::string_view event, A&&... a) const {
    others().emit(event, std::forward<A>(a)...);
  }
  /// The same with a completion token of Asio's as the last argument: completes as `void(error_code, std::vector<R>)`.
  template <class R = value, class... A>
  auto server_side_emit_with_ack(std::string_view event, A&&... a) const {
    detail::server_side::check(event);
    return detail::ask<detail::answers_completion<void(error_code, std::vector<R>)>>(others(), emit_flags(), event,
                                                                                     std::forward<A>(a)...);
  }

  // ---- this server

  /// The connected sockets. For handlers: throws `std::logic_error` on a thread other than the loop's.
  std::vector<socket> sockets() const;
  /// The connected socket of that id; an empty handle if there is none. For handlers, too.
  socket find(std::string_view id) const;
  /// How many there are; from any thread.
  std::size_t sockets_count() const noexcept;
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
  detail::server_side others() const;
  asio::any_io_executor get_executor() const;
  void fetch_rooms(detail::answer_to_query<std::vector<std::string>> done) const;
  listener_id add_listener(std::string_view event, handler run, bool once) const;
  void add_middleware(middleware m) const;

  std::shared_ptr<srv::nsp> impl_;
};

}  // namespace SIO_ABI
}  // namespace sio
