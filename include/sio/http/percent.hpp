// Percent escapes: "a b" <-> "a%20b" (RFC 3986 §2.1).
#pragma once

#include <sio/http/chars.hpp>
#include <sio/unicode/utf8.hpp>

#include <string>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace http {

/// All but letters, digits and the `kept` marks as escapes.
inline std::string percent_encode(std::string_view bytes, std::string_view kept) {
  static constexpr char hex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : bytes) {
    const auto code = static_cast<unsigned char>(c);
    if (detail::alphanumeric(c) || detail::one_of(c, kept))
      out += c;
    else
      ((out += '%') += hex[code >> 4]) += hex[code & 15];
  }
  return out;
}

/// Escapes as the bytes they stand for, broken ones as they are.
inline std::string percent_bytes(std::string_view text, bool plus_is_blank = false) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size();
    const int high = escape ? hex_value(text[i + 1]) : -1;
    const int low = escape ? hex_value(text[i + 2]) : -1;
    if (high >= 0 && low >= 0) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += plus_is_blank && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

/// The same as text: what is no UTF-8 then becomes U+FFFD.
inline std::string percent_decode(std::string_view text, bool plus_is_blank = false) {
  return unicode::to_valid_utf8(percent_bytes(text, plus_is_blank));
}

}  // namespace http
}  // namespace SIO_ABI
}  // namespace sio
