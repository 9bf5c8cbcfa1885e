// What the fields of a message say of its body, its connection and its host, and which of them contradict each other.
//
//   Content-Length: 5 + Transfer-Encoding: chunked   -> 400: two ends of one body is how messages are smuggled
#pragma once

#include <sio/http/fields.hpp>

namespace sio {
inline namespace SIO_ABI {
namespace http {
namespace detail {

// What one pass over the fields has seen.
struct seen_fields {
  unsigned hosts = 0;
  unsigned encodings = 0;
  bool close = false;
  bool keep_alive = false;
  bool upgrade = false;
  bool websocket = false;
  bool expect = false;
};

inline refusal read_length(std::string_view value, message_head& out) {
  if (out.content_length) return {400, "more than one Content-Length"};
  out.content_length = to_number(value);
  if (!out.content_length) return {400, "a Content-Length that is no number"};
  return {};
}

inline refusal read_encoding(std::string_view value, message_head& out, seen_fields& seen) {
  if (++seen.encodings != 1) return {400, "more than one Transfer-Encoding"};
  if (!out.http_1_1) return {400, "Transfer-Encoding in HTTP/1.0"};
  if (!same_letters(value, "chunked")) return {501, "a Transfer-Encoding other than chunked"};
  out.chunked = true;
  return {};
}

inline refusal read_host(std::string_view value, seen_fields& seen) {
  if (++seen.hosts != 1) return {400, "more than one Host"};
  if (!all_of_class(value, host_bit)) return {400, "a Host that names no host"};
  return {};
}

inline void read_connection(std::string_view value, seen_fields& seen) {
  each_element(value, [&](std::string_view option) {
    seen.close |= same_letters(option, "close");
    seen.keep_alive |= same_letters(option, "keep-alive");
    seen.upgrade |= same_letters(option, "upgrade");
  });
}

inline void read_upgrade(std::string_view value, seen_fields& seen) {
  each_element(value, [&](std::string_view protocol) { seen.websocket |= same_letters(protocol, "websocket"); });
}

inline refusal read_expect(std::string_view value, seen_fields& seen) {
  if (!same_letters(value, "100-continue")) return {417, "an expectation other than 100-continue"};
  seen.expect = true;
  return {};
}

inline refusal read_meaning(const field& f, message_head& out, seen_fields& seen) {
  // The length tells most fields apart from the few that matter here.
  switch (f.name.size()) {
    case 7:
      if (same_letters(f.name, "upgrade")) read_upgrade(f.value, seen);
      return {};
    case 10:
      if (same_letters(f.name, "connection")) read_connection(f.value, seen);
      return {};
    case 14: return same_letters(f.name, "content-length") ? read_length(f.value, out) : refusal{};
    case 17: return same_letters(f.name, "transfer-encoding") ? read_encoding(f.value, out, seen) : refusal{};
    default: return {};
  }
}

inline refusal read_request_meaning(const field& f, head& out, seen_fields& seen) {
  if (same_letters(f.name, "host")) return read_host(f.value, seen);
  if (same_letters(f.name, "expect")) return read_expect(f.value, seen);
  return read_meaning(f, out, seen);
}

// `out.http_1_1` is known already.
inline refusal conclude(message_head& out, const seen_fields& seen) {
  if (out.chunked && out.content_length) return {400, "Content-Length and Transfer-Encoding"};
  out.keep_alive = !seen.close && (out.http_1_1 || seen.keep_alive);
  out.upgrade_websocket = out.http_1_1 && seen.upgrade && seen.websocket;  // RFC 9110 §7.8: not in HTTP/1.0
  return {};
}

}  // namespace detail

/// Fills in what the fields of a request mean; `out.http_1_1` is known already.
inline refusal read_framing(head& out) {
  detail::seen_fields seen;
  for (const field& f : out.fields)
    if (const refusal why = detail::read_request_meaning(f, out, seen)) return why;
  if (const refusal why = detail::conclude(out, seen)) return why;
  if (out.http_1_1 && seen.hosts == 0) return {400, "no Host"};
  out.expect_continue = out.http_1_1 && seen.expect && out.has_body();  // RFC 9110 §10.1.1: not in HTTP/1.0
  if (out.upgrade_websocket && out.has_body()) return {400, "an upgrade with a body"};
  return {};
}

/// The same for an answer.
inline refusal read_framing(message_head& out) {
  detail::seen_fields seen;
  for (const field& f : out.fields)
    if (const refusal why = detail::read_meaning(f, out, seen)) return why;
  return detail::conclude(out, seen);
}

}  // namespace http
}  // namespace SIO_ABI
}  // namespace sio
