// The waits between attempts to connect, against the numbers that JS's backo2 gives for the same random ones.
#include <sio/client/backoff.hpp>
#include <support/catch.hpp>

#include <chrono>
#include <limits>
#include <vector>

using namespace sio;
using namespace std::chrono_literals;

namespace {

struct sample {
  std::chrono::milliseconds first, most;
  double jitter;
  std::vector<double> random;  // taken in turn
  std::vector<int> delays;     // what backo2 made of them
};

const std::vector<sample> samples{
    {1000ms, 5000ms, 0.5, {0}, {1000, 2000, 4000, 5000, 5000, 5000, 5000, 5000}},
    {1000ms, 5000ms, 0.5, {0.05}, {975, 1950, 3900, 5000, 5000, 5000, 5000, 5000}},
    {1000ms, 5000ms, 0.5, {0.15}, {1075, 2150, 4300, 5000, 5000, 5000, 5000, 5000}},
    {1000ms, 5000ms, 0.5, {0.25}, {875, 1750, 3500, 5000, 5000, 5000, 5000, 5000}},
    {1000ms, 5000ms, 0.5, {0.95}, {1475, 2950, 5000, 5000, 5000, 5000, 5000, 5000}},
    {1000ms, 5000ms, 0.5, {0.999999}, {1499, 2999, 5000, 5000, 5000, 5000, 5000, 5000}},
    {100ms, 100000ms, 1, {0.3, 0.42, 0.77, 0.999}, {130, 116, 708, 1599, 2080, 1856, 11328, 25587}},
    {1000ms, 5000ms, 0, {0.5}, {1000, 2000, 4000, 5000, 5000, 5000, 5000, 5000}},
    {1000ms, 5000ms, 1.5, {0.5}, {1000, 2000, 4000, 5000, 5000, 5000, 5000, 5000}},
    {250ms, 60000ms, 0.33, {0.123, 0.456, 0.789, 0.5, 0.61}, {260, 425, 1260, 2330, 3195, 8324, 13593, 40331}},
    {7ms, 1000ms, 0.9, {0.87654321}, {2, 3, 6, 12, 24, 48, 95, 190}},
};

std::vector<int> delays_of(const sample& s) {
  cln::backoff b(s.first, s.most, s.jitter);
  std::vector<int> out;
  std::size_t at = 0;
  while (out.size() != s.delays.size())
    out.push_back(static_cast<int>(b.next([&] { return s.random[at++ % s.random.size()]; }).count()));
  return out;
}

}  // namespace

TEST_CASE("the delays are those of JS") {
  for (const sample& s : samples) CHECK(delays_of(s) == s.delays);
}

TEST_CASE("each delay counts as an attempt, and a reset begins anew") {
  cln::backoff b(1000ms, 5000ms, 0);
  b.next([] { return 0.0; });
  CHECK(b.next([] { return 0.0; }) == 2000ms);
  CHECK(b.attempts() == 2);
  b.reset();
  CHECK(b.attempts() == 0);
  CHECK(b.next([] { return 0.0; }) == 1000ms);
}

TEST_CASE("bounds and jitter may change between two attempts") {
  cln::backoff b(1000ms, 5000ms, 0.5);
  b.set_first(10ms);
  b.set_most(15ms);
  b.set_jitter(0);
  CHECK(b.next([] { return 0.9; }) == 10ms);
  CHECK(b.next([] { return 0.9; }) == 15ms);
}

TEST_CASE("after thousands of attempts the delay is still the largest one") {
  for (const double random : {0.0, 0.05, 0.15, 0.999999}) {
    cln::backoff b(1000ms, 5000ms, 1);
    for (int i = 0; i != 3000; ++i) {
      const auto delay = b.next([&] { return random; });
      if (i > 30 && delay != 5000ms) FAIL("attempt " << i << ": " << delay.count());
    }
  }
}

TEST_CASE("no bounds, however odd, make a delay below zero or overflow") {
  constexpr auto huge = std::chrono::milliseconds::max();
  for (const auto first : {-5ms, 0ms, huge})
    for (const auto most : {-5ms, 0ms, 1ms, huge}) {
      cln::backoff b(first, most, 1);
      for (int i = 0; i != 2000; ++i) {
        const auto delay = b.next([] { return 0.9; });
        if (delay < 0ms || delay > std::max(most, 0ms)) FAIL(first.count() << " " << most.count());
      }
    }
}
