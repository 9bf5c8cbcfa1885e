// What a client keeps: events without a connection, events to be sent again, and where it was.
#include <sio/client/offline.hpp>
#include <sio/client/recovery_mark.hpp>
#include <sio/client/retry_queue.hpp>
#include <sio/json/writer.hpp>
#include <support/catch.hpp>

#include <string>
#include <utility>
#include <vector>

using namespace sio;

namespace {

cln::outgoing event(const std::string& name) {
  return {name, parser::encode_event("/", std::nullopt, name, {}), std::nullopt};
}

std::vector<std::string> names(cln::offline& kept) {
  std::vector<std::string> all;
  while (const auto first = kept.pop()) all.push_back(first->name);
  return all;
}

using list = std::vector<std::string>;

TEST_CASE("events without a connection leave in the order in which they came") {
  cln::offline kept{client_options()};
  for (const char* name : {"a", "b", "c"}) CHECK(kept.push(event(name)).empty());
  CHECK(kept.list().size() == 3);
  CHECK(kept.list()[1].name == "b");
  CHECK(kept.list()[1].bytes == std::string("42[\"b\"]").size());
  CHECK(names(kept) == list{"a", "b", "c"});
}

TEST_CASE("when too many events wait, the new one goes, or the oldest") {
  client_options options;
  options.max_offline_events = 2;
  for (const auto policy : {offline_policy::drop_newest, offline_policy::drop_oldest}) {
    options.when_offline_full = policy;
    cln::offline kept(options);
    kept.push(event("a")), kept.push(event("b"));
    const auto dropped = kept.push(event("c"));
    REQUIRE(dropped.size() == 1);
    const bool newest = policy == offline_policy::drop_newest;
    CHECK(dropped[0].name == (newest ? "c" : "a"));
    CHECK(names(kept) == (newest ? list{"a", "b"} : list{"b", "c"}));
  }
}

TEST_CASE("an event that is larger than all that may wait pushes nothing out") {
  client_options options;
  options.max_offline_bytes = 20;
  options.when_offline_full = offline_policy::drop_oldest;
  cln::offline kept(options);
  kept.push(event("a"));
  CHECK(kept.push(event("much too long for that")).size() == 1);
  CHECK(kept.push(event("b")).empty());
  CHECK(kept.push(event("cc")).size() == 1);
  CHECK(names(kept) == list{"b", "cc"});
}

TEST_CASE("an event whose time has passed waits no longer") {
  cln::offline kept{client_options()};
  const net::time_point now{};
  cln::outgoing late = event("late");
  late.id = 7;
  late.due = now + std::chrono::seconds(1);
  kept.push(std::move(late)), kept.push(event("other"));
  kept.expire(now);
  CHECK(kept.has(7));
  kept.expire(now + std::chrono::seconds(1));
  CHECK_FALSE(kept.has(7));
  CHECK(names(kept) == list{"other"});
}

TEST_CASE("an event is tried again until it is acknowledged or was tried often enough") {
  using verdict = cln::retry_queue::verdict;
  cln::retry_queue queue(2);
  std::vector<std::string> ended;
  for (const char* name : {"a", "b"})
    queue.push(name, {}, {}, [&ended, name](error_code ec, array&) {
      ended.push_back(name + std::string(ec ? " failed" : " done"));
      return std::optional<std::string>();
    });
  const auto answer = [&](unsigned attempt, verdict how) {
    const auto* now = queue.next(false);
    REQUIRE(now);
    CHECK(now->tries == attempt);
    array none;
    if (auto done = queue.answered(now->number, attempt, how))
      done(how == verdict::done ? error_code() : errc::timed_out, none);
  };
  answer(1, verdict::failed), answer(2, verdict::failed), answer(3, verdict::failed);
  CHECK(ended == list{"a failed"});
  answer(1, verdict::failed), answer(2, verdict::done);
  CHECK(ended == list{"a failed", "b done"});
  CHECK(queue.next(true) == nullptr);
}

TEST_CASE("one event is under way at a time, and a late answer to another try counts for nothing") {
  using verdict = cln::retry_queue::verdict;
  cln::retry_queue queue(5);
  queue.push("a", {}, {}, {});
  const auto number = queue.next(false)->number;
  CHECK(queue.next(false) == nullptr);
  REQUIRE(queue.next(true) != nullptr);  // the connection broke meanwhile
  queue.answered(number, 1, verdict::done);
  CHECK(queue.size() == 1);
  queue.answered(number, 2, verdict::done);
  CHECK(queue.size() == 0);
  queue.answered(number, 2, verdict::done);
}

TEST_CASE("a client says where it was to a server that can take it back") {
  cln::recovery_mark mark;
  const auto text = [&](const value& shown) {
    const auto data = mark.payload(shown);
    return data ? json::to_text(*data) : "";
  };
  CHECK(text(value()).empty());
  CHECK(text(value(object{{"token", "abc"}})) == R"({"token":"abc"})");
  mark.pass({"news", "not an offset"});
  CHECK_FALSE(mark.accept(value(object{{"sid", "s"}, {"pid", "p"}})));
  CHECK(text(value()) == R"({"pid":"p"})");
  mark.pass({"news", 1, "offset 1"}), mark.pass({"news", 2}), mark.pass({"alone"});
  CHECK(text(value(object{{"token", "abc"}})) == R"({"pid":"p","offset":"offset 1","token":"abc"})");
  CHECK(text(value(object{{"offset", "mine"}})) == R"({"pid":"p","offset":"mine"})");
  CHECK(mark.accept(value(object{{"sid", "s"}, {"pid", "p"}})));
  CHECK_FALSE(mark.accept(value(object{{"sid", "s"}})));
  CHECK(text(value()).empty());
}

}  // namespace
