// Bodies of remote_socket.hpp.
#pragma once

#include <sio/remote_socket.hpp>

namespace sio {
inline namespace SIO_ABI {

// One answer is all that there can be.
SIO_DECL void remote_socket::emit_array(std::string_view event, array arguments, ack_handler done) const {
  if (!done) return it_.emit_array(event, std::move(arguments));
  it_.emit_array({}, event, std::move(arguments), [done = std::move(done)](error_code ec, broadcast_answers& all) {
    array first;
    for (auto& a : all.answers) first.push_back(std::move(a.first));
    if (!ec && first.empty()) ec = errc::disconnected;
    return done(ec, first);
  });
}

}  // namespace SIO_ABI
}  // namespace sio
