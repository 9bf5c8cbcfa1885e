// How a client speaks Engine.IO: in which revision, and what its polls can carry. Its handshake tells, once and for
// all.
#pragma once

#include <sio/eio/packet.hpp>
#include <sio/request.hpp>
#include <sio/server/jsonp.hpp>

#include <optional>
#include <string>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

struct dialect {
  eio::protocol protocol = eio::protocol::v4;
  bool base64 = false;               ///< its polls take no bytes
  std::optional<std::string> jsonp;  ///< its polls are scripts, with this index
};

inline eio::protocol protocol_of(const query& asked) noexcept {
  return asked["EIO"] == "4" ? eio::protocol::v4 : eio::protocol::v3;
}

/// Whether this request's transport takes no bytes.
inline bool wants_base64(const query& asked) noexcept { return !asked["b64"].empty(); }

inline dialect dialect_of(const query& asked) {
  dialect out{protocol_of(asked), wants_base64(asked), std::nullopt};
  if (const std::string* named = asked.find("j")) {
    out.jsonp = jsonp::index(*named);
    out.base64 = true;
  }
  return out;
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
