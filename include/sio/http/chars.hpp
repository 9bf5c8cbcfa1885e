// The character classes and small texts of HTTP/1.1's grammar (RFC 9110 §5.6, RFC 9112 §2).
#pragma once

#include <sio/config.hpp>
#include <sio/request.hpp>

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace http {
namespace detail {

enum class_bit : std::uint8_t { token_bit = 1, text_bit = 2, target_bit = 4, host_bit = 8 };

constexpr bool one_of(char c, std::string_view set) noexcept { return set.find(c) != std::string_view::npos; }

constexpr bool alphanumeric(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr std::uint8_t classes_of(unsigned code) noexcept {
  const char c = static_cast<char>(code);
  const bool visible = code > 0x20 && code < 0x7f;
  unsigned bits = 0;
  if (alphanumeric(c) || (visible && one_of(c, "!#$%&'*+-.^_`|~"))) bits |= token_bit;
  if (code == '\t' || (code >= 0x20 && code != 0x7f)) bits |= text_bit;
  if (visible && c != '#') bits |= target_bit;
  if (alphanumeric(c) || (visible && one_of(c, "-._~%!$&'()*+,;=:[]"))) bits |= host_bit;
  return static_cast<std::uint8_t>(bits);
}

constexpr std::array<std::uint8_t, 256> make_classes() noexcept {
  std::array<std::uint8_t, 256> table{};
  for (unsigned code = 0; code != 256; ++code) table[code] = classes_of(code);
  return table;
}

inline constexpr std::array<std::uint8_t, 256> classes = make_classes();

constexpr bool has_class(char c, class_bit bit) noexcept { return (classes[static_cast<unsigned char>(c)] & bit) != 0; }

constexpr bool all_of_class(std::string_view text, class_bit bit) noexcept {
  for (const char c : text)
    if (!has_class(c, bit)) return false;
  return true;
}

}  // namespace detail

using sio::detail::same_letters;

/// A method or a field's name: at least one of RFC 9110's token characters.
constexpr bool is_token(std::string_view text) noexcept {
  return !text.empty() && detail::all_of_class(text, detail::token_bit);
}

/// What a field's value may hold: no CR, LF, NUL or other control character but the tab.
constexpr bool is_field_text(std::string_view text) noexcept { return detail::all_of_class(text, detail::text_bit); }

/// Field text without a byte above 0x7e: what may be sent back in a header.
constexpr bool is_ascii_text(std::string_view text) noexcept {
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7e) return false;
  return true;
}

/// `text` without blanks and tabs around it.
constexpr std::string_view trimmed(std::string_view text) noexcept {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Decimal digits and nothing else, or nothing; so is a number that does not fit.
constexpr std::optional<std::uint64_t> to_number(std::string_view digits) noexcept {
  constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  if (digits.empty()) return std::nullopt;
  std::uint64_t number = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (number > (most - digit) / 10) return std::nullopt;
    number = number * 10 + digit;
  }
  return number;
}

/// The value of a hexadecimal digit, or -1.
constexpr int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Calls `see` with each element of a comma-separated list, trimmed; empty ones are left out.
template <class See>
void each_element(std::string_view list, See see) {
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    const std::string_view element = trimmed(list.substr(0, comma));
    if (!element.empty()) see(element);
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
  }
}

}  // namespace http
}  // namespace SIO_ABI
}  // namespace sio
