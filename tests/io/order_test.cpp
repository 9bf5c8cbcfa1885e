// In which order things happen, and what is let go when.
#include <sio/sio.hpp>
#include <support/catch.hpp>
#include <support/raw_client.hpp>
#include <support/served.hpp>

#include <asio/steady_timer.hpp>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using served::eventually;
using strings = std::vector<std::string>;

TEST_CASE("CONNECT is written before what connection handlers emit") {
  served::own_loop own;
  own.io->use([](sio::socket s) { s.emit("too early"); });
  own.io->on("connection", [](sio::socket s) { s.emit("first"); });
  own.io->on("connection", [](sio::socket s) { s.emit("second"), s.nsp().emit("third"); });
  auto c = raw::open_websocket(own.start());
  c.send_text("40");
  CHECK(c.read_text().substr(0, 3) == "40{");
  for (const char* event : {"first", "second", "third"}) CHECK(c.read_text() == "42[\"" + std::string(event) + "\"]");
}

TEST_CASE("one socket's events are handled in their order, one at a time") {
  served::notes said;
  std::atomic<int> inside{0};
  served::own_loop own;
  own.io->on("connection", [&](sio::socket s) {
    s.on("n", [&, s](int n) {
      said.add(std::to_string(n) + (inside++ ? " nested" : ""));
      s.emit("n", n);
      --inside;
    });
  });
  auto c = raw::join_by_websocket(own.start());
  std::string all;
  for (int i = 0; i != 200; ++i) all += raw::masked(1, "42[\"n\"," + std::to_string(i) + "]");
  c.send(all);
  for (int i = 0; i != 200; ++i) CHECK(c.read_text() == "42[\"n\"," + std::to_string(i) + "]");
  const strings lines = said.all();
  for (int i = 0; i != 200; ++i) CHECK(lines[static_cast<std::size_t>(i)] == std::to_string(i));
}

TEST_CASE("disconnecting still sees the rooms, disconnect does not") {
  served::notes said;
  served::own_loop own;
  own.io->on("connection", [&](sio::socket s) {
    s.join({"a", "b"});
    const auto note = [&said, s](const char* what) {
      said.add(std::string(what) + " " + std::to_string(s.rooms().size()) + (s.connected() ? " connected" : ""));
    };
    s.on("disconnect", [note](sio::reason why) { note(why == sio::reason::transport_close ? "disconnect" : "why?"); });
    s.on("disconnecting", [note](sio::reason) { note("disconnecting"); });
  });
  raw::join_by_websocket(own.start());
  REQUIRE(eventually([&] { return said.size() == 2; }));
  CHECK(said.all() == strings{"disconnecting 3 connected", "disconnect 0"});
}

TEST_CASE("a socket's listeners and waiting acks are dropped after its disconnect") {
  const auto witness = std::make_shared<int>();
  std::atomic<int> unanswered{0};
  sio::socket kept;
  std::atomic<bool> gone{false};
  served::own_loop own;
  own.io->on("connection", [&](sio::socket s) {
    kept = s;
    s.on("event", [witness, s] {});
    s.once("event", [witness, s] {});
    s.emit("question", [witness, s, &unanswered](sio::error_code ec) { unanswered += ec == sio::errc::disconnected; });
    s.timeout(1h).emit("question",
                       [witness, s, &unanswered](sio::error_code ec) { unanswered += ec == sio::errc::disconnected; });
    s.on("disconnect", [witness, s, &gone, &unanswered] {
      s.on("too late", [witness, s] {});
      gone = unanswered == 0;
    });
  });
  raw::join_by_websocket(own.start());
  REQUIRE(eventually([&] { return gone.load(); }));
  CHECK(eventually([&] { return witness.use_count() == 1; }));
  CHECK(unanswered == 2);
  kept.on("much too late", [witness] {});
  CHECK(eventually([&] { return witness.use_count() == 1; }));
}

TEST_CASE("once hears one event, off takes listeners away, several hear the same") {
  served::notes said;
  served::own_loop own;
  own.io->on("connection", [&](sio::socket s) {
    s.once("e", [&](std::string text) { said.add("once " + text); });
    const auto second = s.on("e", [&](std::string text) { said.add("second " + text); });
    s.on("e", [&](std::string text) { said.add("third " + text); });
    s.on("off second", [s, second] { s.off("e", second); });
    s.on("off all", [s] { s.off("e"); });
    s.on("end", [&] { said.add("end"); });
  });
  auto c = raw::join_by_websocket(own.start());
  for (const char* event : {"[\"e\",\"1\"]", "[\"e\",\"2\"]", "[\"off second\"]", "[\"e\",\"3\"]", "[\"off all\"]",
                            "[\"e\",\"4\"]", "[\"end\"]"})
    c.send_text("42" + std::string(event));
  REQUIRE(eventually([&] { return said.has("end"); }));
  CHECK(said.all() == strings{"once 1", "second 1", "third 1", "second 2", "third 2", "third 3", "end"});
}

TEST_CASE("a listener that is taken off while its event runs is not called any more, a new one not yet") {
  served::notes said;
  served::own_loop own;
  own.io->on("connection", [&](sio::socket s) {
    const auto later = std::make_shared<sio::listener_id>();
    s.on("e", [&, s, later] {
      said.add("first");
      s.off("e", *later);
      s.once("e", [&] { said.add("new"); });
    });
    *later = s.on("e", [&] { said.add("taken off"); });
    s.on("end", [&] { said.add("end"); });
  });
  auto c = raw::join_by_websocket(own.start());
  for (const char* event : {"[\"e\"]", "[\"e\"]", "[\"end\"]"}) c.send_text("42" + std::string(event));
  REQUIRE(eventually([&] { return said.has("end"); }));
  CHECK(said.all() == strings{"first", "first", "new", "end"});
}

TEST_CASE("close tells every socket why, and every client") {
  served::notes said;
  served::own_loop own;
  own.io->on("connection", [&](sio::socket s) {
    s.on("disconnect", [&](sio::reason why) { said.add(std::string(to_string(why))); });
  });
  own.io->of("/other").on("connection", [&](sio::socket s) {
    s.on("disconnect", [&](sio::reason why) { said.add(std::string(to_string(why))); });
  });
  auto c = raw::join_by_websocket(own.start());
  c.send_text("40/other,");
  c.read_text();
  own.io->close();
  own.join();
  CHECK(said.all() == strings{"server shutting down", "server shutting down"});
  CHECK(c.ended());
}

TEST_CASE("an emit after disconnect is answered with an error, never silently lost") {
  served::notes said;
  served::own_loop own;
  own.io->on("connection", [&](sio::socket s) {
    s.on("disconnect", [&, s] {
      s.emit("x", [&said](sio::error_code ec) { said.add(ec.message()); });
      said.add("emit returned");
    });
  });
  raw::join_by_websocket(own.start());
  REQUIRE(eventually([&] { return said.size() == 2; }));
  CHECK(said.all() == strings{"emit returned", "socket has been disconnected"});
}

TEST_CASE("a timer of the host's own runs on the server's loop") {
  sio::server io;
  asio::steady_timer soon(io.get_executor(), 5ms);
  bool rang = false;
  soon.async_wait([&](std::error_code) {
    rang = true;
    io.close();
  });
  io.run();
  CHECK(rang);
}
