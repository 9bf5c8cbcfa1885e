// Texts from a peer made valid UTF-8, as JS makes them.
#pragma once

#include <sio/config.hpp>

#include <string>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace http {

namespace detail {

inline bool is_between(std::string_view text, std::size_t at, unsigned low, unsigned high) noexcept {
  if (at >= text.size()) return false;
  const auto byte = static_cast<unsigned char>(text[at]);
  return byte >= low && byte <= high;
}

struct utf8_piece {
  std::size_t size;  // bytes of a character, or those that stand for one U+FFFD
  bool valid;
};

// The well-formed sequences of Unicode's table 3-7; of a broken one as much as could have begun a character.
inline utf8_piece next_utf8(std::string_view text) noexcept {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) return {1, true};
  if (lead < 0xc2 || lead > 0xf4) return {1, false};
  const std::size_t size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  const unsigned low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  const unsigned high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  if (!is_between(text, 1, low, high)) return {1, false};
  for (std::size_t i = 2; i != size; ++i)
    if (!is_between(text, i, 0x80, 0xbf)) return {i, false};
  return {size, true};
}

}  // namespace detail

/// `text` with each ill-formed sequence replaced by U+FFFD.
inline std::string to_valid_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const detail::utf8_piece piece = detail::next_utf8(text);
    out.append(piece.valid ? text.substr(0, piece.size) : std::string_view("\xef\xbf\xbd"));
    text.remove_prefix(piece.size);
  }
  return out;
}

}  // namespace http
}  // namespace SIO_ABI
}  // namespace sio
