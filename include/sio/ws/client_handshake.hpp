// The client's side of the opening handshake: what it asks for, and what it makes of the answer.
//
//   GET /socket.io/?EIO=4&transport=websocket HTTP/1.1 CRLF  …  Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ== CRLF CRLF
#pragma once

#include <sio/http/response_head.hpp>
#include <sio/ws/deflate_terms.hpp>
#include <sio/ws/handshake.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace ws {

/// What a client asks for.
struct client_offer {
  std::string key;                     ///< as `make_key` makes it
  std::vector<std::string> protocols;  ///< of which the server must choose one; empty: none is asked for
  std::optional<deflate_wishes> deflate = std::nullopt;  ///< set: compression is asked for
};

/// What a client makes of the answer.
struct client_verdict {
  std::string error;  ///< in the words of the JS package `ws`; empty: the connection is a WebSocket now
  std::string protocol;
  std::optional<deflate_terms> deflate = std::nullopt;  ///< set if messages may be compressed
};

/// Sixteen random bytes as a key.
inline std::string make_key(const std::array<unsigned char, 16>& random) {
  std::string key;
  eio::base64::encode(key, {reinterpret_cast<const char*>(random.data()), random.size()});
  return key;
}

/// Throws std::invalid_argument for a protocol that is no token, or comes twice.
inline void check_protocols(const std::vector<std::string>& protocols) {
  for (auto it = protocols.begin(); it != protocols.end(); ++it)
    if (!http::is_token(*it) || std::find(protocols.begin(), it, *it) != it)
      throw std::invalid_argument("the WebSocket protocol \"" + *it + "\" is no token, or asked for twice");
}

/// The lines of an upgrade request that belong to the WebSocket.
inline std::string offer_lines(const client_offer& offer) {
  std::string out = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ";
  out.append(offer.key).append("\r\n");
  if (offer.deflate) out.append("Sec-WebSocket-Extensions: ").append(deflate_offer(*offer.deflate)).append("\r\n");
  if (offer.protocols.empty()) return out;
  out += "Sec-WebSocket-Protocol: ";
  for (const std::string& p : offer.protocols) out.append(&p == &offer.protocols.front() ? "" : ",").append(p);
  return out += "\r\n";
}

namespace detail {

/// Fields of the same name as one, joined as in Node; nothing if there is none.
inline std::optional<std::string> joined_field(const http::response_head& answer, std::string_view name) {
  std::optional<std::string> out;
  for (const http::field& f : answer.fields)
    if (http::same_letters(f.name, name)) out = out ? *out + ", " + std::string(f.value) : std::string(f.value);
  return out;
}

inline std::string judge_protocol(const client_offer& offer, const std::optional<std::string>& chosen) {
  if (!chosen) return offer.protocols.empty() ? "" : "Server sent no subprotocol";
  if (offer.protocols.empty()) return "Server sent a subprotocol but none was requested";
  const bool offered = std::find(offer.protocols.begin(), offer.protocols.end(), *chosen) != offer.protocols.end();
  return offered ? "" : "Server sent an invalid subprotocol";
}

inline std::string judge_extensions(const client_offer& offer, const std::optional<std::string>& chosen,
                                    std::optional<deflate_terms>& agreed) {
  if (!chosen) return {};
  if (!offer.deflate) return "Server sent a Sec-WebSocket-Extensions header but no extension was requested";
  agreed = read_deflate_answer(*chosen, *offer.deflate);
  return agreed ? "" : "Invalid Sec-WebSocket-Extensions header";
}

}  // namespace detail

/// Judges the answer to that offer.
inline client_verdict judge_answer(const client_offer& offer, const http::response_head& answer) {
  client_verdict out;
  const auto protocol = detail::joined_field(answer, "Sec-WebSocket-Protocol");
  if (answer.status != 101)
    out.error = "Unexpected server response: " + std::to_string(answer.status);
  else if (!answer.upgrade_websocket)
    out.error = "Invalid Upgrade header";
  else if (detail::joined_field(answer, "Sec-WebSocket-Accept") != accept_key(offer.key))
    out.error = "Invalid Sec-WebSocket-Accept header";
  else
    out.error = detail::judge_protocol(offer, protocol);
  if (out.error.empty())
    out.error = detail::judge_extensions(offer, detail::joined_field(answer, "Sec-WebSocket-Extensions"), out.deflate);
  if (out.error.empty()) out.protocol = protocol.value_or("");
  return out;
}

}  // namespace ws
}  // namespace SIO_ABI
}  // namespace sio
