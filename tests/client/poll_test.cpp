// Clients whose handlers run where somebody polls: games and GUIs.
#include <support/catch.hpp>
#include <support/client_fixture.hpp>
#include <support/peer_process.hpp>

#include <asio/io_context.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using test::way;

namespace {

/// A game's main loop, which sleeps until there is something to do.
class frame {
 public:
  sio::client_options options() {
    auto o = test::by(way::websocket);
    o.force_new = true;
    o.delivery = sio::delivery::poll;
    o.wake = [this] { wake(); };
    return o;
  }
  void wake() {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++woken_;
    changed_.notify_all();
  }
  /// Polls at each wake until `over`.
  template <class Poll, class Over>
  void turn(Poll poll, Over over) {
    const auto deadline = std::chrono::steady_clock::now() + test::patience;
    for (poll(); !over(); poll()) {
      std::unique_lock<std::mutex> lock(mutex_);
      REQUIRE(changed_.wait_until(lock, deadline, [&] { return woken_ != 0; }));
      woken_ = 0;
    }
  }
  void await() {
    std::unique_lock<std::mutex> lock(mutex_);
    REQUIRE(changed_.wait_for(lock, test::patience, [&] { return woken_ != 0; }));
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int woken_ = 0;
};

}  // namespace

TEST_CASE("handlers run in poll and nowhere else, in order") {
  test::node_server server;
  frame game;
  std::vector<std::string> seen;  // no lock: one thread
  std::atomic<bool> elsewhere{false};
  std::atomic<std::thread::id> polls{std::this_thread::get_id()};
  const sio::client io(server.url(), game.options());
  const auto note = [&](const std::string& what) {
    if (std::this_thread::get_id() != polls) elsewhere = true;
    seen.push_back(what);
  };
  io.auth([&]() -> sio::value { return note("auth"), sio::value(); });
  io.on("connect", [&] { note("connect"); });
  io.on("disconnect", [&] { note("disconnect"); });
  io.on("flooded", [&](int n) { note(std::to_string(n)); });
  io.once("flooded", [&](int) { note("once"); });
  io.on_any_outgoing([&](const std::string& event) { note("out " + event); });
  io.manager().on("open", [&] { note("open"); });
  io.emit("sum", 1, 2, [&](int sum) { note("sum " + std::to_string(sum)); });
  io.emit("flood", 20);
  io.connect();
  game.await();
  std::this_thread::sleep_for(5ms);
  CHECK(seen.empty());
  CHECK(io.poll(1) == 1);
  CHECK(seen == std::vector<std::string>{"open"});
  game.turn([&] { io.poll(); }, [&] { return !seen.empty() && seen.back() == "19"; });
  std::vector<std::string> expected{"open", "auth", "out sum", "out flood", "connect", "sum 3", "0", "once"};
  for (int i = 1; i != 20; ++i) expected.push_back(std::to_string(i));
  CHECK(seen == expected);

  std::thread([&] {  // another thread takes over
    polls = std::this_thread::get_id();
    io.disconnect();
    game.turn([&] { io.poll(); }, [&] { return seen.back() == "disconnect"; });
  })
      .join();
  CHECK_FALSE(elsewhere);
  CHECK(io.poll() == 0);
}

TEST_CASE("a polled handler may destroy its client, throw, or poll") {
  test::node_server server;
  frame game;
  std::optional<sio::client> io;
  for (int how = 0; how != 4; ++how) {
    bool over = false;
    int calls = 0;
    io.emplace(server.url(), game.options());
    io->on("flooded", [&, how](const sio::client& self, int) {
      ++calls;
      if (how == 0) io.reset();
      if (how == 1) io.emplace(server.url(), game.options());
      if (how == 2) self.manager().close();
      if (how == 3) self.poll();
      over = how != 3 || calls == 50;
      if (how == 3) throw std::runtime_error("in a handler");
    });
    io->on("connect", [](const sio::client& self) { self.emit("flood", 50); });
    io->connect();
    game.turn([&] { io ? io->poll() : 0; }, [&] { return over; });
    if (how < 2) CHECK(calls == 1);
  }
}

TEST_CASE("a client that is polled may go while its answers are under way") {
  test::node_server server;
  frame game;
  for (int i = 0; i != 20; ++i) {
    const auto held = std::make_shared<int>(i);
    const std::weak_ptr<int> watched = held;
    {
      std::optional<sio::client> io(std::in_place, server.url(), game.options());
      io->on("flooded", [held] {});
      io->on("connect", [held](const sio::client& self) { self.emit("flood", 100); });
      io->connect();
      game.turn([&] { io->poll(); }, [&] { return io->connected(); });
      io->emit("sum", 1, 2, [held](int) {});
      std::this_thread::sleep_for(i * 100us);
      if (i % 2) io->poll(10);
      std::thread([&] { io.reset(); }).join();
    }
    CHECK(watched.use_count() == 1);
  }
}

TEST_CASE("polled handlers on a host's executor, and a wrong poll") {
  test::node_server server;
  frame game;
  asio::io_context context;
  bool connected = false;
  {
    const sio::client io(context.get_executor(), server.url(), game.options());
    io.on("connect", [&] { connected = true; });
    io.connect();
    for (const auto deadline = std::chrono::steady_clock::now() + test::patience; !connected;) {
      REQUIRE(std::chrono::steady_clock::now() < deadline);
      context.run_for(1ms);
      if (context.stopped()) context.restart();
      CHECK_FALSE(std::exchange(connected, false));
      io.poll();
    }
    CHECK(io.connected());
  }
  context.restart();
  context.run();
  const sio::client direct(server.url());
  CHECK_THROWS_AS(direct.poll(), std::logic_error);
}

TEST_CASE("one thread polls at a time") {
  test::node_server server;
  frame game;
  std::atomic<int> inside{0}, most{0}, heard{0};
  const sio::client io(server.url(), game.options());
  io.on("flooded", [&](int) {
    if (++inside > most) most = inside.load();
    std::this_thread::sleep_for(100us);
    --inside, ++heard;
  });
  io.on("connect", [](const sio::client& self) { self.emit("flood", 200); });
  io.connect();
  std::vector<std::thread> all;
  for (int t = 0; t != 3; ++t)
    all.emplace_back([&] {
      while (heard < 200) io.poll(), std::this_thread::yield();
    });
  for (std::thread& one : all) one.join();
  CHECK(most == 1);
}
