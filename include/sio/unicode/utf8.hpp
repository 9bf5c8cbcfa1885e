// Which bytes are UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF (RFC 3629); and what mends others.
#pragma once

#include <sio/config.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace unicode {

/// So many bytes are one character, or, if not valid, are what one U+FFFD stands for (as browsers and Node count).
struct utf8_step {
  std::size_t size;
  bool valid;
};

/// The character that `bytes` begin with; there must be one byte at least.
inline utf8_step first_character(std::string_view bytes) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return {1, true};
  if (lead < 0xc2 || lead > 0xf4) return {1, false};
  const std::size_t size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  const unsigned lowest = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;   // else overlong
  const unsigned highest = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;  // else a surrogate, or too large
  if (bytes.size() < 2 || byte(1) < lowest || byte(1) > highest) return {1, false};
  for (std::size_t i = 2; i != size; ++i)
    if (i == bytes.size() || (byte(i) & 0xc0) != 0x80) return {i, false};
  return {size, true};
}

inline bool is_utf8(std::string_view bytes) noexcept {
  const char* p = bytes.data();
  for (std::size_t n = bytes.size(); n != 0;) {
    std::uint64_t word = ~std::uint64_t{0};
    if (n >= 8) std::memcpy(&word, p, 8);
    const bool ascii = (word & 0x8080808080808080u) == 0;
    const utf8_step step = ascii ? utf8_step{8, true} : first_character({p, n});
    if (!step.valid) return false;
    p += step.size;
    n -= step.size;
  }
  return true;
}

/// The bytes with each ill-formed sequence replaced by U+FFFD.
inline std::string to_valid_utf8(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  while (!bytes.empty()) {
    const utf8_step step = first_character(bytes);
    out.append(step.valid ? bytes.substr(0, step.size) : std::string_view("\xef\xbf\xbd"));
    bytes.remove_prefix(step.size);
  }
  return out;
}

}  // namespace unicode
}  // namespace SIO_ABI
}  // namespace sio
