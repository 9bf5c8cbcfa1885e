// The step from HTTP to WebSocket on one connection.
#pragma once

#include <sio/net/http_channel.hpp>
#include <sio/net/ws_channel.hpp>
#include <sio/request.hpp>
#include <sio/ws/handshake.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace net {

namespace detail {

// All fields of that name as one, as in Node: two keys are no key.
inline std::optional<std::string> joined(const headers& all, std::string_view name) {
  std::optional<std::string> out;
  for (const auto& [field, text] : all)
    if (sio::detail::same_letters(field, name)) out = out ? *out + ", " + text : text;
  return out;
}

}  // namespace detail

/// Answers an upgrade request; null if it was refused. The WebSocket begins when it is given an owner.
inline std::shared_ptr<ws_channel> upgrade(http_channel& from, const request& asked, const ws::limits& limits,
                                           std::size_t max_buffered) {
  const auto field = [&](std::string_view name) { return detail::joined(asked.headers, name); };
  const std::string key = field("Sec-WebSocket-Key").value_or(""), version = field("Sec-WebSocket-Version").value_or("");
  const std::optional<std::string> protocols = field("Sec-WebSocket-Protocol");
  ws::upgrade_request wanted{asked.method, asked.headers["Upgrade"], key, version};
  if (protocols) wanted.protocols = *protocols;
  const ws::upgrade_answer answer = ws::answer_upgrade(wanted);
  if (!answer.accepted) return from.respond_and_close(answer.bytes), nullptr;
  connection& c = from.connection();
  c.write(answer.bytes);
  return std::make_shared<ws_channel>(c.shared_from_this(), from.hand_over(), limits, max_buffered);
}

}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio
