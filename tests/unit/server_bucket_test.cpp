#include <sio/server/bucket.hpp>

#include <support/catch.hpp>

using namespace std::chrono_literals;
using sio::srv::bucket;

namespace {
const bucket::time_point start{};
}

TEST_CASE("a bucket gives what comes in a burst at once, and then as much as flows") {
  bucket b(10, 1s, start);
  for (int i = 0; i != 10; ++i) CHECK(b.take(1, start) == start);
  CHECK(b.take(1, start) > start + 99ms);
  CHECK(b.take(1, start) > start + 199ms);
  CHECK(b.take(1, start + 301ms) <= start + 301ms);
}

TEST_CASE("a bucket never holds more than its burst") {
  bucket b(10, 1s, start);
  for (int i = 0; i != 10; ++i) CHECK(b.take(1, start + 1h) == start + 1h);
  CHECK(b.take(1, start + 1h) > start + 1h);
}

TEST_CASE("a bucket lets one packet pass that is larger than all it holds, and has it paid back") {
  bucket b(1000, 1s, start);
  CHECK(b.take(5000, start) >= start + 4s);
  CHECK(b.take(1, start + 5s) <= start + 5s);
}

TEST_CASE("what was taken from a bucket is paid back within a day") {
  bucket b(0.001, 1s, start);
  CHECK(b.take(1e18, start) < start + 25h);
}

TEST_CASE("a bucket without a rate has no limit") {
  bucket b(0, 1s, start);
  CHECK(b.take(1e300, start) == start);
}

TEST_CASE("a bucket is full again once what was taken came back") {
  bucket b(10, 1s, start);
  CHECK(b.full(start));
  b.take(5, start);
  CHECK_FALSE(b.full(start + 400ms));
  CHECK(b.full(start + 501ms));
}
