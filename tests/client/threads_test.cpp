// One client, or one connection, used by many threads at once.
#include <support/catch.hpp>
#include <support/client_fixture.hpp>
#include <support/peer_process.hpp>

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/strand.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using test::way;

namespace {

void on_threads(int count, const std::function<void(int)>& f) {
  std::vector<std::thread> all;
  for (int t = 0; t != count; ++t) all.emplace_back(f, t);
  for (std::thread& one : all) one.join();
}

/// Waits for it to be true.
void until(const std::function<bool()>& f) {
  const auto deadline = std::chrono::steady_clock::now() + test::patience;
  while (!f()) {
    REQUIRE(std::chrono::steady_clock::now() < deadline);
    std::this_thread::sleep_for(1ms);
  }
}

}  // namespace

TEST_CASE("eight threads emit, and each one's events arrive in its order, whole") {
  constexpr int threads = 8, each = 100;
  test::node_server server;
  std::vector<int> next(threads);
  std::atomic<int> wrong{0}, done{0};
  const test::guest guest(server.url(), test::by(GENERATE(way::websocket, way::polling, way::upgrade)));
  guest.io.connect();
  on_threads(threads, [&](int t) {
    for (int i = 0; i != each; ++i) {
      const std::string bytes(static_cast<std::size_t>(i * 10), static_cast<char>('a' + t));
      guest.io.emit("echo", t, i, sio::binary(bytes), sio::binary(bytes + "!"),
                    [&, bytes](int thread, int number, const sio::binary& b, const sio::binary& more) {
                      if (b.view() != bytes || more.view() != bytes + "!") ++wrong;
                      if (next[static_cast<std::size_t>(thread)]++ != number) ++wrong;
                      ++done;
                    });
    }
  });
  until([&] { return done == threads * each; });
  CHECK(wrong == 0);
  CHECK(guest.all->count("error") == 0);
}

TEST_CASE("all calls may be made from all threads while the connection comes and goes") {
  test::node_server server;
  test::network_proxy net(server.port());
  std::atomic<int> heard{0};
  std::atomic<bool> over{false};
  const test::guest guest(net.url(), test::by(way::upgrade));
  guest.enter();
  std::thread cutter([&] {
    for (int i = 0; i != 5; ++i) {
      net.order("drop");
      std::this_thread::sleep_for(20ms);
    }
    over = true;
  });
  on_threads(4, [&](int t) {
    while (!over) {
      const sio::client io = guest.io;
      const auto id = io.on("echo", [&heard](int) { ++heard; });
      const auto any = io.on_any([&heard] { ++heard; });
      io.once("echo", [&heard] { ++heard; });
      io.emit("echo", t);
      io.timeout(1ms).emit("never ack", [&heard](sio::error_code, const sio::array&) { ++heard; });
      io.volatile_().emit("echo", t);
      io.auth(sio::auth{{"thread", t}});
      if (io.connected()) heard += static_cast<int>(io.id().size());
      if (io.active() && !io.recovered() && io.nsp() == "/") ++heard;
      const sio::manager m = io.manager();
      m.reconnection_delay(1ms);
      const sio::client other = m.socket(t % 2 ? "/admin" : "/dynamic-1");
      other.connect();
      other.emit("echo", t);
      if (t == 3) io.connect();
      io.offline_events(
          [&heard](const std::vector<sio::offline_event>& all) { heard += static_cast<int>(all.size()); });
      io.off("echo", id);
      io.off_any(any);
      if (!io.get_executor()) ++heard;
      std::this_thread::yield();
    }
  });
  cutter.join();
  guest.io.connect();
  until([&] { return guest.ask("sum", 1, 2) == "[3]"; });  // it may not have noticed the last cut yet
  CHECK(heard > 0);
}

TEST_CASE("threads make and drop clients of one server, and share its connections") {
  test::node_server server;
  std::atomic<int> connected{0};
  on_threads(4, [&](int t) {
    for (int i = 0; i != 15; ++i) {
      const sio::client io(server.url() + (i % 2 ? "/admin" : "/"), test::by(way::websocket));
      io.on("connect", [&connected] { ++connected; });
      io.connect();
      if ((i + t) % 3 == 0) until([&] { return io.connected(); });
      const sio::client second = io.manager().socket("/dynamic-2");
      second.connect();
    }
  });
  CHECK(connected > 0);
}

TEST_CASE("a handle may go to another thread, which drops it while handlers run") {
  test::node_server server;
  for (int i = 0; i != 15; ++i) {
    std::optional<sio::client> io(std::in_place, server.url(), test::by(way::websocket));
    std::atomic<bool> runs{false};
    io->on("flooded", [&](const sio::client& self, int n) {
      runs = true;
      self.emit("echo", n);
      const sio::client copy = self;
      copy.manager().socket("/admin").emit("echo", n);
    });
    io->on("connect", [](const sio::client& self) { self.emit("flood", 200); });
    io->connect();
    until([&] { return runs.load(); });
    std::thread([last = std::move(io)]() mutable { last.reset(); }).join();
    io.reset();
  }
}

TEST_CASE("an answer may come from any thread, also when its client has gone") {
  test::node_server server;
  for (int i = 0; i != 10; ++i) {
    std::vector<std::thread> helpers;
    {
      const test::guest guest(server.url(), test::by(way::websocket));
      guest.io.auth([&helpers](sio::auth::reply reply) {
        helpers.emplace_back([reply = std::move(reply)] { reply(sio::object{{"from", "another thread"}}); });
      });
      guest.io.on("question", [&helpers, i](sio::ack answer) {
        helpers.emplace_back([answer = std::move(answer), i] {
          if (i % 2) std::this_thread::sleep_for(2ms);
          answer("yes");
        });
      });
      guest.enter();
      for (int n = 0; n != 5; ++n) guest.io.emit("ask", "question");
      if (i % 2 == 0) guest.expect("answered");
    }
    for (std::thread& one : helpers) one.join();
  }
}

TEST_CASE("a callable that replies late does not disturb a later connection") {
  test::node_server server;
  std::mutex mutex;
  std::vector<sio::auth::reply> replies;
  const test::guest guest(server.url(), test::by(way::websocket));
  guest.io.auth([&](sio::auth::reply reply) {
    const std::lock_guard<std::mutex> lock(mutex);
    replies.push_back(std::move(reply));
  });
  const auto asked = [&](std::size_t n) {
    until([&] {
      const std::lock_guard<std::mutex> lock(mutex);
      return replies.size() == n;
    });
  };
  guest.io.connect();
  asked(1);
  guest.io.disconnect();
  guest.io.connect();
  asked(2);
  replies[0](sio::object{{"token", "old"}});
  replies[1](sio::object{{"token", "new"}});
  replies[1](sio::object{{"token", "newer"}});
  const sio::array hello = guest.expect("hello");
  CHECK(*hello.at(1)["token"].if_string() == "new");
}

TEST_CASE("clients live on strands of a context that many threads run") {
  test::node_server server;
  asio::io_context context;
  auto work = asio::make_work_guard(context);
  std::vector<std::thread> runners;
  for (int t = 0; t != 4; ++t) runners.emplace_back([&] { context.run(); });
  for (int round = 0; round != 3; ++round) {
    std::vector<std::unique_ptr<test::guest>> guests;
    for (int i = 0; i != 6; ++i) {
      auto o = test::by(i % 2 ? way::websocket : way::upgrade);
      o.force_new = true;
      guests.push_back(
          std::make_unique<test::guest>(sio::client(asio::make_strand(context.get_executor()), server.url(), o)));
      guests.back()->io.on("flooded", [](const sio::client& self, int n) { self.emit("echo", n); });
      guests.back()->io.connect();
      guests.back()->io.emit("flood", 50);
    }
    for (const auto& g : guests) CHECK(g->ask("sum", 1, 2) == "[3]");
    if (round != 0) continue;
    for (const auto& g : guests) g->all->expect_count("echo", 50);
    for (const auto& g : guests) CHECK(g->all->count("error") == 0);
  }
  work.reset();
  for (std::thread& one : runners) one.join();  // their clients left, so nothing keeps it busy
}
