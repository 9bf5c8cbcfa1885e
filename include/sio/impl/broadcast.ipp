// Bodies of broadcast.hpp.
#pragma once

#include <sio/broadcast.hpp>
#include <sio/server/nsp.hpp>

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

SIO_DECL broadcast broadcast::volatile_() const {
  broadcast next = *this;
  next.to_.flags.is_volatile = true;
  return next;
}

SIO_DECL void broadcast::emit_array(std::string_view event, array arguments) const {
  if (nsp_) nsp_->broadcast(to_, {std::string(event), std::move(arguments)});
}

}  // namespace SIO_ABI
}  // namespace sio
