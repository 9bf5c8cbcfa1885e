// Handles used from many threads while the loop turns on another.
#include <sio/sio.hpp>
#include <support/catch.hpp>
#include <support/raw_client.hpp>
#include <support/served.hpp>

#include <asio/strand.hpp>

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using served::eventually;
using served::quiet;

namespace {

// Everybody who is there, for other threads to use.
class crowd {
 public:
  void add(const sio::socket& s) {
    const std::lock_guard<std::mutex> lock(mutex_);
    all_.push_back(s);
  }
  sio::socket pick(std::size_t n) {
    const std::lock_guard<std::mutex> lock(mutex_);
    return all_.empty() ? sio::socket() : all_[n % all_.size()];
  }
  void forget() {
    const std::lock_guard<std::mutex> lock(mutex_);
    all_.clear();
  }

 private:
  std::mutex mutex_;
  std::vector<sio::socket> all_;
};

void greet(sio::socket s) {
  s.on("sum", [](int a, int b) { return a + b; });
  s.on("say", [s](std::string text) { s.broadcast().emit("said", std::move(text)); });
  s.on("disconnect", [s] { s.nsp().emit("left", s.id()); });
}

void use(sio::server& io, crowd& there, std::size_t n, std::atomic<int>& answers) {
  const sio::socket s = there.pick(n);
  const std::string room = "room " + std::to_string(n % 5);
  switch (n % 14) {
    case 0: s.join(room); break;
    case 1: s.leave(room); break;
    case 2: s.emit("news", n, room); break;
    case 3: s.to(room).emit("news", n); break;
    case 4: io.to(room).except("room 1").emit("news", n); break;
    case 5: s.timeout(1ms).emit("question", [&answers](sio::error_code, int) { ++answers; }); break;
    case 6: s.emit("question", [&answers](sio::error_code) { ++answers; }); break;
    case 7: s.off("news", s.on("news", [s](int) {})); break;
    case 8: io.off("none", io.on("none", [] {})); break;
    case 9: io.of("/nsp " + std::to_string(n % 3)).emit("x"); break;
    case 10: (void)s.handshake().query["EIO"]; break;
    case 11: s.once("news", [s] {}); break;
    case 12: (void)io.port(), (void)s.connected(), (void)s.id(); break;
    default:
      if (n % 5 == 0) s.disconnect(n % 2 == 0);
      if (n % 17 == 0) there.forget();
  }
}

void talk(unsigned short port, int rounds) {
  for (int i = 0; i != rounds; ++i) {
    raw::client c = raw::open_websocket(port);
    c.send_text("40");
    c.send_text("42[\"say\",\"hello\"]");
    c.send_text("421[\"sum\",1,2]");
    std::string text = c.read_text();
    for (int n = 0; n != 20 && !text.empty() && text != "431[3]"; ++n) text = c.read_text();
    if (i % 3 == 0) c.reset();
  }
}

void storm(sio::server& io, unsigned short port) {
  crowd there;
  std::atomic<int> answers{0};
  io.on("connection", [&](sio::socket s) { there.add(s), greet(s); });
  std::vector<std::thread> threads;
  for (int t = 0; t != 3; ++t)
    threads.emplace_back([&, t] {
      for (std::size_t n = 0; n != 1500; ++n) use(io, there, n * 7 + static_cast<std::size_t>(t) * 31, answers);
    });
  for (int t = 0; t != 2; ++t) threads.emplace_back([port] { talk(port, 15); });
  for (std::thread& t : threads) t.join();
  io.off();
  there.forget();
  // Whoever joins now is served as ever.
  io.on("connection", greet);
  auto c = raw::join_by_websocket(port);
  c.send_text("421[\"sum\",1,2]");
  while (true) {
    const std::string text = c.read_text();
    if (text.empty() || text == "431[3]") break;
  }
  std::atomic<bool> done{false};
  io.close([&done] { done = true; });
  c.close();
  CHECK(eventually([&] { return done.load(); }));
}

}  // namespace

TEST_CASE("many threads use a server with its own loop") {
  served::own_loop own;
  const unsigned short port = own.start();
  storm(*own.io, port);
  own.join();
}

TEST_CASE("many threads use a server on a host's thread") {
  served::host h;
  sio::server io(h.context.get_executor(), quiet());
  io.listen("127.0.0.1", 0);
  storm(io, io.port());
  h.finish();
}

TEST_CASE("many threads use a server on a strand that three threads turn") {
  served::host h(3);
  sio::server io(asio::make_strand(h.context), quiet());
  io.listen("127.0.0.1", 0);
  storm(io, io.port());
  h.finish();
}

TEST_CASE("servers come and go on a context that three threads turn") {
  served::host h(3);
  for (int i = 0; i != 30; ++i) {
    sio::server io(asio::make_strand(h.context), quiet());
    sio::socket kept;
    std::atomic<bool> there{false};
    io.on("connection", [&](sio::socket s) { kept = s, there = true; });
    io.listen("127.0.0.1", 0);
    raw::client c = raw::open_websocket(io.port());
    c.send_text("40");
    REQUIRE(eventually([&] { return there.load(); }));
    if (i % 3 == 0) io.close();
    if (i % 3 == 1) io.stop();
    kept.emit("x", [](sio::error_code) {});
  }
  h.finish();
}

TEST_CASE("the last handles of sockets go on other threads than the server's") {
  served::own_loop own;
  crowd there;
  own.io->on("connection", [&](sio::socket s) {
    s.on("x", [s] {});
    there.add(s);
  });
  const unsigned short port = own.start();
  std::atomic<bool> over{false};
  std::thread forgetting([&] {
    while (!over) there.forget();
  });
  for (int i = 0; i != 50; ++i) {
    auto c = raw::join_by_websocket(port);
    if (i % 2) c.reset();
  }
  over = true;
  forgetting.join();
  own.io->close();
  own.join();
}

TEST_CASE("run on one thread and close from another, whichever comes first") {
  for (int i = 0; i != 50; ++i) {
    sio::server io(quiet());
    io.listen("127.0.0.1", 0);
    std::thread turning([copy = io]() mutable { copy.run(); });
    if (i % 2) io.emit("x");
    io.close();
    turning.join();
  }
}

TEST_CASE("run on one thread while the last other handle goes") {
  for (int i = 0; i != 50; ++i) {
    std::optional<sio::server> io(std::in_place, quiet());
    io->listen("127.0.0.1", 0);
    io->on("connection", [](sio::socket) {});
    std::atomic<bool> begun{false};
    std::thread turning([&, raw = &*io] {
      sio::server mine = *raw;
      begun = true;
      mine.run();
    });
    eventually([&] { return begun.load(); });
    io->stop();
    io.reset();
    turning.join();
  }
}

TEST_CASE("a handler may turn its context: others are served meanwhile, its own client's bytes stay") {
  served::notes said;
  asio::io_context context;
  sio::server io(context.get_executor(), quiet());
  io.on("connection", [&](sio::socket s) {
    s.on("wait", [&] {
      said.add("wait");
      while (!said.has("other")) context.run_one();
    });
    s.on("note", [&](std::string text) { said.add(text); });
  });
  io.listen("127.0.0.1", 0);
  std::thread turning([&] { context.run(); });
  auto one = raw::join_by_websocket(io.port()), other = raw::join_by_websocket(io.port());
  one.send(raw::masked(1, "42[\"wait\"]") + raw::masked(1, "42[\"note\",\"one\"]"));
  CHECK(eventually([&] { return said.has("wait"); }));
  other.send(raw::masked(1, "42[\"note\",\"other\"]"));
  CHECK(eventually([&] { return said.size() == 3; }));
  CHECK(said.all() == std::vector<std::string>{"wait", "other", "one"});
  io.stop();
  turning.join();
}
