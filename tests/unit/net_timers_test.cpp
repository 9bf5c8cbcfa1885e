// The heap of deadlines, with a made-up clock.
#include <sio/net/timers.hpp>
#include <support/catch.hpp>

#include <deque>
#include <memory>
#include <random>
#include <string>

using namespace sio;
using namespace std::chrono_literals;

TEST_CASE("timers fire in the order of their deadlines, each once") {
  net::timers all;
  std::string fired;
  net::timer a{all, [&] { fired += 'a'; }}, b{all, [&] { fired += 'b'; }}, c{all, [&] { fired += 'c'; }};
  const net::time_point t0{};
  c.expires_at(t0 + 3s);
  a.expires_at(t0 + 1s);
  b.expires_at(t0 + 2s);
  CHECK(all.next() == t0 + 1s);
  all.fire(t0 + 2s);
  CHECK(fired == "ab");
  all.fire(t0 + 10s);
  CHECK(fired == "abc");
  CHECK(all.empty());
}

TEST_CASE("a timer moved, cancelled or destroyed leaves the heap in order") {
  net::timers all;
  std::mt19937 random{7};
  std::deque<std::unique_ptr<net::timer>> some;
  net::time_point last{};
  for (int i = 0; i != 500; ++i) {
    some.push_back(std::make_unique<net::timer>(all, [] {}));
    some.back()->expires_at(net::time_point{} + std::chrono::milliseconds(random() % 1000));
  }
  for (int i = 0; i != 300; ++i) {
    auto& t = some[random() % some.size()];
    if (i % 3 == 0) t->cancel();
    if (i % 3 == 1) t->expires_at(net::time_point{} + std::chrono::milliseconds(random() % 1000));
    if (i % 3 == 2) std::swap(t, some.back()), some.pop_back();
  }
  while (!all.empty()) {
    CHECK(all.next() >= last);
    last = all.next();
    all.fire(last);
  }
}

TEST_CASE("a timer may set itself anew, or destroy another, while it fires") {
  net::timers all;
  int rounds = 0;
  const net::time_point t0{};
  auto victim = std::make_unique<net::timer>(all, [&] { rounds += 100; });
  net::timer again{all, [&] {
                     ++rounds;
                     victim.reset();
                     again.expires_at(t0);
                   }};
  again.expires_at(t0);
  victim->expires_at(t0 + 1s);
  all.fire(t0 + 5s);
  CHECK(rounds == 2);
  all.fire(t0 + 5s);
  CHECK(rounds == 3);
}
