// Bodies of broadcast.hpp.
#pragma once

#include <sio/broadcast.hpp>
#include <sio/server/cluster_calls.hpp>

namespace sio {
inline namespace SIO_ABI {

namespace detail {

inline void append(std::vector<std::string>& names, const room_list& more) {
  names.insert(names.end(), more.names().begin(), more.names().end());
}

}  // namespace detail

SIO_DECL broadcast broadcast::to(const room_list& rooms) const {
  broadcast next = *this;
  detail::append(next.to_.rooms, rooms);
  return next;
}

SIO_DECL broadcast broadcast::except(const room_list& rooms) const {
  broadcast next = *this;
  detail::append(next.to_.except, rooms);
  return next;
}

SIO_DECL broadcast broadcast::with(const emit_flags& flags) const {
  broadcast next = *this;
  next.to_.flags = flags;
  return next;
}

SIO_DECL broadcast broadcast::volatile_() const {
  broadcast next = *this;
  next.to_.flags.is_volatile = true;
  return next;
}

SIO_DECL broadcast broadcast::compress(bool on) const {
  broadcast next = *this;
  next.to_.flags.compress = on;
  return next;
}

SIO_DECL broadcast broadcast::local() const {
  broadcast next = *this;
  next.to_.flags.local = true;
  return next;
}

SIO_DECL broadcast broadcast::timeout(std::chrono::milliseconds d) const {
  broadcast next = *this;
  next.to_.flags.timeout = d;
  return next;
}

SIO_DECL void broadcast::emit_array(std::string_view event, array arguments) const {
  if (nsp_) nsp_->broadcast(to_, {std::string(event), std::move(arguments)});
}

SIO_DECL void broadcast::emit_array(const emit_flags&, std::string_view event, array arguments,
                                    answers_handler done) const {
  if (nsp_) nsp_->broadcast_with_ack(to_, {std::string(event), std::move(arguments)}, std::move(done));
}

SIO_DECL void broadcast::fetch(detail::answer_to_query<std::vector<remote_socket>> done) const {
  if (!nsp_) return done(errc::disconnected, {});
  broadcast everybody;
  everybody.nsp_ = nsp_;
  srv::fetch(nsp_, everybody, to_, std::move(done));
}

SIO_DECL void broadcast::sockets_join(const room_list& rooms) const {
  if (nsp_) nsp_->run([to = to_, names = rooms.names()](srv::nsp& n) { n.adapter().add_sockets(to, names); });
}

SIO_DECL void broadcast::sockets_leave(const room_list& rooms) const {
  if (nsp_) nsp_->run([to = to_, names = rooms.names()](srv::nsp& n) { n.adapter().del_sockets(to, names); });
}

SIO_DECL void broadcast::disconnect_sockets(bool close) const {
  if (nsp_) nsp_->run([to = to_, close](srv::nsp& n) { n.adapter().disconnect_sockets(to, close); });
}

SIO_DECL asio::any_io_executor broadcast::get_executor() const {
  return nsp_ ? nsp_->executor() : asio::any_io_executor();
}

}  // namespace SIO_ABI
}  // namespace sio
