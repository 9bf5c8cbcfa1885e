// Times as values: durations are milliseconds, points of the system's clock are what a JS Date prints in JSON.
#pragma once

#include <sio/calendar.hpp>
#include <sio/conversion.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <ratio>
#include <string>
#include <type_traits>

namespace sio {
inline namespace SIO_ABI {

namespace detail {

// Without <cmath>, which is heavy.
inline double to_nearest(double d) noexcept {
  if (!has_fraction(d)) return d;
  return static_cast<double>(static_cast<std::int64_t>(d < 0 ? d - 0.5 : d + 0.5));
}

inline bool in_js_date(double ms) noexcept {
  return ms >= static_cast<double>(-calendar::latest_ms) && ms <= static_cast<double>(calendar::latest_ms);
}

}  // namespace detail

/// Durations travel as their milliseconds: of a finer one the fraction is sent, too, and rounded when it comes; a
/// coarser one takes only what is whole in it.
template <class Rep, class Period>
struct convert<std::chrono::duration<Rep, Period>> {
  using duration = std::chrono::duration<Rep, Period>;
  using in_one = std::ratio_divide<std::milli, Period>;  // its units in a millisecond

  static std::optional<duration> from(const value& v, mismatch& why) {
    if (const std::optional<Rep> units = to_units(v)) return duration(*units);
    if (in_one::den != 1) return detail::expected(why, "milliseconds, a multiple of " + std::to_string(in_one::den));
    return detail::expected(
        why, in_one::num == 1 && !floats ? "a whole number of milliseconds" : "a number of milliseconds");
  }

  static value to(duration x) {
    if constexpr (!floats) {
      const auto count = static_cast<std::int64_t>(x.count());
      if (count % in_one::num == 0 && is_within(count / in_one::num, most / in_one::den))
        return count / in_one::num * in_one::den;
    }
    return static_cast<double>(x.count()) / in_one::num * in_one::den;
  }

 private:
  static constexpr bool floats = std::is_floating_point_v<Rep>;
  static constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  static bool is_within(std::int64_t n, std::int64_t limit) noexcept { return n >= -limit && n <= limit; }

  static std::optional<Rep> to_units(const value& v) {
    const std::optional<double> ms = v.if_number();
    if (!ms) return std::nullopt;
    const double units = *ms / in_one::den * in_one::num;
    if constexpr (floats) {
      return static_cast<Rep>(units);
    } else {
      const std::int64_t* whole = v.if_integer();
      if (!whole) return detail::exactly<Rep>(in_one::num > 1 ? detail::to_nearest(units) : units);
      if (*whole % in_one::den != 0 || !is_within(*whole / in_one::den, most / in_one::num)) return std::nullopt;
      return detail::exactly<Rep>(*whole / in_one::den * in_one::num);
    }
  }
};

/// Points in time travel as ISO 8601 texts with milliseconds, "2026-11-21T12:20:55.123Z"; one that no JS Date holds as
/// null. Taken is such a text, with any zone, and a number of milliseconds since 1970.
template <class Clock, class Duration>
struct convert<std::chrono::time_point<Clock, Duration>> {
  using point = std::chrono::time_point<Clock, Duration>;
  using milliseconds = std::chrono::milliseconds;
  static_assert(std::is_same_v<Clock, std::chrono::system_clock>,
                "sio: only times of std::chrono::system_clock can travel: other clocks mean nothing elsewhere");

  static std::optional<point> from(const value& v, mismatch& why) {
    const std::optional<std::int64_t> ms = to_ms(v);
    if (!ms) return detail::expected(why, "a date as an ISO 8601 text, or milliseconds since 1970");
    const auto at = static_cast<double>(*ms);
    if (!(at > in_ms(point::min()) && at < in_ms(point::max()))) return detail::expected(why, "a date nearer to 1970");
    return std::chrono::time_point_cast<Duration>(
        std::chrono::floor<Duration>(std::chrono::time_point<Clock, milliseconds>(milliseconds(*ms))));
  }

  static value to(point x) {
    if (!detail::in_js_date(in_ms(x))) return {};
    const auto text = calendar::to_iso(std::chrono::floor<milliseconds>(x).time_since_epoch().count());
    return text ? value(*text) : value();
  }

 private:
  static double in_ms(point x) noexcept {
    return std::chrono::duration<double, std::milli>(x.time_since_epoch()).count();
  }

  static std::optional<std::int64_t> to_ms(const value& v) {
    if (const std::string* text = v.if_string()) return calendar::from_iso(*text);
    const std::optional<double> ms = v.if_number();
    if (!ms || !detail::in_js_date(*ms)) return std::nullopt;
    const auto whole = static_cast<std::int64_t>(*ms);
    return static_cast<double>(whole) > *ms ? whole - 1 : whole;
  }
};

}  // namespace SIO_ABI
}  // namespace sio
