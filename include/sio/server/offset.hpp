// Places in a namespace's stream of recoverable packets, and how they look on the wire: "-f4T2mXk0".
#pragma once

#include <sio/config.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

/// The n-th packet of a stream; what comes later has a larger one, also after a restart (see `recovery`).
using packet_offset = std::uint64_t;

namespace detail {

// In the order of the characters' codes: later offsets are greater as texts, too.
inline constexpr std::string_view offset_digits = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
inline constexpr std::size_t offset_size = 9;  // 54 bits: microseconds since 1970 until the year 2540

}  // namespace detail

inline std::string to_text(packet_offset at) {
  std::string text(detail::offset_size, '-');
  for (std::size_t i = detail::offset_size; i-- != 0; at >>= 6) text[i] = detail::offset_digits[at & 63];
  return text;
}

/// Nothing for what `to_text` never says.
inline std::optional<packet_offset> to_offset(std::string_view text) noexcept {
  if (text.size() != detail::offset_size) return std::nullopt;
  packet_offset at = 0;
  for (const char c : text) {
    const std::size_t six = detail::offset_digits.find(c);
    if (six == std::string_view::npos) return std::nullopt;
    at = at << 6 | six;
  }
  return at;
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
