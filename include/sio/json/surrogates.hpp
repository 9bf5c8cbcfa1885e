// Escapes that name half a character: JSON.parse takes "\ud800" alone, UTF-8 cannot say it, so it becomes U+FFFD.
#pragma once

#include <sio/config.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace json {
namespace detail {

inline bool is_hex(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// The first (d8..db) or second (dc..df) half of a pair, by the escape of six letters at that place.
enum class half { none, first, second };

inline half half_at(std::string_view text, std::size_t at) noexcept {
  if (text.size() - at < 6 || text[at] != '\\' || text[at + 1] != 'u') return half::none;
  if (text[at + 2] != 'd' && text[at + 2] != 'D') return half::none;
  if (!is_hex(text[at + 4]) || !is_hex(text[at + 5])) return half::none;  // no escape at all: not to be mended
  const char c = text[at + 3];
  if (c == '8' || c == '9' || c == 'a' || c == 'b' || c == 'A' || c == 'B') return half::first;
  const bool second = (c >= 'c' && c <= 'f') || (c >= 'C' && c <= 'F');
  return second ? half::second : half::none;
}

// From one backslash to the next; the letter after one belongs to it, so that \\ud800 is no escape of a half.
inline std::size_t next_escape(std::string_view text, std::size_t at) noexcept {
  const std::size_t found = text.find('\\', at);
  return found == std::string_view::npos ? text.size() : found;
}

// The first half that stands alone at or after `at`; the text's end if there is none.
inline std::size_t find_lone_half(std::string_view text, std::size_t at) noexcept {
  for (at = next_escape(text, at); at < text.size(); at = next_escape(text, at)) {
    const half here = half_at(text, at);
    if (here == half::none) {
      at += 2;
      if (at >= text.size()) break;
      continue;
    }
    if (here == half::second || text.size() - at < 12 || half_at(text, at + 6) != half::second) return at;
    at += 12;
    if (at >= text.size()) break;
  }
  return text.size();
}

// \ud800 -> \ufffd: as long as before, so that it is done in place.
inline void replace_lone_halves(std::string& text) {
  for (std::size_t at = find_lone_half(text, 0); at < text.size(); at = find_lone_half(text, at))
    text.replace(at + 2, 4, "fffd");
}

}  // namespace detail
}  // namespace json
}  // namespace SIO_ABI
}  // namespace sio
