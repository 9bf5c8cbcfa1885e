// Who may come back and who may not: forged claims, twins, and sessions whose time or room is over.
#include <sio/sio.hpp>
#include <support/coming_back.hpp>

#include <asio/post.hpp>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using namespace coming_back;

TEST_CASE("a session is nobody's twin: a second claim of it begins anew") {
  app a;
  member m(a.port);
  m.ask("hello"), m.next();
  a.lose(m);
  member first(a.port, m.claim());
  CHECK(first.sid == m.sid);
  a.lose(first);
  std::vector<std::string> sids;
  std::vector<std::thread> threads;
  std::mutex mutex;
  for (int i = 0; i != 4; ++i)
    threads.emplace_back([&] {
      member claimant(a.port, m.claim());
      const std::lock_guard<std::mutex> lock(mutex);
      sids.push_back(claimant.sid);
    });
  for (std::thread& t : threads) t.join();
  CHECK(std::count(sids.begin(), sids.end(), m.sid) >= 1);
  std::atomic<int> alive{0};
  std::atomic<bool> asked{false};
  asio::post(a.io->get_executor(), [&] {
    alive = static_cast<int>(a.io->of("/").rooms().size(m.sid));
    asked = true;
  });
  REQUIRE(eventually([&] { return asked.load(); }));
  CHECK(alive <= 1);
}

TEST_CASE("a client that is back before its loss was noticed replaces its older connection") {
  app a;
  member m(a.port);
  m.ask("hello"), m.next();
  member again(a.port, m.claim());
  CHECK(again.sid == m.sid);
  CHECK(a.recovered == 1);
  CHECK(m.wire.ended());
  CHECK(a.said.has("forced close"));
  a.io->emit("once");
  CHECK(again.next() == "42[\"once\"]");
}

TEST_CASE("whatever is claimed wrongly, a new session begins") {
  app a;
  member m(a.port);
  m.ask("hello"), m.next();
  const std::string pid = "\"pid\":\"" + m.pid + "\"", offset = "\"offset\":\"" + m.offset + "\"";
  const std::string wrong = GENERATE_COPY(
      as<std::string>(), "{\"pid\":\"AAAAAAAAAAAAAAAAAAAA\"," + offset + "}", "{" + pid + ",\"offset\":\"zzzzzzzzz\"}",
      "{" + pid + ",\"offset\":\"Q7xvKUz\"}", "{" + pid + ",\"offset\":\"\"}", "{" + pid + ",\"offset\":7}",
      "{" + pid + ",\"offset\":null}", "{" + pid + ",\"offset\":[\"x\"]}", "{\"pid\":7," + offset + "}",
      "{\"pid\":{}," + offset + "}", "{\"pid\":\"\"," + offset + "}", "{" + offset + "}");
  a.lose(m);
  a.io->emit("missed");
  member again(a.port, wrong);
  CHECK(again.missed.empty());
  CHECK(again.sid.size() == 20);
  CHECK(again.pid.size() == 20);
  CHECK(again.sid != m.sid);
  CHECK(again.pid != m.pid);
  CHECK(a.recovered == 0);
}

TEST_CASE("who left, was dismissed, or spoke no Engine.IO does not come back") {
  app a;
  a.io->on("connection", [](sio::socket s) { s.on("dismiss me", [s] { s.disconnect(); }); });
  member m(a.port);
  m.ask("hello"), m.next();
  m.wire.send_text(GENERATE("41", "42[\"dismiss me\"]", "abc"));
  REQUIRE(eventually([&] { return a.gone == 1; }));
  CHECK(member(a.port, m.claim()).sid != m.sid);
}

TEST_CASE("who sent a wrong packet does come back") {
  app a;
  member m(a.port);
  m.ask("hello"), m.next();
  m.wire.send_text("4abc");
  REQUIRE(eventually([&] { return a.gone == 1; }));
  CHECK(member(a.port, m.claim()).sid == m.sid);
}

TEST_CASE("who is away for too long begins anew") {
  auto o = recovering();
  o.connection_state_recovery->max_disconnection_duration = 50ms;
  app a(o);
  member m(a.port);
  m.ask("hello"), m.next();
  a.lose(m);
  std::this_thread::sleep_for(100ms);
  CHECK(member(a.port, m.claim()).sid != m.sid);
}

TEST_CASE("the bounds are kept: who would need what had to go begins anew") {
  auto o = recovering();
  o.connection_state_recovery->max_packets = 10;
  app a(o);
  member m(a.port), n(a.port);
  m.ask("hello"), m.next(), n.ask("hello"), n.next();
  a.lose(m), a.lose(n);
  for (int i = 0; i != 10; ++i) a.io->emit("news", i);
  const member lucky(a.port, n.claim());
  CHECK(lucky.sid == n.sid);
  CHECK(lucky.missed.size() == 10);
  a.io->emit("one more");
  CHECK(member(a.port, m.claim()).sid != m.sid);
}

TEST_CASE("bounds that cannot be are refused") {
  for (const auto spoil : std::vector<void (*)(sio::recovery_options&)>{
           [](auto& r) { r.max_packets = 0; }, [](auto& r) { r.max_bytes = 0; }, [](auto& r) { r.max_sessions = 0; },
           [](auto& r) { r.max_disconnection_duration = 0ms; }}) {
    auto o = recovering();
    spoil(*o.connection_state_recovery);
    CHECK_THROWS_AS(sio::server(o), std::invalid_argument);
  }
}
