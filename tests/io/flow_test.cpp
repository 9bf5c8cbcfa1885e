// Clients that read too slowly or send too fast, too many of them, and the figures that tell of it.
#include <sio/sio.hpp>
#include <support/catch.hpp>
#include <support/raw_client.hpp>
#include <support/served.hpp>

#include <asio/use_future.hpp>

#include <atomic>
#include <future>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using served::eventually;
using served::quiet;

namespace {

const std::string kilobyte(1000, 'x');

/// A server whose sockets join the room of the name that they say.
struct named : served::own_loop {
  explicit named(sio::server_options o) : own_loop(std::move(o)) {
    io->on("connection", [this](sio::socket s) {
      s.on_high_water([this] { said.add("high"); });
      s.on_low_water([this] { said.add("low"); });
      s.on("echo", [s](sio::array all) { s.emit_array("echo", all); });
      s.on("disconnect",
           [this](sio::reason why, std::string what) { said.add(std::string(to_string(why)) + ": " + what); });
      const std::lock_guard<std::mutex> lock(mutex);
      last = s;
    });
    port = start();
  }
  ~named() { end(); }
  sio::socket newest() {
    const std::lock_guard<std::mutex> lock(mutex);
    return last;
  }
  sio::metrics metrics() {
    std::promise<sio::metrics> got;
    io->metrics([&](sio::metrics m) { got.set_value(std::move(m)); });
    return got.get_future().get();
  }

  served::notes said;
  std::mutex mutex;
  sio::socket last;
  unsigned short port = 0;
};

int number_in(const std::string& text) { return std::stoi(text.substr(text.find(',') + 1)); }

// What a client that reads slowly gets of very many volatile events, each thousandth followed by one that is not.
struct flood {
  static constexpr int count = 20'000;
  int ticks = 0, kept = 0, last_tick = -1;
  std::uint64_t dropped = 0;
};

flood flooded(sio::volatile_policy policy) {
  auto o = quiet();
  o.high_water = 50'000;
  o.volatiles = policy;
  named own(o);
  auto c = raw::join_by_websocket(own.port, 4096);
  REQUIRE(eventually([&] { return own.newest().connected(); }));
  for (int i = 0; i != flood::count; ++i) {
    own.newest().volatile_().emit("tick", i, kilobyte);
    if (i % 1000 == 999) own.newest().emit("kept", i);
  }
  flood all;
  while (all.kept != flood::count / 1000) {
    const std::string text = c.read_text();
    REQUIRE(!text.empty());
    const bool tick = text.find("tick") != std::string::npos;
    if (tick) all.last_tick = number_in(text);
    ++(tick ? all.ticks : all.kept);
  }
  all.dropped = own.metrics().volatile_dropped;
  return all;
}

}  // namespace

TEST_CASE("a socket hears once when too much waits for it, and once when it has read") {
  auto o = quiet();
  o.high_water = 400'000;
  o.low_water = 1'000;
  named own(o);
  auto c = raw::join_by_websocket(own.port, 4096);
  REQUIRE(eventually([&] { return own.newest().connected(); }));
  int sent = 0;
  while (own.said.size() == 0 && sent != 100'000) own.newest().emit("news", ++sent, kilobyte);
  REQUIRE(own.said.all() == std::vector<std::string>{"high"});
  auto drained = own.newest().drained(asio::use_future);
  CHECK(drained.wait_for(50ms) == std::future_status::timeout);
  for (int i = 0; i != sent; ++i) CHECK(number_in(c.read_text()) == i + 1);
  drained.get();
  CHECK(own.said.all() == std::vector<std::string>{"high", "low"});
  own.newest().drained(asio::use_future).get();  // at once
}

TEST_CASE("waiting until a client has read ends with an error when the client leaves") {
  auto o = quiet();
  o.high_water = 100'000;
  named own(o);
  auto c = std::make_unique<raw::client>(raw::join_by_websocket(own.port, 4096));
  REQUIRE(eventually([&] { return own.newest().connected(); }));
  for (int i = 0; i != 10'000; ++i) own.newest().emit("news", i, kilobyte);
  auto drained = own.newest().drained(asio::use_future);
  c.reset();
  CHECK_THROWS_AS(drained.get(), std::system_error);
  CHECK_THROWS_AS(own.newest().drained(asio::use_future).get(), std::system_error);
  CHECK_THROWS_AS(sio::socket().drained(asio::use_future).get(), std::system_error);
}

TEST_CASE("fresh volatile events push out old ones for a client that reads slowly, and nothing else is lost") {
  const flood all = flooded(sio::volatile_policy::drop_oldest);
  CHECK(all.last_tick == flood::count - 1);
  CHECK(all.ticks < flood::count);
  CHECK(all.dropped == static_cast<std::uint64_t>(flood::count - all.ticks));
}

TEST_CASE("volatile events beyond the high water are dropped where the newest go") {
  const flood all = flooded(sio::volatile_policy::drop_newest);
  CHECK(all.ticks > 40);
  CHECK(all.dropped == static_cast<std::uint64_t>(flood::count - all.ticks));
}

TEST_CASE("one connection too many is answered with 503, and comes in when another has left") {
  auto o = quiet();
  o.max_connections = 1;
  named own(o);
  auto first = std::make_unique<raw::client>(own.port);
  CHECK(first->get(raw::path + "polling").status == 200);
  raw::client second(own.port);
  CHECK(second.read_answer().status == 503);
  CHECK(second.ended());
  first.reset();
  CHECK(eventually([&] {
    raw::client third(own.port);
    return third.get(raw::path + "polling").status == 200;
  }));
  CHECK(own.metrics().refused(sio::refusal::too_many_connections) >= 1);
}

TEST_CASE("one address may have only so many connections") {
  auto o = quiet();
  o.max_connections_per_address = 2;
  named own(o);
  raw::client first(own.port), second(own.port);
  CHECK(first.get("/").status == 404);
  CHECK(second.get("/").status == 404);
  CHECK(raw::client(own.port).read_answer().status == 503);
}

TEST_CASE("a client that sends too fast is let go where that is wanted") {
  auto o = quiet();
  o.rate_limit.packets_per_second = 10;
  o.when_over_rate = sio::over_rate::close;
  named own(o);
  auto c = raw::join_by_websocket(own.port);
  for (int i = 0; i != 30; ++i) c.send_text("42[\"echo\",1]");
  CHECK(eventually([&] { return own.said.has("transport error: rate limit exceeded"); }));
  CHECK(own.metrics().refused(sio::refusal::too_fast) == 1);
}

TEST_CASE("a client that sends too fast over WebSocket is slowed down, and nothing is lost") {
  auto o = quiet();
  o.rate_limit.packets_per_second = 200;
  o.rate_limit.burst = 100ms;
  named own(o);
  auto c = raw::join_by_websocket(own.port);
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i != 120; ++i) {
    c.send_text("42[\"echo\"," + std::to_string(i) + "]");
    CHECK(number_in(c.read_text()) == i);
  }
  CHECK(std::chrono::steady_clock::now() - begin > 300ms);  // 100 packets beyond the burst at 200 a second
}

TEST_CASE("a client that posts too fast gets its answer later") {
  auto o = quiet();
  o.rate_limit.packets_per_second = 100;
  o.rate_limit.burst = 10ms;
  named own(o);
  raw::client c(own.port);
  const std::string target = raw::path + "polling&sid=" + raw::open_by_polling(c);
  CHECK(c.post(target, "40").body == "ok");
  const auto begin = std::chrono::steady_clock::now();
  std::string many = "42[\"echo\",0]";
  for (int i = 1; i != 30; ++i)
    many +=
        "\x1e"
        "42[\"echo\",0]";
  CHECK(c.post(target, many).body == "ok");
  CHECK(std::chrono::steady_clock::now() - begin > 200ms);
}

TEST_CASE("clients of one address share its rate") {
  auto o = quiet();
  o.rate_limit_per_address.packets_per_second = 10;
  o.when_over_rate = sio::over_rate::close;
  named own(o);
  auto first = raw::join_by_websocket(own.port);
  for (int i = 0; i != 8; ++i) first.send_text("42[\"echo\",1]");
  for (int i = 0; i != 8; ++i) first.read_text();
  auto second = raw::join_by_websocket(own.port);
  for (int i = 0; i != 8; ++i) second.send_text("42[\"echo\",1]");
  CHECK(eventually([&] { return own.said.has("transport error: rate limit exceeded"); }));
}

TEST_CASE("the figures tell what a server is and did") {
  auto o = quiet();
  o.metrics_path = "/metrics";
  o.lag_interval = 1ms;
  named own(o);
  own.io->of("/other");
  auto c = raw::join_by_websocket(own.port);
  raw::client poller(own.port);
  raw::open_by_polling(poller);
  c.send_text("42[\"echo\",1]");
  CHECK(c.read_text() == "42[\"echo\",1]");
  c.send_text("42[\"echo\",2]");
  CHECK(c.read_text() == "42[\"echo\",2]");
  raw::client stranger(own.port);
  CHECK(stranger.get("/socket.io/?EIO=4&transport=polling&sid=unknown").status == 400);
  own.newest().timeout(1ms).emit("question", [](sio::error_code) {});
  own.newest().emit("question", [](int) {});
  REQUIRE(eventually([&] { return own.metrics().acks_timed_out == 1; }));
  const sio::metrics m = own.metrics();
  CHECK(m.streams == 3);
  CHECK(m.websocket_sessions == 1);
  CHECK(m.polling_sessions == 1);
  CHECK(m.sessions_opened == 2);
  REQUIRE(m.namespaces.size() == 2);
  CHECK(m.namespaces[0].name == "/");
  CHECK(m.namespaces[0].sockets == 1);
  CHECK(m.namespaces[0].rooms == 1);
  CHECK(m.namespaces[1].sockets == 0);
  CHECK(m.events_in == 2);
  CHECK(m.acks_pending == 1);
  CHECK(m.packets_in == 3);
  CHECK(m.bytes_in == 1 + 2 * 11);
  CHECK(m.refused(sio::refusal::unknown_sid) == 1);
  CHECK(raw::client(own.port).get("bad").status == 400);
  CHECK(own.metrics().refused(sio::refusal::bad_http) == 1);
  CHECK(m.loop_lag_max.count() >= 0);
  const raw::answer text = stranger.get("/metrics");
  CHECK(text.status == 200);
  CHECK(text.body.find("sio_sessions{transport=\"websocket\"} 1\n") != std::string::npos);
}

TEST_CASE("a water listener that throws is reported, and the socket lives on") {
  auto o = quiet();
  o.high_water = 100'000;
  named own(o);
  own.io->on("connection", [&](sio::socket s) {
    s.on("error", [&](std::string what) { own.said.add(what); });
    s.on_high_water([] { throw std::runtime_error("not now"); });
  });
  auto c = raw::join_by_websocket(own.port, 4096);
  REQUIRE(eventually([&] { return own.newest().connected(); }));
  for (int i = 0; i != 10'000; ++i) own.newest().emit("news", i, kilobyte);
  CHECK(eventually([&] { return own.said.has("high water: not now"); }));
  for (int i = 0; i != 10'000; ++i) REQUIRE(number_in(c.read_text()) == i);
}
