// The dates of cookies, which servers write in many ways (RFC 6265 §5.1.1).
//
//   Sun, 06 Nov 1994 08:49:37 GMT    Sunday, 06-Nov-94 08:49:37 GMT    Sun Nov  6 08:49:37 1994
#pragma once

#include <sio/calendar.hpp>
#include <sio/http/chars.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace http {

/// Nothing for what is no date.
std::optional<std::chrono::system_clock::time_point> parse_cookie_date(std::string_view text);

// ---- bodies

namespace detail {

// What the tokens of a date have told so far; -1: nothing.
struct cookie_date {
  int second_of_day = -1, day = -1, month = -1, year = -1;
};

inline bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

inline bool is_date_delimiter(char c) noexcept { return !alphanumeric(c) && c != ':' && (c & 0x80) == 0; }

// So many digits at the front, at least `least` and at most `most`; what follows is no digit. -1: not so.
inline int take_digits(std::string_view& text, std::size_t least, std::size_t most) noexcept {
  std::size_t size = 0;
  int number = 0;
  for (; size != text.size() && size <= most && is_digit(text[size]); ++size) number = number * 10 + (text[size] - '0');
  if (size < least || size > most) return -1;
  text.remove_prefix(size);
  return number;
}

// "8:49:37"
inline bool read_time_of_day(std::string_view token, cookie_date& out) noexcept {
  int seconds = 0;
  for (int part = 0; part != 3; ++part) {
    const int number = take_digits(token, 1, 2);
    if (number < 0 || number > (part == 0 ? 23 : 59)) return false;
    seconds = seconds * 60 + number;
    if (part == 2) break;
    if (token.empty() || token.front() != ':') return false;
    token.remove_prefix(1);
  }
  out.second_of_day = seconds;
  return true;
}

inline bool read_month(std::string_view token, cookie_date& out) noexcept {
  static constexpr std::string_view months = "janfebmaraprmayjunjulaugsepoctnovdec";
  if (token.size() < 3) return false;
  for (std::size_t m = 0; m != 12; ++m)
    if (same_letters(token.substr(0, 3), months.substr(3 * m, 3))) return out.month = static_cast<int>(m), true;
  return false;
}

inline bool read_day(std::string_view token, cookie_date& out) noexcept {
  out.day = take_digits(token, 1, 2);
  return out.day >= 0;
}

// "94" is 1994, "26" is 2026.
inline bool read_year(std::string_view token, cookie_date& out) noexcept {
  const int number = take_digits(token, 2, 4);
  out.year = number < 0 || number > 99 ? number : number < 70 ? number + 2000 : number + 1900;
  return number >= 0;
}

inline void read_date_token(std::string_view token, cookie_date& out) noexcept {
  if (out.second_of_day < 0 && read_time_of_day(token, out)) return;
  if (out.day < 0 && read_day(token, out)) return;
  if (out.month < 0 && read_month(token, out)) return;
  if (out.year < 0) read_year(token, out);
}

}  // namespace detail

inline std::optional<std::chrono::system_clock::time_point> parse_cookie_date(std::string_view text) {
  using std::chrono::system_clock;
  detail::cookie_date found;
  while (!text.empty()) {
    std::size_t size = 0;
    while (size != text.size() && !detail::is_date_delimiter(text[size])) ++size;
    if (size != 0) detail::read_date_token(text.substr(0, size), found);
    text.remove_prefix(size == text.size() ? size : size + 1);
  }
  if (found.second_of_day < 0 || found.day < 1 || found.day > 31 || found.month < 0 || found.year < 1601)
    return std::nullopt;
  const calendar::civil_day day{found.year, static_cast<unsigned>(found.month), static_cast<unsigned>(found.day)};
  const std::chrono::seconds since_1970(calendar::to_days(day) * 86'400 + found.second_of_day);
  // A system clock of nanoseconds ends in 2262.
  constexpr auto last = std::chrono::duration_cast<std::chrono::seconds>(system_clock::duration::max());
  if (since_1970 > last) return system_clock::time_point::max();
  if (since_1970.count() < 0) return system_clock::time_point();
  return system_clock::time_point(since_1970);
}

}  // namespace http
}  // namespace SIO_ABI
}  // namespace sio
