// Writes responses: the status line, the fields, and the three that every response has.
//
//   HTTP/1.1 200 OK CRLF  (fields) CRLF  Content-Length: 2 CRLF  Date: … CRLF  Connection: keep-alive CRLF CRLF  ok
#pragma once

#include <sio/http/chars.hpp>
#include <sio/request.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace http {

/// What the connection knows of the response to write.
struct reply_options {
  std::string_view date;      ///< as `http_date` writes it; empty: no Date field
  bool keep_alive = true;     ///< whether the connection takes another request
  bool head_request = false;  ///< the answer to a HEAD has the length of its body, not the body
};

/// Sent to a client that waits for it before it sends its body.
inline constexpr std::string_view continue_response = "HTTP/1.1 100 Continue\r\n\r\n";

/// "Not Found" for 404; "Unknown" for what has no name.
std::string_view status_text(int status) noexcept;

/// The head of a response whose body has `length` bytes. Where `fields` name Content-Length the true one is written in
/// its place, else behind them; 204 has none unless named, 304 none at all. Connection, Date and Transfer-Encoding in
/// `fields` are left out: they are not the caller's to decide. So is a field whose name is no token; control characters
/// in a value become blanks. No input brings a CR or LF of its own into the head.
void write_head(std::string& out, int status, const headers& fields, std::size_t length, const reply_options& how);

/// A whole response.
void write(std::string& out, int status, const headers& fields, std::string_view body, const reply_options& how);
void write(std::string& out, const response& answer, const reply_options& how);

/// The head of a poll's answer, text unless `binary`; `fields` (cross-origin ones) and `extra` (a cookie) stand where
/// the JS server has them. Where both have a field, or a poll's own, that of `extra` counts, and then the poll's.
void write_poll_head(std::string& out, std::size_t length, const reply_options& how, const headers& fields = {},
                     const headers& extra = {}, bool binary = false);

/// The whole answer to a POST that was taken: `ok`.
void write_post_answer(std::string& out, const reply_options& how, const headers& fields = {},
                       const headers& extra = {});

/// The lines that a 101 carries beside its own.
std::string upgrade_fields(const headers& fields);

/// The whole answer to an upgrade that is refused, after which the stream is closed; it has no other fields.
std::string upgrade_refusal(std::string_view message);

// ---- bodies

inline std::string_view status_text(int status) noexcept {
  switch (status) {
    case 101: return "Switching Protocols";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Payload Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Entity";
    case 426: return "Upgrade Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return "Unknown";
  }
}

namespace detail {

inline bool has_no_body(int status) noexcept { return status == 204 || status == 304; }

inline void append_field(std::string& out, std::string_view name, std::string_view value) {
  if (!is_token(name)) return;
  out.append(name).append(": ");
  for (const char c : value) out += has_class(c, text_bit) ? c : ' ';
  out += "\r\n";
}

inline void append_length(std::string& out, std::size_t length) {
  out.append("Content-Length: ").append(std::to_string(length)).append("\r\n");
}

inline bool is_servers_own(std::string_view name) noexcept {
  return same_letters(name, "Connection") || same_letters(name, "Transfer-Encoding") || same_letters(name, "Date") ||
         same_letters(name, "Keep-Alive");
}

inline void append_foreign(std::string& out, std::string_view name, std::string_view value) {
  if (!is_servers_own(name) && !same_letters(name, "Content-Length")) append_field(out, name, value);
}

inline void append_fields(std::string& out, const headers& fields) {
  for (const auto& [name, value] : fields) append_foreign(out, name, value);
}

// Date, Connection and the empty line.
inline void append_end(std::string& out, const reply_options& how) {
  if (!how.date.empty()) append_field(out, "Date", how.date);
  out += how.keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
}

}  // namespace detail

inline void write_head(std::string& out, int status, const headers& fields, std::size_t length,
                       const reply_options& how) {
  // An interim response from a route would shift every answer behind it.
  if (status < 200 || status > 999) status = 500;
  if (detail::has_no_body(status)) length = 0;
  bool measured = status == 304;
  out.append("HTTP/1.1 ").append(std::to_string(status)).append(" ").append(status_text(status)).append("\r\n");
  for (const auto& [name, value] : fields) {
    if (detail::is_servers_own(name)) continue;
    if (!same_letters(name, "Content-Length"))
      detail::append_field(out, name, value);
    else if (!std::exchange(measured, true))
      detail::append_length(out, length);
  }
  if (!measured && status != 204) detail::append_length(out, length);
  detail::append_end(out, how);
}

inline void write(std::string& out, int status, const headers& fields, std::string_view body,
                  const reply_options& how) {
  write_head(out, status, fields, body.size(), how);
  if (!how.head_request && !detail::has_no_body(status)) out.append(body);
}

inline void write(std::string& out, const response& answer, const reply_options& how) {
  write(out, answer.status, answer.headers, answer.body, how);
}

namespace detail {

// Of these there may be several.
inline bool adds_up(std::string_view name) noexcept {
  return same_letters(name, "Set-Cookie") || same_letters(name, "Vary");
}

inline void append_poll_fields(std::string& out, std::string_view type, std::size_t length, const headers& fields,
                               const headers& extra) {
  for (const auto& [name, value] : fields) {
    const bool polls_own = same_letters(name, "Content-Type") || same_letters(name, "Cache-Control");
    if (!polls_own && (adds_up(name) || !extra.find(name))) append_foreign(out, name, value);
  }
  if (!extra.find("Content-Type")) append_field(out, "Content-Type", type);
  append_length(out, length);
  if (!extra.find("Cache-Control")) append_field(out, "cache-control", "no-store");
  append_fields(out, extra);
}

}  // namespace detail

inline void write_poll_head(std::string& out, std::size_t length, const reply_options& how, const headers& fields,
                            const headers& extra, bool binary) {
  out += "HTTP/1.1 200 OK\r\n";
  const std::string_view type = binary ? "application/octet-stream" : "text/plain; charset=UTF-8";
  detail::append_poll_fields(out, type, length, fields, extra);
  detail::append_end(out, how);
}

inline void write_post_answer(std::string& out, const reply_options& how, const headers& fields, const headers& extra) {
  out += "HTTP/1.1 200 OK\r\n";
  detail::append_poll_fields(out, "text/html", 2, fields, extra);
  detail::append_end(out, how);
  out += "ok";
}

inline std::string upgrade_fields(const headers& fields) {
  std::string out;
  for (const auto& [name, value] : fields)
    if (!same_letters(name, "Upgrade") && !same_letters(std::string_view(name).substr(0, 14), "Sec-WebSocket-"))
      detail::append_foreign(out, name, value);
  return out;
}

inline std::string upgrade_refusal(std::string_view message) {
  std::string out = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-type: text/html\r\n";
  detail::append_length(out, message.size());
  return out.append("\r\n").append(message);
}

}  // namespace http
}  // namespace SIO_ABI
}  // namespace sio
