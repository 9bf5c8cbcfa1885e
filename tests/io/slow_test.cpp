// Clients that do not read, do not answer, or do not come to the point.
#include <sio/sio.hpp>
#include <support/catch.hpp>
#include <support/raw_client.hpp>
#include <support/served.hpp>

#include <atomic>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using served::eventually;
using served::quiet;
using strings = std::vector<std::string>;

namespace {

bool read_until(raw::client& c, const std::string& start) {
  std::string text = c.read_text();
  while (!text.empty() && text.substr(0, start.size()) != start) text = c.read_text();
  return !text.empty();
}

}  // namespace

TEST_CASE("a client that never reads is let go at max_buffered_bytes, others are served on") {
  auto options = quiet();
  options.max_buffered_bytes = 256 * 1024;
  served::notes said;
  served::own_loop own(options);
  own.io->on("connection", [&](sio::socket s) {
    s.on("disconnect",
         [&said](sio::reason why, std::string what) { said.add(std::string(to_string(why)) + ": " + what); });
    s.on("name", [&said, s](std::string name) { s.join(name), said.add(name); });
  });
  const unsigned short port = own.start();
  auto slow = raw::join_by_websocket(port, 4096);
  auto quick = raw::join_by_websocket(port);
  slow.send_text("42[\"name\",\"slow\"]");
  quick.send_text("42[\"name\",\"quick\"]");
  REQUIRE(eventually([&] { return said.size() == 2; }));
  const std::string news(16 * 1024, 'x');
  const bool volatile_ones = GENERATE(false, true);
  for (int i = 0; i != 2000 && said.size() == 2; ++i) {
    own.io->emit("news", i, news);
    if (volatile_ones) own.io->volatile_().emit("tick", news);
    REQUIRE(read_until(quick, "42[\"news\"," + std::to_string(i) + ","));
  }
  REQUIRE(eventually([&] { return said.size() == 3; }));
  CHECK(said.all().back() == "transport error: write buffer overflow");
  own.io->to("quick").emit("still there");
  CHECK(read_until(quick, "42[\"still there\"]"));
}

TEST_CASE("a client that never reads loses only volatile events") {
  auto options = quiet();
  options.max_buffered_bytes = 1024 * 1024;
  std::atomic<int> gone{0};
  std::atomic<bool> sent{false};
  served::own_loop own(options);
  own.io->on("connection", [&](sio::socket s) {
    s.on("disconnect", [&] { ++gone; });
    s.on("flood", [&, s] {
      const std::string news(16 * 1024, 'x');
      for (int i = 0; i != 1000; ++i) s.volatile_().emit("tick", news);
      sent = true;
    });
  });
  auto slow = raw::join_by_websocket(own.start(), 4096);
  for (int i = 0; i != 20; ++i) slow.send_text("42[\"flood\"]");
  REQUIRE(eventually([&] { return sent.load(); }));
  CHECK(gone == 0);
}

TEST_CASE("a polling client that never polls is let go at max_buffered_bytes") {
  auto options = quiet();
  options.max_buffered_bytes = 64 * 1024;
  served::notes said;
  served::own_loop own(options);
  own.io->on("connection", [&](sio::socket s) {
    s.on("disconnect", [&](sio::reason why) { said.add(std::string(to_string(why))); });
    for (int i = 0; i != 100; ++i) s.emit("news", std::string(1024, 'x'));
  });
  raw::client c(own.start());
  const std::string with_sid = raw::path + "polling&sid=" + raw::open_by_polling(c);
  c.post(with_sid, "40");
  REQUIRE(eventually([&] { return said.size() == 1; }));
  CHECK(said.all() == strings{"transport error"});
  CHECK(c.get(with_sid).status == 400);
}

TEST_CASE("a peer that pings without reading the pongs is not read, until its heartbeat stops") {
  auto options = quiet();
  options.max_buffered_bytes = 64 * 1024;
  options.ping_interval = 300ms;
  options.ping_timeout = 100ms;
  std::atomic<bool> gone{false};
  served::own_loop own(options);
  own.io->on("connection", [&](sio::socket s) {
    s.on("disconnect", [&](sio::reason why) { gone = why == sio::reason::ping_timeout; });
  });
  auto c = raw::join_by_websocket(own.start(), 4096);
  std::string pings;
  for (int i = 0; i != 1000; ++i) pings += raw::masked(9, std::string(125, 'p'));
  int sent = 0;
  while (!gone && c.send(pings, 200ms)) ++sent;
  CHECK(sent < 1000);
  CHECK(eventually([&] { return gone.load(); }));
}

TEST_CASE("acks that never come are freed at the timeout, or at the disconnect") {
  served::notes said;
  const auto witness = std::make_shared<int>();
  served::own_loop own;
  own.io->on("connection", [&](sio::socket s) {
    const auto note = [&said, witness](std::string what) {
      return [&said, witness, what](sio::error_code ec) { said.add(what + ": " + ec.message()); };
    };
    s.timeout(30ms).emit("question", note("b"));
    s.timeout(10ms).emit("question", note("a"));
    s.timeout(1h).emit("question", note("c"));
    s.emit("question", note("d"));
    s.timeout(std::chrono::milliseconds::max()).emit("question", note("e"));
    s.timeout(-5ms).emit("question", note("0"));
  });
  auto c = raw::join_by_websocket(own.start());
  REQUIRE(eventually([&] { return said.size() == 3; }));
  CHECK(said.all() ==
        strings{"0: operation has timed out", "a: operation has timed out", "b: operation has timed out"});
  c.close();
  REQUIRE(eventually([&] { return said.size() == 6; }));
  for (const char* late : {"c", "d", "e"}) CHECK(said.has(std::string(late) + ": socket has been disconnected"));
  CHECK(eventually([&] { return witness.use_count() == 1; }));
}

TEST_CASE("an answer that was not asked for, or comes twice, means nothing") {
  served::notes said;
  served::own_loop own;
  own.io->on("connection", [&](sio::socket s) {
    s.emit("question", [&](int n) { said.add(std::to_string(n)); });
    s.on("end", [&] { said.add("end"); });
  });
  auto c = raw::join_by_websocket(own.start());
  for (const char* p : {"4399[1]", "430[2]", "430[3]", "43[4]", "42[\"end\"]"}) c.send_text(p);
  REQUIRE(eventually([&] { return said.has("end"); }));
  CHECK(said.all() == strings{"2", "end"});
}

TEST_CASE("slow heads, slow bodies and idle connections end at their deadlines") {
  auto options = quiet();
  options.head_timeout = 50ms;
  options.request_timeout = 100ms;
  options.keep_alive_timeout = 50ms;
  options.connect_timeout = 50ms;
  served::own_loop own(options);
  const unsigned short port = own.start();
  raw::client idle(port), head(port), body(port), kept(port), never_joins = raw::open_websocket(port);
  head.send("GET / HTT");
  const std::string sid = raw::open_by_polling(kept);
  body.send("POST " + raw::path + "polling&sid=" + sid + " HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n4");
  CHECK(idle.ended());
  CHECK(head.read_answer().status == 408);
  CHECK(body.read_answer().status == 408);
  CHECK(kept.ended());
  CHECK(never_joins.ended());
  CHECK(raw::client(port).get(raw::path + "polling&sid=" + sid).status == 400);
}

TEST_CASE("a body that was refused leaves its session alone") {
  auto options = quiet();
  options.max_http_buffer_size = 100;
  served::own_loop own(options);
  const unsigned short port = own.start();
  raw::client polls(port), posts(port), again(port);
  const std::string with_sid = raw::path + "polling&sid=" + raw::open_by_polling(polls);
  posts.send("POST " + with_sid + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n" +
             std::string(64, 'x') + "\r\n40\r\n" + std::string(64, 'x') + "\r\n");
  CHECK(posts.read_answer().status == 413);
  CHECK(again.post(with_sid, "40").status == 200);
  CHECK(polls.get(with_sid).body.substr(0, 2) == "40");
}

TEST_CASE("a client that ends its output still gets the whole of a large answer") {
  served::own_loop own;
  const std::string large(8 * 1024 * 1024, 'x');
  own.io->on_request("/large", [&](const sio::request&) { return sio::response{200, {}, large}; });
  raw::client c(own.start(), 4096);
  c.send("GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  c.end_output();
  CHECK(c.read_answer().body.size() == large.size());
}
