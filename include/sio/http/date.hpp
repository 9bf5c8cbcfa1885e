// Dates as HTTP writes them.
#pragma once

#include <sio/config.hpp>

#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace http {

namespace detail {

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

inline void append_padded(std::string& out, std::int64_t number, std::size_t width) {
  const std::string digits = std::to_string(number);
  if (digits.size() < width) out.append(width - digits.size(), '0');
  out += digits;
}

}  // namespace detail

/// `time` as `Sun, 06 Nov 1994 08:49:37 GMT`.
inline std::string http_date(std::time_t time) {
  static constexpr const char* days[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::int64_t seconds = time < 0 ? 0 : static_cast<std::int64_t>(time);
  const std::int64_t day = seconds / 86'400;
  const detail::civil_day date = detail::to_civil(day);
  std::string out = days[day % 7];
  out += ", ";
  detail::append_padded(out, date.day, 2);
  (out += ' ') += months[date.month];
  detail::append_padded(out += ' ', date.year, 4);
  detail::append_padded(out += ' ', seconds / 3'600 % 24, 2);
  detail::append_padded(out += ':', seconds / 60 % 60, 2);
  detail::append_padded(out += ':', seconds % 60, 2);
  return out += " GMT";
}

/// The date of an answer that is written now; made once in a second. Valid until this thread's next call.
inline std::string_view date_now() {
  static thread_local std::time_t second = 0;
  static thread_local std::string date;
  const std::time_t now = std::time(nullptr);
  if (now != second || date.empty()) date = http_date(second = now);
  return date;
}

}  // namespace http
}  // namespace SIO_ABI
}  // namespace sio
