// The client's engine over streams in memory: heartbeat, closing, other transports, and users who do as they like.
#include <support/catch.hpp>
#include <support/engine_stage.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

using namespace engine_stage;
using namespace std::chrono_literals;
using lines = std::vector<std::string>;
using scripted::fault;

namespace {

const std::string post_abc = "POST /socket.io/?EIO=4&transport=polling&sid=abc";

}  // namespace

TEST_CASE("without a ping in time the session ends with ping timeout, and the server is told") {
  client c;
  c.open_by_polling();
  c.heard();
  c.let_pass(44999ms);
  CHECK(c.heard().empty());
  c.let_pass(1ms);
  CHECK(c.heard() == lines{"close ping timeout"});
  CHECK(c.request(1) == post_abc + " 1");
  c.let_pass(5s);
  CHECK(c.all_closed());
  CHECK(c.loop->resources().empty());
}

TEST_CASE("an overdue ping is found before anything is sent") {
  client c(websocket_only());
  c.open_by_websocket();
  c.heard();
  CHECK(!c.engine->expired());
  c.run([&] {
    c.loop->let_pass(46s);  // its timers ring here, too
    CHECK(c.engine->expired());
  });
  CHECK(c.heard() == lines{"close ping timeout"});
  CHECK(c.engine->expired());
}

TEST_CASE("close says what was sent, then goodbye: by polling with a packet, by WebSocket with a frame") {
  client p;
  p.open_by_polling();
  p.heard();
  p.run([&] {
    p.engine->send(sio::eio::encoded_packet("4last"));
    p.engine->close();
    p.engine->send(sio::eio::encoded_packet("4too late"));
    CHECK(!p.engine->is_open());
  });
  CHECK(p.request(1) == post_abc + " 4last");
  CHECK(p.heard().empty());
  p.give(1, http(200, "ok"));
  CHECK(p.heard() == lines{"close forced close"});
  CHECK(p.request(1) == post_abc + " 1");
  CHECK(!p.closed(0));  // a poll that ends would look like a broken connection
  p.give(0, http(200, "6"));
  p.give(1, http(200, "ok"));
  CHECK(p.all_closed());
  CHECK(p.loop->resources().empty());

  client w(websocket_only());
  w.open_by_websocket();
  w.heard();
  w.run([&] {
    w.engine->send(sio::eio::encoded_packet("4last"));
    w.engine->close();
  });
  CHECK(w.heard() == lines{"close forced close"});
  CHECK(w.frames_sent(0) == lines{"text 4last", "close 1005 "});
  w.end(0);
  CHECK(w.all_closed());
}

TEST_CASE("a goodbye that nobody takes is given up after five seconds") {
  client c;
  c.open_by_polling();
  c.run([&] { c.engine->close(); });
  CHECK(c.heard() == lines{"open", "close forced close"});
  c.let_pass(5s);
  CHECK(c.all_closed());
  CHECK(c.loop->resources().empty());
}

TEST_CASE("close before the handshake ends everything at once") {
  for (const auto& o : {by({transport::polling}), websocket_only()}) {
    client c(o);
    c.open();
    c.run([&] { c.engine->close(); });
    CHECK(c.heard() == lines{"close forced close"});
    CHECK(c.all_closed());
  }
}

TEST_CASE("abort is silent, and so is dropping the engine") {
  for (const bool drops : {false, true}) {
    client c;
    c.open_by_polling("\"none\"");
    c.heard();
    drops ? c.drop() : c.run([&] { c.engine->abort(); });
    CHECK(c.heard().empty());
    CHECK(c.all_closed());
    CHECK(c.loop->resources().empty());
  }
}

TEST_CASE("a user who went is not called") {
  client c;
  c.open_by_polling();
  c.user = nullptr;
  c.give(0, http(200,
                 "4x\x1e"
                 "2"));
  c.end(0);
  CHECK(c.all_closed());
  c.user = std::make_shared<hearer>();
}

namespace {

/// Answers what asks on any wire like that, if any does.
void answer(client& c, std::string_view asking, const std::string& bytes) {
  for (std::size_t i = 0; i != c.wires.size(); ++i) {
    if (c.wires[i]->out.find(asking) == std::string::npos) continue;
    c.give(i, asking == "Sec-WebSocket-Key" ? c.switching(i) + bytes : bytes);
    c.wires[i]->out.clear();
    return;
  }
}

/// A whole life: handshake, messages, an upgrade, garbage. A user, or a fault, may end it early.
void live(client& c) {
  c.open();
  c.send("4early");
  answer(c, "GET ",
         http(200, handshake("\"websocket\"") + "\x1e"
                                                "4x\x1e"
                                                "2\x1e"
                                                "4y"));
  const std::size_t newest = c.wires.size() - 1;
  answer(c, "Sec-WebSocket-Key", text("3probe"));
  c.send("4more");
  answer(c, "POST ", http(200, "ok"));
  c.wires.empty() ? void() : c.give(0, http(200, "6"));
  answer(c, "POST ", http(200, "ok"));
  if (newest < c.wires.size()) c.give(newest, text("4z") + text("garbage"));
  for (std::size_t i = 0; i != c.wires.size(); ++i) c.end(i);
}

std::size_t ends_heard(const lines& heard) {
  return static_cast<std::size_t>(
      std::count_if(heard.begin(), heard.end(), [](const std::string& line) { return line.find("close") == 0; }));
}

}  // namespace

TEST_CASE("a whole life is heard in order") {
  client c;
  live(c);
  CHECK(c.heard() == lines{"open", "message x", "ping", "message y", "upgrade websocket", "message z",
                           "error server error: the server sent something that is no Engine.IO packet",
                           "close transport error: server error: the server sent something that is no Engine.IO "
                           "packet"});
  CHECK(c.all_closed());
}

TEST_CASE("a user may close, abort, drop the engine, or send, inside of whatever it hears") {
  for (const std::string trigger : {"open", "message x", "ping", "upgrade websocket", "message z", "error", "close"})
    for (const std::string deed : {"close", "abort", "drop", "send", "throw away"}) {
      client c;
      std::size_t after = 0;
      bool done = false;
      const std::shared_ptr<hearer> user = c.user;
      user->then = [&](const std::string& line) {
        if (done) ++after;
        if (done || line.find(trigger) != 0) return;
        done = true;
        if (deed == "close") c.engine->close();
        if (deed == "abort") c.engine->abort();
        if (deed == "drop") c.engine = nullptr;
        if (deed == "send") c.engine->send(sio::eio::encoded_packet("4more"));
        if (deed == "throw away") c.user = nullptr;
      };
      live(c);
      INFO(trigger << ", " << deed);
      CHECK(done);
      CHECK(c.all_closed());
      if (deed == "abort") CHECK(after == 0);
      CHECK(ends_heard(user->heard) <= 1);
      user->then = nullptr;
      c.user = user;
    }
}

TEST_CASE("whichever operation fails, the session ends once and nothing stays open") {
  using kind = fault::kind;
  for (const kind how : {kind::breaks, kind::ends, kind::would_block, kind::is_short})
    for (std::size_t at = 0;; ++at) {
      client c({}, {how, at, 0});
      live(c);
      c.let_pass(60s);
      c.let_pass(60s);
      INFO("operation " << at);
      if (ends_heard(c.heard()) != 1) FAIL_CHECK("not ended once");
      if (!c.all_closed()) FAIL_CHECK("left open");
      if (c.plan->done <= at) break;
    }
}

TEST_CASE("the next transport is tried where the first fails, if that is wanted") {
  for (const bool wanted : {false, true}) {
    cln::engine_options o;
    o.try_all_transports = wanted;
    client c(o);
    c.open();
    c.send("4kept");
    c.give(0, http(400, "no"));
    if (!wanted) {
      CHECK(c.heard().size() == 2);
      continue;
    }
    CHECK(c.heard().empty());
    REQUIRE(c.wires.size() == 2);
    c.give(1, c.switching(1) + text(handshake()));
    CHECK(c.heard() == lines{"open"});
    CHECK(c.engine->carrier() == transport::websocket);
    CHECK(c.frames_sent(1) == lines{"text 4kept"});
  }
}

TEST_CASE("when all transports have failed, the last one's error is told") {
  auto o = by({transport::websocket, transport::polling});
  o.try_all_transports = true;
  client c(o);
  c.open();
  c.give(0, http(400, "no"));
  c.give(1, http(502, "no"));
  CHECK(c.heard() == lines{"error xhr poll error: the server answered with the status 502",
                           "close transport error: xhr poll error: the server answered with the status 502"});
  CHECK(c.all_closed());
}

TEST_CASE("WebSocket comes first where it worked before, if it may come at all") {
  auto o = by({transport::polling, transport::websocket});
  o.websocket_first = true;
  client c(o);
  c.open_by_websocket();
  CHECK(c.heard() == lines{"open"});
  auto none = by({transport::polling});
  none.websocket_first = true;
  client p(none);
  p.open();
  CHECK(p.request(0) == "GET /socket.io/?EIO=4&transport=polling");
}

TEST_CASE("without any transport there is an error, later") {
  client c(by({}));
  c.run([&] {
    c.engine->open();
    CHECK(c.heard().empty());
  });
  CHECK(c.heard() == lines{"error No transports available", "close transport error: No transports available"});
}

TEST_CASE("a loop that is abandoned takes its engines along, silently") {
  client c;
  c.open_by_polling();
  c.heard();
  c.loop->abandon();
  CHECK(c.all_closed());
  CHECK(c.heard().empty());
}
