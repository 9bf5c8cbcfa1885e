// Whether bytes are UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF (RFC 3629).
#pragma once

#include <sio/config.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace ws {

namespace detail {

/// How many bytes the character at `p` takes; 0 if it is none, or is cut off by the end (`n` >= 1 bytes are there).
inline std::size_t utf8_length(const unsigned char* p, std::size_t n) noexcept {
  const unsigned lead = p[0];
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const std::size_t length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (length > n) return 0;
  const unsigned lowest = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;   // else overlong
  const unsigned highest = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;  // else a surrogate, or too large
  if (p[1] < lowest || p[1] > highest) return 0;
  for (std::size_t i = 2; i != length; ++i)
    if ((p[i] & 0xc0) != 0x80) return 0;
  return length;
}

}  // namespace detail

inline bool is_utf8(std::string_view text) noexcept {
  auto p = reinterpret_cast<const unsigned char*>(text.data());
  for (std::size_t n = text.size(); n != 0;) {
    std::uint64_t word = ~std::uint64_t{0};
    if (n >= 8) std::memcpy(&word, p, 8);
    const std::size_t step = (word & 0x8080808080808080u) == 0 ? 8 : detail::utf8_length(p, n);
    if (step == 0) return false;
    p += step;
    n -= step;
  }
  return true;
}

}  // namespace ws
}  // namespace SIO_ABI
}  // namespace sio
