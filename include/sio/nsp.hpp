// A namespace: sockets that share listeners, middlewares and rooms.
#pragma once

#include <sio/socket.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace sio {
inline namespace SIO_ABI {

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
  broadcast to(const room_list& rooms) const { return all().to(rooms); }
  broadcast in(const room_list& rooms) const { return all().to(rooms); }
  broadcast except(const room_list& rooms) const { return all().except(rooms); }
  broadcast volatile_() const { return all().volatile_(); }

  /// Removes all listeners of an event, or one of them.
  void off(std::string_view event) const;
  void off(std::string_view event, listener_id id) const;
  void off() const;

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
