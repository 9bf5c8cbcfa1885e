// One character of UTF-8 at a time.
#pragma once

#include <sio/config.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace json {

/// So many bytes are one character, or, if not valid, are what one U+FFFD stands for (as browsers and Node count).
struct utf8_step {
  std::size_t size;
  bool valid;
};

/// The character at `text[at]`; `at` must be inside.
inline utf8_step utf8_at(std::string_view text, std::size_t at) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(at);
  if (first < 0x80) return {1, true};
  if (first < 0xC2 || first > 0xF4) return {1, false};
  const std::size_t size = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  // The second byte rules out overlong forms, surrogates and what lies above U+10FFFF.
  unsigned low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  unsigned high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  for (std::size_t i = 1; i != size; ++i) {
    if (at + i == text.size() || byte(at + i) < low || byte(at + i) > high) return {i, false};
    low = 0x80;
    high = 0xBF;
  }
  return {size, true};
}

/// Whether the next eight bytes are all ASCII.
inline bool eight_ascii_at(std::string_view text, std::size_t at) noexcept {
  std::uint64_t bytes = 0;
  if (text.size() - at < sizeof bytes) return false;
  std::memcpy(&bytes, text.data() + at, sizeof bytes);
  return (bytes & 0x8080808080808080u) == 0;
}

inline bool is_utf8(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size();) {
    if (eight_ascii_at(text, at)) {
      at += 8;
      continue;
    }
    const utf8_step step = utf8_at(text, at);
    if (!step.valid) return false;
    at += step.size;
  }
  return true;
}

}  // namespace json
}  // namespace SIO_ABI
}  // namespace sio
