// The step from HTTP to WebSocket on one connection.
#pragma once

#include <sio/http/response.hpp>
#include <sio/net/http_channel.hpp>
#include <sio/net/ws_channel.hpp>
#include <sio/request.hpp>
#include <sio/ws/handshake.hpp>

#include <memory>
#include <string>

namespace sio {
inline namespace SIO_ABI {
namespace net {

/// Answers an upgrade request; null if it was refused. A 101 carries these `fields`, too. The WebSocket begins when it
/// is given an owner. With a `pool` it compresses, if the client wants it.
inline std::shared_ptr<ws_channel> upgrade(http_channel& from, const request& asked, const ws::limits& limits,
                                           std::size_t max_buffered,
                                           const std::shared_ptr<deflate_pool>& pool = nullptr,
                                           const headers& fields = {}) {
  const headers& h = asked.headers;
  ws::upgrade_request wanted{asked.method, h["Upgrade"], h["Sec-WebSocket-Key"], h["Sec-WebSocket-Version"]};
  if (const std::string* protocols = h.find("Sec-WebSocket-Protocol")) wanted.protocols = *protocols;
  if (const std::string* extensions = h.find("Sec-WebSocket-Extensions")) wanted.extensions = *extensions;
  const ws::upgrade_answer answer =
      ws::answer_upgrade(wanted, http::upgrade_fields(fields), pool ? &pool->rules().wishes : nullptr);
  if (!answer.accepted) return from.respond_and_close(answer.bytes), nullptr;
  connection& c = from.connection();
  c.write(answer.bytes);
  return std::make_shared<ws_channel>(c.shared_from_this(), from.hand_over(), limits, max_buffered, answer.deflate,
                                      pool);
}

}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio
