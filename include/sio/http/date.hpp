// Dates as HTTP writes them.
#pragma once

#include <sio/calendar.hpp>
#include <sio/config.hpp>

#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace http {

/// `time` as `Sun, 06 Nov 1994 08:49:37 GMT`.
inline std::string http_date(std::time_t time) {
  static constexpr const char* days[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::int64_t seconds = time < 0 ? 0 : static_cast<std::int64_t>(time);
  const std::int64_t day = seconds / 86'400;
  const calendar::civil_day date = calendar::to_civil(day);
  std::string out = days[day % 7];
  out += ", ";
  calendar::append_padded(out, date.day, 2);
  (out += ' ') += months[date.month];
  calendar::append_padded(out += ' ', date.year, 4);
  calendar::append_padded(out += ' ', seconds / 3'600 % 24, 2);
  calendar::append_padded(out += ':', seconds / 60 % 60, 2);
  calendar::append_padded(out += ':', seconds % 60, 2);
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
