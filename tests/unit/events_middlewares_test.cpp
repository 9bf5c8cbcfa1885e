// The way through middlewares that go on at once, later, or not at all.
#include <sio/events/middlewares.hpp>
#include <support/catch.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

using namespace sio;

namespace {

// How often the way was decided, and how.
struct verdicts {
  int passed = 0, refused = 0;

  void go(std::size_t count, events::passage::one_step step) {
    const auto at_once = [](const std::function<void()>& f) { f(); };
    const auto decided = [this](const std::optional<connect_error>& refusal) { ++(refusal ? refused : passed); };
    std::make_shared<events::passage>(count, std::move(step), at_once, decided)->start();
  }
};

TEST_CASE("any number of middlewares may go on at once") {
  verdicts said;
  std::size_t last = 0;
  said.go(200'000, [&](std::size_t i, const next& go_on) {
    last = i;
    go_on();
    go_on();  // the first call counts
  });
  CHECK(last == 199'999);
  CHECK((said.passed == 1 && said.refused == 0));
}

TEST_CASE("a middleware that goes on later is waited for, and one that refuses is the last") {
  verdicts said;
  std::vector<next> waiting;
  std::size_t asked = 0;
  said.go(4, [&](std::size_t i, const next& go_on) {
    ++asked;
    if (i == 1) return waiting.push_back(go_on);
    i == 2 ? go_on(connect_error("no")) : go_on();
  });
  CHECK(asked == 2);
  CHECK(said.passed + said.refused == 0);
  waiting.front()();
  CHECK(asked == 3);
  CHECK((said.passed == 0 && said.refused == 1));
  waiting.front()();
  CHECK(said.refused == 1);
}

TEST_CASE("no middleware stands in nobody's way") {
  verdicts said;
  said.go(0, [](std::size_t, const next&) { FAIL("there is none"); });
  CHECK(said.passed == 1);
}

}  // namespace
