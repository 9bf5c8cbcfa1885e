// Points in time as JS writes and reads them: 2026-11-21T12:20:55.123Z <-> milliseconds since 1970.
#pragma once

#include <sio/config.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace calendar {

struct civil_day {
  std::int64_t year;
  unsigned month;  // 0: January
  unsigned day;
};

// Days since 1970 to the Gregorian calendar; a year begins in March here, so that a leap day is its last.
inline civil_day to_civil(std::int64_t days) noexcept {
  days += 719'468;  // since 0000-03-01
  const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
  const std::int64_t of_era = days - era * 146'097;
  const std::int64_t year = (of_era - of_era / 1'460 + of_era / 36'524 - of_era / 146'096) / 365;
  const std::int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
  const std::int64_t month = (5 * of_year + 2) / 153;
  const std::int64_t day = of_year - (153 * month + 2) / 5 + 1;
  const bool next_year = month >= 10;
  return {year + era * 400 + (next_year ? 1 : 0), static_cast<unsigned>(next_year ? month - 10 : month + 2),
          static_cast<unsigned>(day)};
}

// The way back; a day that the month does not have is one of the next month.
inline std::int64_t to_days(const civil_day& date) noexcept {
  const std::int64_t year = date.month < 2 ? date.year - 1 : date.year;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t of_era = year - era * 400;
  const std::int64_t of_year = (153 * ((std::int64_t{date.month} + 10) % 12) + 2) / 5 + std::int64_t{date.day} - 1;
  return era * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719'468;
}

inline void append_padded(std::string& out, std::int64_t number, std::size_t width) {
  const std::string digits = std::to_string(number);
  if (digits.size() < width) out.append(width - digits.size(), '0');
  out += digits;
}

inline constexpr std::int64_t day_ms = 86'400'000;
inline constexpr std::int64_t latest_ms = 100'000'000 * day_ms;  // a JS Date reaches so far from 1970, both ways

/// As `Date.prototype.toISOString` does; nothing for what no JS Date holds.
inline std::optional<std::string> to_iso(std::int64_t ms) {
  if (ms < -latest_ms || ms > latest_ms) return std::nullopt;
  const std::int64_t days = (ms >= 0 ? ms : ms - (day_ms - 1)) / day_ms;
  const std::int64_t of_day = ms - days * day_ms;
  const civil_day date = to_civil(days);
  const bool usual = date.year >= 0 && date.year <= 9'999;
  std::string out = usual ? "" : date.year < 0 ? "-" : "+";
  append_padded(out, date.year < 0 ? -date.year : date.year, usual ? 4 : 6);
  append_padded(out += '-', date.month + 1, 2);
  append_padded(out += '-', date.day, 2);
  append_padded(out += 'T', of_day / 3'600'000, 2);
  append_padded(out += ':', of_day / 60'000 % 60, 2);
  append_padded(out += ':', of_day / 1'000 % 60, 2);
  append_padded(out += '.', of_day % 1'000, 3);
  return out += 'Z';
}

namespace detail {

// Reads a text from its front; once something is missing, it stays bad.
struct scanner {
  std::string_view rest;
  bool good = true;

  bool take(char c) noexcept {
    if (rest.empty() || rest[0] != c) return false;
    rest.remove_prefix(1);
    return true;
  }
  void demand(char c) noexcept { good = take(c) && good; }
  bool at_digit() const noexcept { return !rest.empty() && rest[0] >= '0' && rest[0] <= '9'; }
  std::int64_t number(std::size_t digits, std::int64_t most) noexcept {
    std::int64_t n = 0;
    for (; digits != 0 && at_digit(); --digits, rest.remove_prefix(1)) n = n * 10 + (rest[0] - '0');
    good = good && digits == 0 && n <= most;
    return n;
  }
};

// .123 or .123456: what is less than a millisecond is cut off
inline std::int64_t take_fraction(scanner& in) noexcept {
  std::int64_t ms = in.number(1, 9) * 100;
  for (std::int64_t place = 10; in.at_digit(); place /= 10) ms += in.number(1, 9) * place;
  return ms;
}

// Z or +01:30
inline std::int64_t take_zone(scanner& in) noexcept {
  if (in.take('Z')) return 0;
  const bool west = in.take('-');
  if (!west) in.demand('+');
  std::int64_t minutes = in.number(2, 23) * 60;
  in.demand(':');
  minutes += in.number(2, 59);
  return (west ? -minutes : minutes) * 60'000;
}

inline std::int64_t take_time(scanner& in) noexcept {
  std::int64_t ms = in.number(2, 23) * 3'600'000;
  in.demand(':');
  ms += in.number(2, 59) * 60'000;
  if (in.take(':')) {
    ms += in.number(2, 59) * 1'000;
    if (in.take('.')) ms += take_fraction(in);
  }
  return ms - take_zone(in);
}

inline civil_day take_date(scanner& in) noexcept {
  const bool before = in.take('-');
  const bool long_year = before || in.take('+');
  const std::int64_t year = in.number(long_year ? 6 : 4, 999'999);
  in.demand('-');
  const std::int64_t month = in.number(2, 12);
  in.demand('-');
  const std::int64_t day = in.number(2, 31);
  in.good = in.good && month != 0 && day != 0;
  return {before ? -year : year, static_cast<unsigned>(month) - 1, static_cast<unsigned>(day)};
}

}  // namespace detail

/// A date (midnight UTC), or a date and a time with its zone; nothing for any other text.
inline std::optional<std::int64_t> from_iso(std::string_view text) noexcept {
  detail::scanner in{text};
  const civil_day date = detail::take_date(in);
  if (!in.good) return std::nullopt;
  const std::int64_t days = to_days(date);
  const civil_day same = to_civil(days);
  std::int64_t ms = days * day_ms;
  if (in.take('T')) ms += detail::take_time(in);
  const bool fine = in.good && in.rest.empty() && same.day == date.day && ms >= -latest_ms && ms <= latest_ms;
  return fine ? std::optional<std::int64_t>(ms) : std::nullopt;
}

}  // namespace calendar
}  // namespace SIO_ABI
}  // namespace sio
