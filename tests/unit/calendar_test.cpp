// Dates as JS prints them in JSON, and read back.
#include <sio/calendar.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <support/catch.hpp>

using sio::calendar::from_iso;
using sio::calendar::to_iso;

namespace {

void check_both(std::int64_t ms, const std::string& text) {
  CAPTURE(text);
  CHECK(to_iso(ms) == text);
  CHECK(from_iso(text) == ms);
}

}  // namespace

TEST_CASE("a date is printed as toISOString does, and read back") {
  check_both(0, "1970-01-01T00:00:00.000Z");
  check_both(-1, "1969-12-31T23:59:59.999Z");
  check_both(1'700'000'000'123, "2023-11-14T22:13:20.123Z");
  check_both(951'782'400'000, "2000-02-29T00:00:00.000Z");
  check_both(-62'167'219'200'000, "0000-01-01T00:00:00.000Z");
  check_both(253'402'300'800'000, "+010000-01-01T00:00:00.000Z");
  check_both(-62'198'755'200'000, "-000001-01-01T00:00:00.000Z");
  check_both(8'640'000'000'000'000, "+275760-09-13T00:00:00.000Z");
  check_both(-8'640'000'000'000'000, "-271821-04-20T00:00:00.000Z");
  CHECK_FALSE(to_iso(8'640'000'000'000'001));
  CHECK_FALSE(to_iso(-8'640'000'000'000'001));
}

TEST_CASE("every day of eight centuries comes back") {
  for (std::int64_t day = -150'000; day != 150'000; day += 1) {
    const std::int64_t ms = day * sio::calendar::day_ms;
    if (from_iso(*to_iso(ms)) != ms) FAIL(day);
  }
}

TEST_CASE("a date without a time, with a zone, and with other fractions is read") {
  CHECK(from_iso("2023-11-14") == 1'699'920'000'000);
  CHECK(from_iso("2023-11-14T22:13Z") == 1'699'999'980'000);
  CHECK(from_iso("2023-11-14T22:13:20Z") == 1'700'000'000'000);
  CHECK(from_iso("2023-11-14T23:43:20+01:30") == 1'700'000'000'000);
  CHECK(from_iso("2023-11-14T17:13:20-05:00") == 1'700'000'000'000);
  CHECK(from_iso("2023-11-14T22:13:20.5Z") == 1'700'000'000'500);
  CHECK(from_iso("2023-11-14T22:13:20.123999999Z") == 1'700'000'000'123);
}

TEST_CASE("other texts are no dates") {
  for (const char* bad : {"",
                          "2023",
                          "2023-13-01",
                          "2023-00-01",
                          "2023-02-29",
                          "2023-01-00",
                          "2023-01-32",
                          "23-01-01",
                          "2023-01-01T",
                          "2023-01-01T00:00",
                          "2023-01-01T24:00Z",
                          "2023-01-01T00:60Z",
                          "2023-01-01T00:00:60Z",
                          "2023-01-01T00:00:00.Z",
                          "2023-01-01T00:00:00ZZ",
                          "2023-01-01Z",
                          "2023-01-01 00:00Z",
                          "2023-1-1",
                          "+02023-01-01",
                          "2023-01-01T00:00+1:00",
                          "x023-01-01",
                          "+275760-09-14",
                          "2023-01-01T00:00:00.000Z "}) {
    CAPTURE(bad);
    CHECK_FALSE(from_iso(bad));
  }
}
