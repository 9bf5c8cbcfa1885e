// A server that is emptied before it closes: who is sent away when, what still arrives, and what is told of it.
#include <sio/sio.hpp>
#include <support/catch.hpp>
#include <support/raw_client.hpp>
#include <support/served.hpp>

#include <atomic>
#include <mutex>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using served::eventually;
using served::quiet;

namespace {

/// What a drain reported.
class reports {
 public:
  sio::drain_report hear() {
    return [this](const sio::drain_progress& p) {
      const std::lock_guard<std::mutex> lock(mutex_);
      all_.push_back(p);
    };
  }
  std::vector<sio::drain_progress> all() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return all_;
  }
  bool over() const {
    const auto said = all();
    return !said.empty() && said.back().over;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<sio::drain_progress> all_;
};

/// The texts that still come; it answers the close frame, as clients do.
std::vector<std::string> rest_of(raw::client& c) {
  std::vector<std::string> texts;
  for (raw::frame f = c.read_frame(); f.opcode != 8; f = c.read_frame())
    if (f.payload != "2") texts.push_back(f.payload);
  c.send_close();
  c.close();
  return texts;
}

}  // namespace

TEST_CASE("a drained server gives every client what was sent to it, then its end, and closes") {
  reports heard;
  served::notes said;
  served::own_loop own;
  for (const char* name : {"/", "/admin"})
    own.io->of(name).on("connection", [&said](sio::socket s) {
      s.on("disconnecting", [s] { s.emit("bye"); });
      s.on("disconnect", [&said, s](sio::reason why) { said.add(s.nsp().name() + " " + std::string(to_string(why))); });
    });
  const unsigned short port = own.start();
  std::vector<raw::client> clients;
  for (int i = 0; i != 5; ++i) clients.push_back(raw::join_by_websocket(port));
  clients[0].send_text("40/admin,");
  REQUIRE(clients[0].read_text().substr(0, 9) == "40/admin,");
  own.io->emit("news", std::string(300'000, 'x'));
  own.io->drain(200ms, {"leaving", {1, "x"}}, heard.hear());
  for (std::size_t i = 0; i != clients.size(); ++i) {
    const auto texts = rest_of(clients[i]);
    REQUIRE(texts.size() == (i == 0 ? 5 : 3));
    CHECK(texts[0].substr(0, 10) == "42[\"news\",");
    CHECK(texts[1] == "42[\"leaving\",1,\"x\"]");
    CHECK(texts.back().substr(texts.back().size() - 7) == "[\"bye\"]");
  }
  own.join();
  CHECK(heard.over());
  CHECK(heard.all().back().connections == 0);
  CHECK(heard.all().back().bytes == 0);
  CHECK(said.size() == 6);
  CHECK(said.has("/admin server shutting down"));
}

TEST_CASE("a server without clients is drained at once, whatever the duration") {
  reports heard;
  served::own_loop own;
  own.start();
  own.io->drain(1h, {}, heard.hear());
  own.join();
  REQUIRE(heard.all().size() == 1);
  CHECK(heard.over());
}

TEST_CASE("clients go in the course of the duration, not all at once, and the reports count them") {
  reports heard;
  std::atomic<int> gone{0};
  served::own_loop own;
  own.io->on("connection", [&](sio::socket s) { s.on("disconnect", [&] { ++gone; }); });
  const unsigned short port = own.start();
  std::vector<raw::client> clients;
  for (int i = 0; i != 20; ++i) clients.push_back(raw::join_by_websocket(port));
  own.io->drain(1h, {}, heard.hear());
  REQUIRE(eventually([&] { return heard.all().size() >= 2; }));
  CHECK(heard.all().front().connections == 20);
  CHECK(gone == 0);
  own.io->close();
  own.join();
  CHECK(gone == 20);
  CHECK(heard.over());
}

TEST_CASE("during a drain handshakes are answered with 503, and sessions go on") {
  reports heard;
  served::own_loop own;
  own.io->on("connection", [](sio::socket s) { s.on("echo", [s](int n) { s.emit("echo", n); }); });
  const unsigned short port = own.start();
  raw::client poller(port), sender(port);
  const std::string session = raw::path + "polling&sid=" + raw::open_by_polling(poller);
  sender.post(session, "40");
  REQUIRE(poller.get(session).body.substr(0, 2) == "40");
  own.io->drain(1h, {}, heard.hear());
  REQUIRE(eventually([&] { return !heard.all().empty(); }));

  raw::client late(port);
  const raw::answer refused = late.get(raw::path + "polling");
  CHECK(refused.status == 503);
  CHECK(refused.head.find("Retry-After: ") != std::string::npos);
  CHECK(late.ended());
  CHECK(raw::client(port).upgrade(raw::path + "websocket").status == 503);

  CHECK(raw::client(port).post(session, "42[\"echo\",7]").body == "ok");  // over a connection that is new
  CHECK(poller.get(session).body == "42[\"echo\",7]");
  own.io->stop();
  own.join();
}

TEST_CASE("a client that polls gets what waits for it, then the close packet") {
  served::own_loop own;
  std::atomic<bool> gone{false};
  own.io->on("connection", [&](sio::socket s) { s.on("disconnect", [&] { gone = true; }); });
  const unsigned short port = own.start();
  raw::client poller(port);
  const std::string session = raw::path + "polling&sid=" + raw::open_by_polling(poller);
  poller.post(session, "40");
  REQUIRE(poller.get(session).body.substr(0, 2) == "40");
  own.io->emit("last words");
  own.io->drain(0ms);
  REQUIRE(eventually([&] { return gone.load(); }));
  CHECK(poller.get(session).body == "42[\"last words\"]");
  CHECK(poller.get(session).body ==
        "6\x1e"
        "1");
  own.join();
}

TEST_CASE("a client that does not read is waited for as long as linger says, then cut off") {
  reports heard;
  served::own_loop own;
  std::atomic<bool> joined{false};
  own.io->on("connection", [&] { joined = true; });
  auto deaf = raw::join_by_websocket(own.start(), 4096);
  REQUIRE(eventually([&] { return joined.load(); }));
  own.io->emit("news", std::string(8'000'000, 'x'));
  sio::drain_options how;
  how.linger = 100ms;
  own.io->drain(0ms, how, heard.hear());
  own.join();
  CHECK(heard.over());
  CHECK(heard.all().back().connections == 1);
  CHECK(heard.all().back().bytes > 0);
}

TEST_CASE("of several drains the first counts, and all their reports are called") {
  reports first, second, late;
  served::own_loop own;
  auto c = raw::join_by_websocket(own.start());
  own.io->drain(300ms, {"leaving", {}}, first.hear());
  own.io->drain(1h, {"again", {}}, second.hear());
  CHECK(rest_of(c) == std::vector<std::string>{"42[\"leaving\"]"});
  own.join();
  CHECK(first.over());
  CHECK(second.over());
  own.io->drain(1h, {}, late.hear());
  CHECK_FALSE(late.over());  // nobody turns the loop any more
}

TEST_CASE("a drain is cut short by close and by stop, also from its own report and from handlers") {
  const bool gently = GENERATE(true, false);
  const bool from_report = GENERATE(true, false);
  reports heard;
  served::own_loop own;
  const auto end = [&] { gently ? own.io->close() : own.io->stop(); };
  own.io->on("connection", [&](sio::socket s) {
    s.on("disconnect", [&] {
      if (!from_report) end();
    });
  });
  const unsigned short port = own.start();
  auto a = raw::join_by_websocket(port), b = raw::join_by_websocket(port);
  own.io->drain(from_report ? 1h : 0h, {}, [&, told = heard.hear()](const sio::drain_progress& p) {
    told(p);
    if (from_report && !p.over) end();
  });
  own.join();
  CHECK(heard.over());
}

TEST_CASE("a handler may drain its server, and a report may throw") {
  reports heard;
  served::own_loop own;
  own.io->on("connection", [&](sio::socket s) {
    s.on("go", [&] {
      own.io->drain(10ms, {}, [](const sio::drain_progress&) { throw std::runtime_error("so what"); });
      own.io->drain(10ms, {}, heard.hear());
    });
  });
  auto c = raw::join_by_websocket(own.start());
  c.send_text("42[\"go\"]");
  rest_of(c);
  own.join();
  CHECK(heard.over());
}

TEST_CASE("a server may go while it is drained, and let go of what its reports hold") {
  const auto keep = std::make_shared<int>(0);
  {
    served::own_loop own;
    auto c = raw::join_by_websocket(own.start());
    std::atomic<bool> told{false};
    own.io->drain(1h, {}, [keep, &told](const sio::drain_progress&) { told = true; });
    REQUIRE(eventually([&] { return told.load(); }));
    own.io.reset();
    own.join();
  }
  {
    served::host host;
    sio::server io(host.context.get_executor(), quiet());
    io.listen("127.0.0.1", 0);
    auto c = raw::join_by_websocket(io.port());
    std::atomic<bool> told{false};
    io.drain(1h, {}, [keep, &told](const sio::drain_progress&) { told = true; });
    REQUIRE(eventually([&] { return told.load(); }));
    host.stop();
  }
  CHECK(keep.use_count() == 1);
}

TEST_CASE("a reserved event name is refused by the caller of drain") {
  sio::server io(quiet());
  CHECK_THROWS_AS(io.drain(1s, {"connect", {}}), std::invalid_argument);
}

TEST_CASE("drains from many threads amid traffic end well") {
  served::own_loop own;
  own.io->on("connection", [](sio::socket s) { s.on("echo", [s](int n) { s.emit("echo", n); }); });
  const unsigned short port = own.start();
  std::vector<raw::client> clients;
  for (int i = 0; i != 10; ++i) clients.push_back(raw::join_by_websocket(port));
  std::vector<std::thread> threads;
  for (int i = 0; i != 4; ++i)
    threads.emplace_back([&, i] {
      for (int n = 0; n != 50; ++n)
        own.io->emit("news", n), clients[static_cast<std::size_t>(i)].send_text("42[\"echo\",1]");
      own.io->drain(std::chrono::milliseconds(20 * i));
    });
  for (std::thread& t : threads) t.join();
  for (raw::client& c : clients) CHECK(rest_of(c).size() >= 50);  // of the first to drain at least
  own.join();
}
