// Numbers as JavaScript prints them: 1, 0.5, 1e+21.
#pragma once

#include <sio/config.hpp>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace json {

inline void write_number(std::string& out, std::int64_t i) {
  char text[20];
  out.append(text, std::to_chars(text, text + sizeof text, i).ptr);
}

namespace detail {

// d.ddde+xx -> its digits and the place of the point: 0.0125 is "125" and -1.
struct decimal {
  char digits[20];
  int count;
  int point;
};

inline decimal shortest(double positive) noexcept {
  char text[32];
  const char* const end = std::to_chars(text, text + sizeof text, positive, std::chars_format::scientific).ptr;
  decimal out{};
  const char* p = text;
  for (; *p != 'e'; ++p)
    if (*p != '.') out.digits[out.count++] = *p;
  p += p[1] == '+' ? 2 : 1;  // from_chars takes no plus
  std::from_chars(p, end, out.point);
  ++out.point;
  return out;
}

inline void write_with_exponent(std::string& out, const decimal& d) {
  out += d.digits[0];
  if (d.count > 1) out.append(1, '.').append(d.digits + 1, static_cast<std::size_t>(d.count - 1));
  out += d.point > 0 ? "e+" : "e";
  write_number(out, std::int64_t{d.point} - 1);
}

// ECMAScript, Number::toString
inline void write_decimal(std::string& out, const decimal& d) {
  const std::string_view digits(d.digits, static_cast<std::size_t>(d.count));
  if (d.point > 21 || d.point <= -6) return write_with_exponent(out, d);
  if (d.point <= 0) {
    out.append("0.").append(static_cast<std::size_t>(-d.point), '0').append(digits);
  } else if (d.point >= d.count) {
    out.append(digits).append(static_cast<std::size_t>(d.point - d.count), '0');
  } else {
    const auto whole = static_cast<std::size_t>(d.point);
    out.append(digits.substr(0, whole)).append(1, '.').append(digits.substr(whole));
  }
}

}  // namespace detail

/// What JSON cannot say is null; minus zero is 0.
inline void write_number(std::string& out, double d) {
  constexpr double max = std::numeric_limits<double>::max();
  if (!(d >= -max && d <= max)) {
    out += "null";
    return;
  }
  if (d < 0) out += '-';
  if (d == 0)
    out += '0';
  else
    detail::write_decimal(out, detail::shortest(d < 0 ? -d : d));
}

}  // namespace json
}  // namespace SIO_ABI
}  // namespace sio
