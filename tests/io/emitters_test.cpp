// Catch-all listeners, middlewares of events, and answers that carry errors, over real sockets.
#include <sio/sio.hpp>
#include <support/catch.hpp>
#include <support/raw_client.hpp>
#include <support/served.hpp>

#include <asio/post.hpp>

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using served::eventually;
using served::own_loop;

namespace {

using lines = std::vector<std::string>;

// A server whose sockets are made by `greet`, and one client of it.
struct scene {
  explicit scene(std::function<void(sio::socket)> greet) {
    own.io->on("connection", std::move(greet));
    client = raw::join_by_websocket(own.start());
  }
  std::string say(std::string_view text) {
    client.send_text(text);
    return client.read_text();
  }
  own_loop own;
  raw::client client;
};

}  // namespace

TEST_CASE("catch-all listeners hear an event before its middlewares and its listeners") {
  served::notes heard;
  scene it([&](sio::socket s) {
    s.on("a", [&](int n) { heard.add("listener " + std::to_string(n)); });
    s.use([&](const std::string& event, const sio::array&) { heard.add("middleware " + event); });
    s.on_any([&](std::string event, sio::array rest) { heard.add("any " + event + std::to_string(rest.size())); });
    s.prepend_any([&](std::string event, int n) { heard.add("first " + event + std::to_string(n)); });
    s.on("end", [s] { s.emit("ended", s.listeners_any()); });
  });
  it.client.send_text("42[\"a\",5]");
  CHECK(it.say("42[\"end\",0]") == "42[\"ended\",2]");
  CHECK(heard.all() ==
        lines{"first a5", "any a1", "middleware a", "listener 5", "first end0", "any end1", "middleware end"});
}

TEST_CASE("catch-all listeners are taken off by their ids, or all at once") {
  served::notes heard;
  scene it([&](sio::socket s) {
    const auto one = s.on_any([&](std::string event) { heard.add("one " + event); });
    s.on_any([&](std::string event) { heard.add("two " + event); });
    s.on("one", [s, one] { s.off_any(one); });
    s.on("all", [s] { s.off_any(); });
    s.on("end", [s] { s.emit("ended"); });
  });
  for (const char* event : {"one", "all", "end"}) it.client.send_text("42[\"" + std::string(event) + "\"]");
  CHECK(it.client.read_text() == "42[\"ended\"]");
  CHECK(heard.all() == lines{"one one", "two one", "two all"});
}

TEST_CASE("a catch-all listener may answer, and its arguments must fit") {
  served::notes errors;
  scene it([&](sio::socket s) {
    s.on_any([](std::string, sio::array, sio::ack done) { done("any"); });
    s.on_any([](std::string, int) {});
    s.on("error", [&](std::string what) { errors.add(what); });
    s.on("q", [](std::string) { return "listener"; });
  });
  CHECK(it.say("421[\"q\",\"x\"]") == "431[\"any\"]");
  CHECK(errors.all() == lines{"q: argument 2: expected an integer"});
}

TEST_CASE("outgoing catch-all listeners see emits and broadcasts, not acknowledgements") {
  served::notes seen;
  scene it([&](sio::socket s) {
    const auto note = [&](const char* who) {
      return [&seen, who](std::string event, sio::array rest) {
        seen.add(who + (" " + event) + std::to_string(rest.size()));
      };
    };
    s.on_any_outgoing(note("one"));
    s.prepend_any_outgoing(note("first"));
    s.on("go", [s] {
      s.emit("mine", 1, 2);
      s.nsp().emit("ours", 3);
      s.nsp().to("nobody").emit("theirs");
      s.emit("count", s.listeners_any_outgoing());
      s.off_any_outgoing();
      s.emit("unseen");
      return 1;
    });
  });
  it.client.send_text("427[\"go\"]");
  lines got;
  for (int i = 0; i != 5; ++i) got.push_back(it.client.read_text());
  CHECK(got == lines{"42[\"mine\",1,2]", "42[\"ours\",3]", "42[\"count\",2]", "42[\"unseen\"]", "437[1]"});
  CHECK(seen.all() == lines{"first mine2", "one mine2", "first ours1", "one ours1", "first count1", "one count1"});
}

TEST_CASE("what an outgoing catch-all listener emits is not shown to it") {
  served::notes seen;
  scene it([&](sio::socket s) {
    s.on_any_outgoing([&, s](std::string event, sio::array) {
      seen.add(event);
      s.emit("log", event);
    });
    s.on("go", [s] { s.emit("a"); });
  });
  CHECK(it.say("42[\"go\"]") == "42[\"a\"]");
  CHECK(it.client.read_text() == "42[\"log\",\"a\"]");
  CHECK(seen.all() == lines{"a"});
}

TEST_CASE("a socket's middleware lets an event on, changes it, or refuses it; the connection stays") {
  served::notes errors;
  scene it([&](sio::socket s) {
    s.use([](const std::string& event, sio::array& args) {
      if (event == "thrown") throw std::runtime_error("not this");
      if (event == "changed") args.emplace_back("more");
    });
    s.use([](const std::string& event, const sio::array&, const sio::next& go_on) {
      if (event == "refused") return go_on(sio::connect_error("no", 5));
      if (event == "dropped") return;
      go_on();
    });
    s.on("error", [&](std::string what, std::optional<int> data) {
      errors.add(what + (data ? " " + std::to_string(*data) : ""));
    });
    for (const char* event : {"thrown", "refused", "dropped", "changed"})
      s.on(event, [s](sio::array args) { s.emit("got", args); });
  });
  for (const char* event : {"thrown", "refused", "dropped", "changed"})
    it.client.send_text("42[\"" + std::string(event) + "\"]");
  CHECK(it.client.read_text() == "42[\"got\",[\"more\"]]");
  CHECK(errors.all() == lines{"not this", "no 5"});
}

TEST_CASE("events do not wait for each other in a middleware, and those of one who left are dropped") {
  std::vector<sio::next> waiting;  // touched on the loop only
  served::notes heard;
  sio::socket who;
  scene it([&](sio::socket s) {
    who = s;
    s.use([&](const std::string& event, const sio::array&, const sio::next& go_on) {
      event == "slow" ? waiting.push_back(go_on) : go_on();
    });
    s.on("slow", [&] { heard.add("slow"); });
    s.on("quick", [&] {
      heard.add("quick");
      if (waiting.size() == 1) std::thread([go_on = waiting[0]] { go_on(), go_on(); }).detach();
    });
    s.on("leave", [s] { s.disconnect(); });
    s.on("disconnect", [&] {
      for (const sio::next& go_on : waiting) go_on();
      heard.add("left");
    });
  });
  it.client.send_text("42[\"slow\"]");
  it.client.send_text("42[\"quick\"]");
  REQUIRE(eventually([&] { return heard.size() == 2; }));
  CHECK(heard.all() == lines{"quick", "slow"});
  it.client.send_text("42[\"slow\"]");
  it.client.send_text("42[\"leave\"]");
  REQUIRE(eventually([&] { return heard.size() == 3; }));
  CHECK(heard.all().back() == "left");
}

TEST_CASE("an answer can carry an error") {
  served::notes errors;
  scene it([&](sio::socket s) {
    s.on("error", [&](std::string what) { errors.add(what); });
    s.on("throw", [](int n) -> int { throw sio::ack_error("bad number", n); });
    s.on("fail", [](sio::ack done) { std::thread([done] { done.fail("later"), done("too late"); }).detach(); });
  });
  CHECK(it.say("421[\"throw\",5]") == "431[{\"error\":\"bad number\",\"data\":5}]");
  CHECK(it.say("422[\"fail\"]") == "432[{\"error\":\"later\"}]");
  CHECK(errors.size() == 0);
  it.client.send_text("42[\"throw\",5]");
  CHECK(eventually([&] { return errors.has("throw: bad number"); }));
}

TEST_CASE("an error event without listeners goes to the log and harms nobody") {
  served::notes log;
  auto options = served::quiet();
  options.log = [&](sio::log_level, std::string_view line) { log.add(std::string(line)); };
  own_loop own(options);
  own.io->on("connection", [](sio::socket s) {
    s.use([](const std::string&, const sio::array&, const sio::next& go_on) { go_on(std::runtime_error("no")); });
  });
  raw::client c = raw::join_by_websocket(own.start());
  c.send_text("42[\"a\"]");
  CHECK(eventually([&] { return log.has("/: a: no"); }));
  c.send_text("42[\"error\",\"from the client\"]");
  CHECK(eventually([&] { return log.has("/: error: no"); }));
}

TEST_CASE("in any of these callbacks everything may be closed, dropped or taken off") {
  using action = std::function<void(own_loop&, const sio::socket&)>;
  const auto kind = GENERATE(as<std::string>{}, "any", "outgoing", "use", "late use", "broadcast", "ack");
  const action act = GENERATE(
      as<action>{}, [](own_loop&, const sio::socket& s) { s.disconnect(true); },
      [](own_loop&, const sio::socket& s) { s.off(), s.off_any(), s.off_any_outgoing(); },
      [](own_loop& own, const sio::socket&) { own.io->close(); },
      [](own_loop& own, const sio::socket&) { own.io.reset(); });
  served::notes done;
  own_loop own;
  own.io->on("connection", [&](sio::socket s) {
    const auto here = [&, s, kind](const char* k) {  // one may be called when all has ended
      if (kind != k || done.size() != 0) return;
      act(own, s);
      done.add(k);
    };
    s.on_any([here](std::string, sio::array) { here("any"); });
    s.on_any([](std::string, sio::array) {});
    s.on_any_outgoing([here](std::string, sio::array) { here("outgoing"); });
    s.use([here](const std::string&, const sio::array&) { here("use"); });
    s.use([&, here](const std::string&, const sio::array&, const sio::next& go_on) {
      if (own.io) asio::post(own.io->get_executor(), [here, go_on] { here("late use"), go_on(); });
    });
    s.on("go", [s, here] {
      s.emit("went");
      s.nsp().timeout(20s).emit("all", [here](sio::error_code, sio::array) { here("broadcast"); });
      s.emit_with_ack<int>("one", [here](sio::error_code, int) { here("ack"); });
    });
  });
  raw::client c = raw::join_by_websocket(own.start());
  c.send_text("42[\"go\"]");
  const int to_read = kind == "broadcast" || kind == "ack" ? 3 : 0;
  for (int i = 0; i != to_read; ++i) {
    const std::string text = c.read_text();
    const auto end = text.find('[');
    if (end > 2) c.send_text("43" + text.substr(2, end - 2) + "[1]");
  }
  CHECK(eventually([&] { return done.size() == 1; }));
}
