// Writes requests: the request line, Host, the caller's fields, and the length of the body.
//
//   POST /socket.io/?EIO=4 HTTP/1.1 CRLF  Host: a CRLF  (fields) CRLF  Content-Length: 2 CRLF  CRLF
#pragma once

#include <sio/http/inflate.hpp>
#include <sio/request.hpp>

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace http {

/// Throws std::invalid_argument, with one sentence, for a field that cannot be sent: a name that is no token, a value
/// with a control character, and what only the connection can know (Connection, Content-Length, Upgrade …).
void check_fields(const headers& fields);

/// The head of a request: `host` is left out where the `fields` have their own, and with zlib an answer may come
/// compressed. A `length` of nothing means that there is no body, nor will be. Throws what `check_fields` throws, also
/// for a method or target that is none.
std::string request_head(std::string_view method, std::string_view target, std::string_view host, const headers& fields,
                         std::optional<std::size_t> length = std::nullopt);

/// The same for a request that asks for another protocol: `extra` are whole lines.
std::string upgrade_head(std::string_view target, std::string_view host, const headers& fields, std::string_view extra);

// ---- bodies

namespace detail {

inline bool connection_decides(std::string_view name) noexcept {
  static constexpr std::string_view names[] = {"connection",
                                               "content-length",
                                               "expect",
                                               "keep-alive",
                                               "proxy-connection",
                                               "te",
                                               "trailer",
                                               "transfer-encoding",
                                               "upgrade",
                                               "sec-websocket-accept",
                                               "sec-websocket-extensions",
                                               "sec-websocket-key",
                                               "sec-websocket-protocol",
                                               "sec-websocket-version"};
  for (const std::string_view n : names)
    if (same_letters(n, name)) return true;
  return false;
}

[[noreturn]] inline void refuse_field(std::string_view name, std::string_view why) {
  throw std::invalid_argument("the header \"" + std::string(name) + "\" " + std::string(why));
}

inline void append_line(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

// The request line, Host and the caller's fields.
inline std::string request_begin(std::string_view method, std::string_view target, std::string_view host,
                                 const headers& fields) {
  if (!is_token(method)) throw std::invalid_argument("the method \"" + std::string(method) + "\" is none");
  if (target.empty() || target.front() != '/' || !all_of_class(target, target_bit))
    throw std::invalid_argument("the request target \"" + std::string(target) + "\" is no path");
  check_fields(fields);
  std::string out(method);
  out.append(" ").append(target).append(" HTTP/1.1\r\n");
  if (!fields.find("Host")) append_line(out, "Host", host);
  for (const auto& [name, value] : fields) append_line(out, name, value);
  return out;
}

}  // namespace detail

inline void check_fields(const headers& fields) {
  for (const auto& [name, value] : fields) {
    if (!is_token(name)) throw std::invalid_argument("a header's name holds a character that none may hold");
    if (!is_field_text(value)) detail::refuse_field(name, "holds a control character");
    if (detail::connection_decides(name)) detail::refuse_field(name, "is written by the connection itself");
  }
}

inline std::string request_head(std::string_view method, std::string_view target, std::string_view host,
                                const headers& fields, std::optional<std::size_t> length) {
  std::string out = detail::request_begin(method, target, host, fields);
  if (!readable_codings.empty() && !fields.find("Accept-Encoding"))
    detail::append_line(out, "Accept-Encoding", readable_codings);
  if (length) detail::append_line(out, "Content-Length", std::to_string(*length));
  return out += "Connection: keep-alive\r\n\r\n";
}

inline std::string upgrade_head(std::string_view target, std::string_view host, const headers& fields,
                                std::string_view extra) {
  std::string out = detail::request_begin("GET", target, host, fields);
  return out.append(extra).append("\r\n");
}

}  // namespace http
}  // namespace SIO_ABI
}  // namespace sio
