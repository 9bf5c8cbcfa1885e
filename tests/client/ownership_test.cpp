// When handles, hosts and the process go: nothing is left, nothing runs, nobody waits.
#include <support/catch.hpp>
#include <support/client_fixture.hpp>
#include <support/entries.hpp>
#include <support/peer_process.hpp>

#include <asio/io_context.hpp>

#include <sys/wait.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

using namespace std::chrono_literals;
using test::way;

namespace {

sio::client_options alone(way w = way::websocket) {
  auto o = test::by(w);
  o.force_new = true;
  return o;
}

/// A client that lives as long as the process; see the test of its end.
std::optional<sio::client> last_one;

}  // namespace

TEST_CASE("after the last handle's destructor no handler runs, whatever was going on") {
  test::node_server server;
  for (int round = 0; round != 20; ++round) {
    std::atomic<bool> gone{false}, late{false};
    std::atomic<int> heard{0};
    {
      const sio::client io(server.url(), alone(round % 2 ? way::websocket : way::upgrade));
      io.on("flooded", [&](int) { late = late || gone, ++heard; });
      io.on("disconnect", [&] { late = true; });
      io.on("connect", [](const sio::client& self) { self.emit("flood", 1'000); });
      io.emit("never ack", [&](sio::error_code, const sio::array&) { late = true; });
      io.connect();
      while (heard < round * 5) std::this_thread::yield();
    }
    gone = true;
    CHECK_FALSE(late);
  }
}

TEST_CASE("a destructor waits for a handler that runs") {
  test::node_server server;
  std::atomic<int> step{0};
  auto io = std::make_unique<sio::client>(server.url(), alone());
  io->on("connect", [&] {
    step = 1;
    std::this_thread::sleep_for(50ms);
    step = 2;
  });
  io->connect();
  while (step == 0) std::this_thread::yield();
  io.reset();
  CHECK(step == 2);
}

TEST_CASE("a client may go before anything happened, while it connects, and while it reconnects") {
  test::node_server server;
  test::network_proxy net(server.port());
  const auto start = std::chrono::steady_clock::now();
  const auto brief = [](way w) {
    auto o = alone(w);
    o.linger = 30ms;
    return o;
  };
  for (const way w : {way::polling, way::websocket, way::upgrade}) {
    { const sio::client io(net.url(), brief(w)); }
    for (int i = 0; i != 10; ++i) {
      const sio::client io(net.url(), brief(w));
      io.emit("echo", i, [](int) {});
      io.connect();
      std::this_thread::sleep_for(i * 500us);
    }
    {
      const test::guest guest(net.url(), brief(w));
      guest.enter();
      net.order("cut");
      guest.expect("manager reconnect_attempt");
    }
    net.order("mend");
    for (const bool connected : {false, true}) {  // nobody is there who could say goodbye
      {
        const test::guest guest(net.url(), brief(w));
        if (connected) guest.enter();
        net.order("stall");
        guest.io.connect();
        guest.io.emit("echo", std::string(100'000, 'x'));
        std::this_thread::sleep_for(2ms);
      }
      net.order("flow");
    }
  }
  CHECK(std::chrono::steady_clock::now() - start < test::patience);
}

TEST_CASE("what was emitted last still leaves") {
  test::node_server server;
  {
    const test::guest guest(server.url(), alone());
    guest.enter();
    for (int i = 0; i != 100; ++i) guest.io.emit("tally", i);
    guest.io.emit("message", std::string(900'000, 'x'));  // the server drops events that came at once with the goodbye
  }
  const test::guest asker(server.url(), alone());
  asker.enter();
  CHECK(asker.ask("counts") == "[100,100]");
}

TEST_CASE("descriptors and threads are back where they were after many clients") {
  test::node_server server;
  const auto live = [&](int i) {
    const test::guest one(server.url(), test::by(i % 3 ? way::websocket : way::upgrade));
    const test::guest other(server.url() + "/admin", test::by(way::upgrade));
    one.io.connect();
    other.enter();
    if (i % 2) one.io.manager().close();
  };
  live(0);
  const std::size_t fds = test::entries("/proc/self/fd"), threads = test::entries("/proc/self/task");
  for (int i = 0; i != 30; ++i) live(i);
  test::expect_entries("/proc/self/fd", fds);
  test::expect_entries("/proc/self/task", threads);
}

TEST_CASE("a client outlives its host") {
  test::node_server server;
  const std::size_t fds = test::entries("/proc/self/fd");
  for (int how = 0; how != 5; ++how)
    for (const way w : {way::polling, way::websocket, way::upgrade}) {
      auto context = std::make_unique<asio::io_context>();
      auto guest = std::make_optional<test::guest>(sio::client(context->get_executor(), server.url(), alone(w)));
      guest->io.connect();
      guest->io.emit("echo", 1, [](int) {});
      const bool ran = how != 0;
      while (ran && guest->all->count("connect") == 0) context->run_one();
      if (how == 2) guest->io.disconnect();
      if (how == 3) guest->io.manager().close();
      if (how == 4) context->stop();
      if (how == 1) context->poll();
      const sio::manager m = guest->io.manager();
      if (how == 4) guest.reset();
      context.reset();
      if (guest) {
        const sio::client io = guest->io;
        io.emit("echo", 2, [](int) {});
        io.connect(), io.disconnect(), io.off(), io.clear_offline_events();
        io.on("x", [] {});
        CHECK_FALSE(io.get_executor());
        guest.reset();
        CHECK(io.nsp() == "/");
      }
      m.open(), m.close();
      CHECK(m.socket("/another").nsp() == "/another");
    }
  test::expect_entries("/proc/self/fd", fds);
}

TEST_CASE("a host's context is never run, stopped or restarted") {
  test::node_server server;
  asio::io_context context;
  {
    const test::guest guest(sio::client(context.get_executor(), server.url(), alone()));
    guest.io.connect();
    CHECK(guest.io.active());  // at once, though nothing has begun
    std::this_thread::sleep_for(20ms);
    CHECK(guest.all->names().empty());
    while (guest.all->count("connect") == 0) REQUIRE(context.run_one() == 1);
    CHECK_FALSE(context.stopped());
    context.stop();
    guest.io.emit("kick");
    std::this_thread::sleep_for(20ms);
    CHECK(context.stopped());
    context.restart();
    while (guest.all->count("disconnect") == 0) REQUIRE(context.run_one() == 1);
    CHECK_FALSE(context.stopped());
  }
  context.run();  // it keeps no host's context busy for ever
  CHECK(context.stopped());
}

TEST_CASE("a process ends while a client lives") {
  test::node_server server;
  for (const char* when : {"connected", "connecting", "reconnecting", "in a handler"}) {
    INFO(when);
    const std::string line = "CLIENT_URL=" + server.url() + " CLIENT_IS='" + when + "' timeout 60 /proc/" +
                             std::to_string(::getpid()) + "/exe 'ends with a client' 2>&1";
    FILE* const out = ::popen(line.c_str(), "r");
    REQUIRE(out);
    std::string said;
    for (int c; (c = std::fgetc(out)) != EOF;) said += static_cast<char>(c);
    const int status = ::pclose(out);
    INFO(said);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
  }
}

TEST_CASE("ends with a client", "[.]") {
  const char *url = std::getenv("CLIENT_URL"), *is = std::getenv("CLIENT_IS");
  if (!url || !is) return;
  const std::string when = is;
  test::guest guest(when == "reconnecting" ? "http://127.0.0.1:9" : url, alone(way::upgrade));
  last_one = guest.io;
  last_one->on("flooded", [](int) { std::this_thread::sleep_for(1ms); });
  guest.io.connect();
  if (when == "reconnecting") guest.expect("manager reconnect_attempt");
  if (when == "connecting" || when == "reconnecting") return;
  guest.expect("connect");
  if (when == "in a handler") guest.io.emit("flood", 10'000), guest.expect("flooded");
}
