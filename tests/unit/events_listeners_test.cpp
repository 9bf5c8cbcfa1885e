// Listeners that change while they run, and the way through middlewares.
#include <sio/events/listeners.hpp>
#include <sio/events/middlewares.hpp>
#include <support/catch.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

using namespace sio;

namespace {

using lines = std::vector<std::string>;

handler noting(
    lines& to, std::string line, std::function<void()> then = [] {}) {
  return [&to, line = std::move(line), then = std::move(then)](event_call&) -> std::optional<std::string> {
    to.push_back(line);
    then();
    return std::nullopt;
  };
}

void call(events::listeners& all, std::string_view event) {
  event_call what{{value(1)}, {}, nullptr, {}};
  all.call(event, what, [](const std::string&) {});
}

}  // namespace

TEST_CASE("listeners that are added while they run wait for the next event") {
  events::listeners all;
  lines heard;
  all.add("a", 1, noting(heard, "one", [&] { all.add("a", 2, noting(heard, "two"), false); }), true);
  call(all, "a");
  CHECK(heard == lines{"one"});
  call(all, "a");
  CHECK(heard == lines{"one", "two"});
}

TEST_CASE("listeners that are taken off while they run are called no more") {
  events::listeners all;
  lines heard;
  const auto act = GENERATE(0, 1, 2);
  const auto off = [&, act] {
    if (act == 0) all.remove("a", 2), all.remove("a", 3);
    if (act == 1) all.remove("a");
    if (act == 2) all.clear();
  };
  all.add("a", 1, noting(heard, "one", off), false);
  all.add("a", 2, noting(heard, "two"), false);
  all.add("a", 3, noting(heard, "three"), false);
  call(all, "a");
  CHECK(heard == lines{"one"});
  CHECK(all.count("a") == (act == 0 ? 1 : 0));
  CHECK(all.has("a") == (act == 0));
}

TEST_CASE("a listener for one event only hears no event that comes meanwhile") {
  events::listeners all;
  lines heard;
  all.add("a", 1, noting(heard, "once", [&] { call(all, "a"); }), true);
  call(all, "a");
  CHECK(heard == lines{"once"});
  CHECK_FALSE(all.has("a"));
}

TEST_CASE("a listener that is put first while others run is called from the next event on") {
  events::listener_list all;
  lines heard;
  bool put = false;
  all.add(1,
          noting(heard, "one",
                 [&] {
                   if (!put) all.prepend(2, noting(heard, "first"));
                   put = true;
                 }),
          false);
  event_call what;
  const auto none = [](auto&&) {};
  all.run(what, none, none);
  all.run(what, none, none);
  CHECK(heard == lines{"one", "first", "one"});
  CHECK(all.size() == 2);
}

TEST_CASE("what a lambda holds may change the listeners as it goes") {
  events::listeners all;
  lines heard;
  const auto at_end = std::shared_ptr<int>(new int, [&](int* p) {
    delete p;
    all.clear();
    all.add("b", 9, noting(heard, "b"), false);
  });
  all.add(
      "a", 1, [kept = at_end](event_call&) -> std::optional<std::string> { return std::nullopt; }, false);
  const_cast<std::shared_ptr<int>&>(at_end).reset();
  SECTION("taken off by its id") { all.remove("a", 1); }
  SECTION("with its event") { all.remove("a"); }
  SECTION("with all") { all.clear(); }
  call(all, "b");
  CHECK(heard == lines{"b"});
}

TEST_CASE("a passage goes from one middleware to the next, and ends once") {
  lines heard;
  std::vector<next> kept;
  const auto at_once = [](const std::function<void()>& f) { f(); };
  const auto step = [&](std::size_t i, const next& go_on) {
    heard.push_back(std::to_string(i));
    kept.push_back(go_on);
    if (i == 1) throw std::runtime_error("no");
  };
  const auto decided = [&](const std::optional<connect_error>& refusal) {
    heard.push_back(refusal ? refusal->message() : "in");
  };
  SECTION("what one throws is the refusal") {
    std::make_shared<events::passage>(3, step, at_once, decided)->start();
    CHECK(heard == lines{"0"});
    kept[0](), kept[0](), kept[0](std::logic_error("late"));
    CHECK(heard == lines{"0", "1", "no"});
    kept[1]();
    CHECK(heard.size() == 3);
  }
  SECTION("the first word counts") {
    std::make_shared<events::passage>(1, step, at_once, decided)->start();
    kept[0](std::logic_error("not you")), kept[0]();
    CHECK(heard == lines{"0", "not you"});
  }
  SECTION("nobody in the way") {
    std::make_shared<events::passage>(0, step, at_once, decided)->start();
    CHECK(heard == lines{"in"});
  }
}
