// Base64 (RFC 4648) as Node's Buffer has it: strict when written, lenient when read.
#pragma once

#include <sio/config.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace eio {
namespace base64 {
namespace detail {

inline constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
inline constexpr std::uint8_t skipped = 0xFF;

constexpr std::array<std::uint8_t, 256> make_digits() {
  std::array<std::uint8_t, 256> out{};
  for (std::uint8_t& digit : out) digit = skipped;
  for (std::uint8_t i = 0; i != 64; ++i) out[static_cast<unsigned char>(alphabet[i])] = i;
  out['-'] = 62;
  out['_'] = 63;
  return out;
}

inline constexpr std::array<std::uint8_t, 256> digits = make_digits();

inline std::uint32_t byte_at(std::string_view bytes, std::size_t at) noexcept {
  return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0u;
}

}  // namespace detail

/// How many characters `encode` appends for so many bytes.
constexpr std::size_t encoded_size(std::size_t bytes) noexcept { return bytes / 3 * 4 + (bytes % 3 ? 4 : 0); }

/// Appends the bytes to `out`, with padding: 01 -> "AQ==".
inline void encode(std::string& out, std::string_view bytes) {
  std::size_t to = out.size();
  out.resize(to + encoded_size(bytes.size()), '=');
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::uint32_t group =
        detail::byte_at(bytes, at) << 16 | detail::byte_at(bytes, at + 1) << 8 | detail::byte_at(bytes, at + 2);
    const std::size_t left = bytes.size() - at;
    const std::size_t used = left < 3 ? left + 1 : 4;
    for (std::size_t i = 0; i != used; ++i) out[to + i] = detail::alphabet[group >> (18 - 6 * i) & 63];
    to += 4;
  }
}

/// Appends what `text` stands for: ends at the first `=`, takes `-` and `_` for `+` and `/`, skips whatever is no
/// digit.
inline void decode(std::string& out, std::string_view text) {
  std::size_t to = out.size();
  out.resize(to + text.size() / 4 * 3 + 3);
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    if (c == '=') break;
    const std::uint8_t digit = detail::digits[static_cast<unsigned char>(c)];
    if (digit == detail::skipped) continue;
    bits = bits << 6 | digit;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out[to++] = static_cast<char>(bits >> count & 0xFF);
  }
  out.resize(to);
}

}  // namespace base64
}  // namespace eio
}  // namespace SIO_ABI
}  // namespace sio
