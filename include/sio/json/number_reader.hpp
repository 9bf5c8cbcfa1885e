// JSON numbers: exact in 64 bits, else the nearest double.
#pragma once

#include <sio/config.hpp>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <system_error>
#if !defined(__cpp_lib_to_chars)
#include <locale>
#include <sstream>
#include <string>
#endif

namespace sio {
inline namespace SIO_ABI {
namespace json {
namespace detail {

// Nothing when it is out of a double's range, above or below.
inline std::optional<double> to_double(std::string_view text) {
#if defined(__cpp_lib_to_chars)
  double d = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), d);
  return read.ec == std::errc() ? std::optional<double>(d) : std::nullopt;
#else
  std::istringstream in{std::string(text)};  // strtod would ask the program's locale for the point
  in.imbue(std::locale::classic());
  double d = 0;
  return in >> d ? std::optional<double>(d) : std::nullopt;
#endif
}

// The place of the first digit that is not 0, counted from the point: 2 for 12.5, -2 for 0.00125.
inline std::int64_t first_place(std::string_view mantissa) noexcept {
  const std::size_t point = mantissa.find('.');
  const std::string_view whole = mantissa.substr(0, point);
  if (whole != "0") return static_cast<std::int64_t>(whole.size());
  const std::size_t first = mantissa.find_first_not_of("0.");
  return first == std::string_view::npos ? 0 : -static_cast<std::int64_t>(first - point - 1);
}

// Whether a number out of range is too small, not too large. An exponent beyond 64 bits decides alone.
inline bool is_tiny(std::string_view number) noexcept {
  if (number[0] == '-') number.remove_prefix(1);
  const std::size_t e = number.find_first_of("eE");
  if (e == std::string_view::npos) return number[0] == '0';
  std::string_view digits = number.substr(e + 1);
  if (digits[0] == '+') digits.remove_prefix(1);
  std::int64_t exponent = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
  if (read.ec != std::errc() || exponent < INT32_MIN || exponent > INT32_MAX) return digits[0] == '-';
  return exponent + first_place(number.substr(0, e)) < 0;
}

// For each: `number` follows JSON's grammar. A 64-bit integer, or nothing.
inline std::optional<std::int64_t> read_integer(std::string_view number) noexcept {
  std::int64_t i = 0;
  const char* const end = number.data() + number.size();
  const auto read = std::from_chars(number.data(), end, i);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return i;
}

// The nearest double; nothing if it is too large for one.
inline std::optional<double> read_double(std::string_view number) {
  if (const std::optional<double> d = to_double(number)) return d;
  return is_tiny(number) ? std::optional<double>(0.0) : std::nullopt;
}

}  // namespace detail
}  // namespace json
}  // namespace SIO_ABI
}  // namespace sio
