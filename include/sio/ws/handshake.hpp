// The server's answer to an upgrade request: 101, or a refusal, with the bytes that the JS package `ws` sends.
#pragma once

#include <sio/config.hpp>
#include <sio/eio/base64.hpp>
#include <sio/http/chars.hpp>
#include <sio/ws/deflate_terms.hpp>

#include <websocketpp/sha1/sha1.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace ws {

/// What the handshake looks at. A header that came twice has its values joined by ", ", as in Node.
struct upgrade_request {
  std::string_view method;                                    ///< of the request line
  std::string_view upgrade;                                   ///< `Upgrade`
  std::string_view key;                                       ///< `Sec-WebSocket-Key`
  std::string_view version;                                   ///< `Sec-WebSocket-Version`
  std::optional<std::string_view> protocols = std::nullopt;   ///< `Sec-WebSocket-Protocol`, if it is there
  std::optional<std::string_view> extensions = std::nullopt;  ///< `Sec-WebSocket-Extensions`, if it is there
};

/// The answer, ready to be sent; the connection is a WebSocket if it was accepted, else it is closed.
struct upgrade_answer {
  bool accepted = false;
  std::string bytes;
  std::optional<deflate_terms> deflate = std::nullopt;  ///< set if messages may be compressed
};

namespace detail {

/// 16 bytes in base64: 22 characters and `==`.
inline bool is_websocket_key(std::string_view key) noexcept {
  if (key.size() != 24 || key.substr(22) != "==") return false;
  return std::all_of(key.begin(), key.begin() + 22,
                     [](char c) { return http::detail::alphanumeric(c) || c == '+' || c == '/'; });
}

/// The first of `chat, superchat`; nothing if one of them is no token, or comes twice.
inline std::optional<std::string_view> first_protocol(std::string_view header) {
  std::vector<std::string_view> offers;
  for (std::size_t at = 0; at <= header.size();) {
    const std::size_t comma = (std::min)(header.find(',', at), header.size());
    offers.push_back(http::trimmed(header.substr(at, comma - at)));
    if (!http::is_token(offers.back())) return std::nullopt;
    at = comma + 1;
  }
  const std::string_view first = offers.front();
  std::sort(offers.begin(), offers.end());
  if (std::adjacent_find(offers.begin(), offers.end()) != offers.end()) return std::nullopt;
  return first;
}

inline upgrade_answer refuse_upgrade(std::string_view status, std::string_view why, std::string_view extra = {}) {
  std::string bytes = "HTTP/1.1 ";
  bytes += status;
  bytes += "\r\nConnection: close\r\nContent-Type: text/html\r\nContent-Length: ";
  bytes += std::to_string(why.size());
  bytes += "\r\n";
  bytes += extra;
  bytes += "\r\n";
  bytes += why;
  return {false, std::move(bytes), std::nullopt};
}

inline upgrade_answer accept_upgrade(const std::string& accept, std::optional<std::string_view> protocol,
                                     const std::optional<deflate_agreement>& deflate, std::string_view extra) {
  std::string bytes = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";
  bytes.append("Sec-WebSocket-Accept: ").append(accept).append("\r\n");
  if (protocol) bytes.append("Sec-WebSocket-Protocol: ").append(*protocol).append("\r\n");
  if (deflate) bytes.append("Sec-WebSocket-Extensions: ").append(deflate->answer).append("\r\n");
  bytes.append(extra).append("\r\n");
  return {true, std::move(bytes), deflate ? std::optional(deflate->terms) : std::nullopt};
}

}  // namespace detail

/// `Sec-WebSocket-Accept`: "dGhlIHNhbXBsZSBub25jZQ==" -> "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=".
inline std::string accept_key(std::string_view key) {
  std::string text(key);
  text += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  unsigned char digest[20];
  websocketpp::sha1::calc(text.data(), text.size(), digest);
  std::string accepted;
  eio::base64::encode(accepted, {reinterpret_cast<const char*>(digest), sizeof digest});
  return accepted;
}

/// Answers an upgrade. `extra_headers` are whole lines, each with its "\r\n"; only a 101 carries them. Without `wishes`
/// nothing is compressed, and the extensions are not looked at.
inline upgrade_answer answer_upgrade(const upgrade_request& request, std::string_view extra_headers = {},
                                     const deflate_wishes* wishes = nullptr) {
  using detail::refuse_upgrade;
  constexpr auto bad_request = "400 Bad Request";
  if (request.method != "GET") return refuse_upgrade("405 Method Not Allowed", "Invalid HTTP method");
  if (!http::same_letters(request.upgrade, "websocket")) return refuse_upgrade(bad_request, "Invalid Upgrade header");
  if (!detail::is_websocket_key(request.key))
    return refuse_upgrade(bad_request, "Missing or invalid Sec-WebSocket-Key header");
  if (request.version != "13" && request.version != "8")  // 8 has the same frames
    return refuse_upgrade(bad_request, "Missing or invalid Sec-WebSocket-Version header",
                          "Sec-WebSocket-Version: 13, 8\r\n");
  std::optional<std::string_view> protocol;
  if (request.protocols && !(protocol = detail::first_protocol(*request.protocols)))
    return refuse_upgrade(bad_request, "Invalid Sec-WebSocket-Protocol header");
  deflate_verdict extensions;
  if (request.extensions && wishes) extensions = judge_deflate_offers(*request.extensions, *wishes);
  if (extensions.malformed)
    return refuse_upgrade(bad_request, "Invalid or unacceptable Sec-WebSocket-Extensions header");
  return detail::accept_upgrade(accept_key(request.key), protocol, extensions.agreement, extra_headers);
}

}  // namespace ws
}  // namespace SIO_ABI
}  // namespace sio
