// Answers that come late, twice, from other threads, or to nobody: next, decisions, acknowledgements.
#include <sio/sio.hpp>
#include <support/catch.hpp>
#include <support/kept.hpp>
#include <support/raw_client.hpp>
#include <support/served.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using served::eventually;
using test::kept;

TEST_CASE("a middleware's next may be called late, twice, from any thread") {
  kept<sio::next> waiting;
  served::own_loop own;
  own.io->use([&](sio::socket, sio::next go_on) { waiting.add(go_on); });
  const unsigned short port = own.start();
  raw::client c = raw::open_websocket(port);
  c.send_text("40");
  REQUIRE(eventually([&] { return waiting.size() == 1; }));

  SECTION("it lets the client in, once") {
    for (const auto& go_on : waiting.take()) go_on(), go_on(), go_on(sio::connect_error("late"));
    CHECK(c.read_text().substr(0, 3) == "40{");
  }
  SECTION("it refuses the client, once") {
    for (const auto& go_on : waiting.take()) go_on(sio::connect_error("no")), go_on(), go_on();
    CHECK(c.read_text() == "44{\"message\":\"no\"}");
  }
  SECTION("the client has left the namespace") {
    c.send_text("41");
    c.send_text("40/other,");
    CHECK(c.read_text().substr(0, 9) == "44/other,");
    for (const auto& go_on : waiting.take()) go_on();
    c.send_text("40");
    CHECK(eventually([&] { return waiting.size() == 1; }));
    for (const auto& go_on : waiting.take()) go_on();
    CHECK(c.read_text().substr(0, 3) == "40{");
  }
  SECTION("the client has gone") {
    c.reset();
    auto other = raw::open_websocket(port);
    for (const auto& go_on : waiting.take()) go_on();
  }
  SECTION("it is never called") { c.reset(); }
  SECTION("the server has gone") {
    own.io.reset();
    own.join();
    for (const auto& go_on : waiting.take()) go_on();
  }
  SECTION("the server has gone, and it is never called") {
    own.io.reset();
    own.join();
  }
  SECTION("the server was closed") {
    own.io->close();
    own.join();
    for (const auto& go_on : waiting.take()) go_on(sio::connect_error("no"));
  }
}

TEST_CASE("a decision on a handshake may come late, twice, from any thread") {
  kept<sio::allow_decision> waiting;
  auto options = served::quiet();
  options.allow_request = [&](const sio::request&, sio::allow_decision decide) { waiting.add(std::move(decide)); };
  served::own_loop own(options);
  const unsigned short port = own.start();
  raw::client c(port);
  const bool websocket = GENERATE(false, true);
  c.send("GET " + raw::path + (websocket ? "websocket" : "polling") + " HTTP/1.1\r\nHost: x\r\n" +
         (websocket ? "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
                    : "\r\n"));
  REQUIRE(eventually([&] { return waiting.size() == 1; }));

  SECTION("it lets the client in, once") {
    for (const auto& decide : waiting.take()) decide(true, {}), decide(true, {}), decide(false, "late");
    CHECK(c.read_answer().status == (websocket ? 101 : 200));
  }
  SECTION("it refuses the client, once") {
    for (const auto& decide : waiting.take()) decide(false, "no"), decide(true, {});
    const raw::answer refused = c.read_answer();
    CHECK(refused.status == (websocket ? 400 : 403));
  }
  SECTION("the client has gone") {
    c.reset();
    raw::client(port).get("/");
    for (const auto& decide : waiting.take()) decide(true, {});
  }
  SECTION("the client has ended its output, and still gets its answer") {
    c.end_output();
    raw::client(port).get("/");
    for (const auto& decide : waiting.take()) decide(true, {});
    if (!websocket) CHECK(c.read_answer().status == 200);
  }
  SECTION("it is dropped on another thread after the client has gone") {
    c.close();
    raw::client(port).get("/");
    waiting.take();
    raw::client(port).get("/");
  }
  SECTION("the server has gone") {
    own.io.reset();
    own.join();
    for (const auto& decide : waiting.take()) decide(true, {});
  }
  SECTION("the server has gone, and it is dropped") {
    own.io.reset();
    own.join();
    waiting.take();
  }
  SECTION("the server closes: nobody is let in any more") {
    own.io->close();
    for (const auto& decide : waiting.take()) decide(true, {});
    CHECK(c.ended());
    own.join();
  }
}

TEST_CASE("a client that leaves a host undecided is let go at the request's deadline") {
  kept<sio::allow_decision> waiting;
  auto options = served::quiet();
  options.request_timeout = 50ms;
  options.allow_request = [&](const sio::request&, sio::allow_decision decide) { waiting.add(std::move(decide)); };
  served::own_loop own(options);
  raw::client c(own.start());
  c.send("GET " + raw::path + "polling HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(eventually([&] { return waiting.size() == 1; }));
  c.end_output();
  CHECK(c.ended());
}

TEST_CASE("acknowledgements may be given from any thread, twice, and to nobody") {
  kept<sio::ack> waiting;
  served::own_loop own;
  own.io->on("connection", [&](sio::socket s) { s.on("ask", [&](sio::ack answer) { waiting.add(answer); }); });
  auto c = raw::join_by_websocket(own.start());
  c.send_text("425[\"ask\"]");
  REQUIRE(eventually([&] { return waiting.size() == 1; }));

  SECTION("from another thread, twice") {
    for (const auto& answer : waiting.take()) answer(1), answer(2);
    c.send_text("426[\"ask\"]");
    CHECK(c.read_text() == "435[1]");
  }
  SECTION("the client has gone") {
    c.reset();
    for (const auto& answer : waiting.take()) answer(1);
  }
  SECTION("the server has gone") {
    own.io.reset();
    own.join();
    for (const auto& answer : waiting.take()) answer(1);
  }
  SECTION("never") {}
}

TEST_CASE("a lambda that asks again when nobody answers does not call itself without end") {
  std::atomic<int> asked{0};
  std::function<void(sio::socket)> ask = [&](sio::socket s) {
    ++asked;
    s.timeout(1ms).emit("question", [&ask, s](sio::error_code ec, int) {
      if (ec) ask(s);
    });
  };
  served::own_loop own;
  own.io->on("connection", [&](sio::socket s) { ask(s); });
  const unsigned short port = own.start();
  raw::join_by_websocket(port).reset();
  CHECK(eventually([&] { return asked > 100'000; }));
  raw::join_by_websocket(port);
}

TEST_CASE("what a listener holds may call anything as it goes") {
  struct caller {
    std::function<void()> last_words;
    ~caller() { last_words(); }
  };
  served::notes said;
  served::own_loop own;
  own.io->on("connection", [&](sio::socket s) {
    for (const char* event : {"a", "b", "c"}) {
      auto guard = std::make_shared<caller>();
      guard->last_words = [&said, s, event] {
        said.add(event);
        s.off("b"), s.on("d", [] {}), s.once("a", [] {}), s.off("c"), s.nsp().off("x"), s.disconnect();
        s.emit("ask", [](sio::error_code) {});
      };
      s.on(event, [guard] {});
      s.emit("ask", [guard](sio::error_code) {});
    }
    s.on("off", [s] { s.off(); });
  });
  const unsigned short port = own.start();
  auto c = raw::join_by_websocket(port);
  SECTION("all are taken off") { c.send_text("42[\"off\"]"), c.close(); }
  SECTION("the client goes") { c.reset(); }
  SECTION("the server goes") {
    own.io.reset();
    own.join();
  }
  CHECK(eventually([&] { return said.size() == 3; }));
}
