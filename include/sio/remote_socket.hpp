// A socket as it was when it was asked for; it may be one of another server.
#pragma once

#include <sio/broadcast.hpp>
#include <sio/options.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {

/// What `fetch_sockets` finds (JS: RemoteSocket): a copy of what the socket was, and a way to reach it. A handle; may
/// be used on any thread.
class remote_socket {
 public:
  remote_socket() = default;

  const std::string& id() const noexcept { return record_->id; }
  const sio::handshake& handshake() const noexcept { return record_->handshake; }
  /// Its rooms, its own id among them.
  const std::vector<std::string>& rooms() const noexcept { return record_->rooms; }
  /// What its server keeps in `socket::data<T>()`, if a `T` can travel in an event; an empty object otherwise.
  const value& data() const noexcept { return record_->data; }

  /// Sends it an event. A lambda as the last argument receives the acknowledgement, as with `socket::emit`; without
  /// `timeout` it waits for 20 s.
  template <class... A>
  void emit(std::string_view event, A&&... a) const {
    detail::with_arguments(
        [&](array arguments, ack_handler done) { emit_array(event, std::move(arguments), std::move(done)); },
        std::forward<A>(a)...);
  }
  /// The same for the next emit, whose acknowledgement must come within `d`.
  remote_socket timeout(std::chrono::milliseconds d) const;

  void join(const room_list& rooms) const { it_.sockets_join(rooms); }
  void leave(const room_list& rooms) const { it_.sockets_leave(rooms); }
  /// Leaves the namespace; with `close`, ends the whole connection.
  void disconnect(bool close = false) const { it_.disconnect_sockets(close); }

  /// For the library.
  remote_socket(broadcast nsp, socket_record record)
      : record_(std::make_shared<const socket_record>(std::move(record))), it_(nsp.to(record_->id)) {}

 private:
  void emit_array(std::string_view event, array arguments, ack_handler done) const;

  std::shared_ptr<const socket_record> record_ = std::make_shared<const socket_record>();
  broadcast it_;
};

inline remote_socket remote_socket::timeout(std::chrono::milliseconds d) const {
  remote_socket next = *this;
  next.it_ = it_.timeout(d);
  return next;
}

}  // namespace SIO_ABI
}  // namespace sio
