// The JSON bodies of refused requests.
//
//   {"code":1,"message":"Session ID unknown"}
#pragma once

#include <sio/http/utf8.hpp>

#include <string>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace http {

namespace detail {

inline void append_escaped(std::string& out, char c) {
  static constexpr char hex[] = "0123456789abcdef";
  static constexpr std::string_view named = "\b\f\n\r\t\"\\";
  static constexpr std::string_view letters = "bfnrt\"\\";
  const auto code = static_cast<unsigned char>(c);
  const std::size_t at = named.find(c);
  if (at != std::string_view::npos)
    (out += '\\') += letters[at];
  else if (code < 0x20)
    ((out += "\\u00") += hex[code >> 4]) += hex[code & 15];
  else
    out += c;
}

}  // namespace detail

/// `text` as a JSON string, as `JSON.stringify` writes it; bytes that are no UTF-8 become U+FFFD.
inline std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : to_valid_utf8(text)) detail::append_escaped(out, c);
  return out += '"';
}

/// The body of an Engine.IO error.
inline std::string error_body(int code, std::string_view message) {
  return "{\"code\":" + std::to_string(code) + ",\"message\":" + json_string(message) + "}";
}

}  // namespace http
}  // namespace SIO_ABI
}  // namespace sio
