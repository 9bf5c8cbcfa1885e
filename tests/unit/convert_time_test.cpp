// Durations as milliseconds, points in time as the text of a JS Date.
#include <sio/convert.hpp>
#include <support/catch.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <ratio>
#include <stdexcept>
#include <string>

using namespace sio;
using namespace std::chrono_literals;
using std::chrono::system_clock;

namespace {

using minutes = std::chrono::minutes;
using milliseconds = std::chrono::milliseconds;
using microseconds = std::chrono::microseconds;
using nanoseconds = std::chrono::nanoseconds;
using seconds_of_float = std::chrono::duration<double>;
using second_point = std::chrono::time_point<system_clock, std::chrono::seconds>;
using milli_point = std::chrono::time_point<system_clock, milliseconds>;

template <class T>
std::string why_not(value v) {
  try {
    return std::move(v).as<T>(), "";
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
}

}  // namespace

TEST_CASE("a duration is sent as its milliseconds") {
  CHECK(to_value(5ms) == value(5));
  CHECK(to_value(2s) == value(2000));
  CHECK(to_value(-3min) == value(-180'000));
  CHECK(to_value(2000us) == value(2));
  CHECK(to_value(1500us) == value(1.5));
  CHECK(to_value(seconds_of_float(0.25)) == value(250.0));
  CHECK(to_value(std::chrono::duration<int, std::ratio<1, 60>>(30)) == value(500));
  CHECK(to_value(std::chrono::hours::max()).is_number());
}

TEST_CASE("milliseconds are taken as a duration, and nothing is cut off") {
  CHECK(value(1500).as<milliseconds>() == 1500ms);
  CHECK(value(1500.0).as<milliseconds>() == 1500ms);
  CHECK(value(120'000).as<minutes>() == 2min);
  CHECK(value(1.5).as<microseconds>() == 1500us);
  CHECK(value(0.07).as<microseconds>() == 70us);
  CHECK(value(-2).as<nanoseconds>() == -2'000'000ns);
  CHECK(value(250).as<seconds_of_float>() == seconds_of_float(0.25));
  CHECK(why_not<milliseconds>(1.5) == "value: expected a whole number of milliseconds");
  CHECK(why_not<minutes>(90'000) == "value: expected milliseconds, a multiple of 60000");
  CHECK(why_not<milliseconds>("5") == "value: expected a whole number of milliseconds");
  CHECK(why_not<microseconds>(nullptr) == "value: expected a number of milliseconds");
}

TEST_CASE("a duration out of range is a mismatch") {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  CHECK(value(most).as<milliseconds>().count() == most);
  CHECK_FALSE(why_not<nanoseconds>(most).empty());
  CHECK_FALSE(why_not<nanoseconds>(-most).empty());
  CHECK_FALSE(why_not<nanoseconds>(1e300).empty());
  CHECK_FALSE(why_not<milliseconds>(1e300).empty());
  CHECK_FALSE(why_not<std::chrono::duration<signed char>>(1'000'000).empty());
  CHECK(value(100'000).as<std::chrono::duration<signed char>>().count() == 100);
}

TEST_CASE("a point in time is the text of a JS Date") {
  const system_clock::time_point at{1'700'000'000'123ms};
  CHECK(to_value(at) == value("2023-11-14T22:13:20.123Z"));
  CHECK(to_value(at + 999us) == value("2023-11-14T22:13:20.123Z"));
  CHECK(to_value(second_point(-1s)) == value("1969-12-31T23:59:59.000Z"));
  CHECK(to_value(second_point::max()) == value(nullptr));
  CHECK(value("2023-11-14T22:13:20.123Z").as<system_clock::time_point>() == at);
  CHECK(value("2023-11-14T23:13:20.123+01:00").as<system_clock::time_point>() == at);
  CHECK(value("2023-11-14T22:13:20.999Z").as<second_point>() == second_point(1'700'000'000s));
}

TEST_CASE("milliseconds since 1970 are taken as well") {
  CHECK(value(1'700'000'000'123).as<milli_point>() == milli_point(1'700'000'000'123ms));
  CHECK(value(-0.5).as<milli_point>() == milli_point(-1ms));
  CHECK(value(-1).as<second_point>() == second_point(-1s));
}

TEST_CASE("what is no date says what is expected") {
  for (const value& v : {value(), value("yesterday"), value(true), value(1e300), value("2023-02-30")})
    CHECK(why_not<milli_point>(v) == "value: expected a date as an ISO 8601 text, or milliseconds since 1970");
  using nano_point = std::chrono::time_point<system_clock, nanoseconds>;
  CHECK(why_not<nano_point>("+100000-01-01") == "value: expected a date nearer to 1970");
}
