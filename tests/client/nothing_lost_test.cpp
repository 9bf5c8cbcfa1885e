// What a client emits while there is no connection, or while it breaks.
#include <support/catch.hpp>
#include <support/client_fixture.hpp>
#include <support/peer_process.hpp>

#include <atomic>
#include <chrono>
#include <future>
#include <random>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using test::way;

namespace {

/// The names of what waits for a connection.
std::string waiting(const sio::client& io) {
  std::promise<std::string> told;
  io.offline_events([&](const std::vector<sio::offline_event>& all) {
    std::string names;
    for (const sio::offline_event& e : all) names += e.name + (e.bytes != 0 ? " " : "? ");
    told.set_value(names);
  });
  return told.get_future().get();
}

}  // namespace

TEST_CASE("what is emitted before there is a connection leaves in order when there is one") {
  test::node_server server;
  std::vector<int> answers;
  const test::guest guest(server.url());
  for (int i = 0; i != 1'000; ++i) guest.io.emit("echo", i, [&answers](int n) { answers.push_back(n); });
  guest.io.emit("echo", "last");
  guest.io.on("connect", [](const sio::client& io) { io.emit("echo", "in connect"); });
  guest.enter();
  CHECK(guest.expect_text("echo") == R"(["last"])");
  CHECK(guest.expect_text("echo") == R"(["in connect"])");
  REQUIRE(answers.size() == 1'000);
  for (int i = 0; i != 1'000; ++i) REQUIRE(answers[static_cast<std::size_t>(i)] == i);
  CHECK(waiting(guest.io).empty());
}

TEST_CASE("no more events wait than may, and they can be looked at and forgotten") {
  auto o = test::by(way::websocket);
  o.max_offline_events = 3;
  o.when_offline_full = GENERATE(sio::offline_policy::drop_newest, sio::offline_policy::drop_oldest);
  const bool oldest = o.when_offline_full == sio::offline_policy::drop_oldest;
  test::heard acks;
  const test::guest guest("http://127.0.0.1:9", o);
  for (const char* name : {"a", "b", "c", "d", "e"})
    guest.io.emit(name, 1, [&acks, name](sio::error_code ec) { acks.note(name, {sio::value(ec.message())}); });
  const std::string gone = sio::make_error_code(sio::errc::dropped).message();
  for (const char* name : {oldest ? "a" : "d", oldest ? "b" : "e"}) {
    CHECK(acks.expect_text(name) == "[\"" + gone + "\"]");
    CHECK(guest.expect_text("error") ==
          "[\"" + std::string(name) + ": dropped, too many events wait for a connection\"]");
  }
  CHECK(waiting(guest.io) == (oldest ? "c d e " : "a b c "));
  CHECK(acks.names().size() == 2);
  guest.io.clear_offline_events();
  CHECK(waiting(guest.io).empty());
  for (const char* name : {"c", oldest ? "d" : "a", oldest ? "e" : "b"})
    CHECK(acks.expect_text(name) == "[\"" + gone + "\"]");
}

TEST_CASE("no more bytes wait than may") {
  auto o = test::by(way::websocket);
  o.max_offline_bytes = 1'000;
  const test::guest guest("http://127.0.0.1:9", o);
  guest.io.emit("small", std::string(300, 'x'));
  guest.io.emit("big", std::string(800, 'x'));
  guest.io.emit("binary", sio::binary(std::string(800, 'x')));
  guest.io.emit("small too", std::string(300, 'x'));
  CHECK(waiting(guest.io) == "small small too ");
  guest.all->expect_count("error", 2);
}

TEST_CASE("events that wait may be given up, are acknowledged later, or were volatile") {
  test::node_server server;
  test::heard acks;
  const test::guest guest(server.url(), test::by(way::websocket));
  const auto note = [&acks](const char* name) {
    return [&acks, name](sio::error_code ec, sio::array) { acks.note(name, {sio::value(ec.message())}); };
  };
  const auto words = [](sio::errc e) { return "[\"" + sio::make_error_code(e).message() + "\"]"; };
  guest.io.timeout(30ms).emit("tally", "given up", note("given up"));
  guest.io.volatile_().emit("tally", "volatile", note("volatile"));
  guest.io.emit("tally", "kept", note("kept"));
  CHECK(acks.expect_text("volatile") == words(sio::errc::dropped));
  CHECK(acks.expect_text("given up") == words(sio::errc::timed_out));
  CHECK(waiting(guest.io) == "tally ");
  guest.io.timeout(30s).emit("tally", "patient", note("patient"));
  guest.enter();
  const std::string well = "[\"" + sio::error_code().message() + "\"]";
  CHECK(acks.expect_text("kept") == well);
  CHECK(acks.expect_text("patient") == well);
  CHECK(guest.ask("counts") == "[2,2]");
  CHECK(guest.ask("count", "given up") == "[0]");

  // What was sent dies with the connection; what is emitted in its disconnect handler waits for the next one.
  guest.io.on("disconnect", [note](const sio::client& io) {
    io.emit("tally", "in disconnect", note("in disconnect"));
    io.volatile_().emit("tally", "volatile", note("volatile too"));
  });
  guest.io.once("connect_error", [note](const sio::client& io) { io.emit("tally", "in error", note("in error")); });
  guest.io.emit("never ack", note("never"));
  guest.ask("sum", 1, 2);
  server.kill();
  CHECK(acks.expect_text("never") == words(sio::errc::disconnected));
  CHECK(acks.expect_text("volatile too") == words(sio::errc::dropped));
  guest.expect("connect_error");
  server.restart();
  CHECK(acks.expect_text("in disconnect") == well);
  CHECK(acks.expect_text("in error") == well);
  CHECK(guest.ask("counts") == "[2,2]");
}

TEST_CASE("what is emitted while that which waited leaves does not overtake it") {
  test::node_server server;
  const test::guest guest(server.url(), test::by(way::websocket));
  guest.io.on_any_outgoing([io = &guest.io, first = true](const std::string&, const sio::array& arguments) mutable {
    if (std::exchange(first, false)) io->emit("echo", "nested");
    (void)arguments;
  });
  for (int i = 0; i != 3; ++i) guest.io.emit("echo", i);
  guest.enter();
  for (const char* text : {"[0]", "[1]", "[2]", R"(["nested"])"}) CHECK(guest.expect_text("echo") == text);
}

TEST_CASE("ten thousand events with retries survive ten cuts, in order") {
  constexpr int clients = 4, each = 2'500, cuts = 10;
  test::node_server server;
  test::network_proxy net(server.port());
  auto o = test::by(way::websocket);
  o.reconnection_delay = o.reconnection_delay_max = 5ms;
  o.retries = 1'000;
  o.force_new = true;
  std::atomic<int> done{0}, wrong{0};
  std::vector<int> next(clients);  // each is one client's own
  std::vector<test::guest> guests;
  for (int c = 0; c != clients; ++c) {
    guests.emplace_back(net.url(), o);
    for (int i = 0; i != each; ++i)
      guests.back().io.emit("tally", c * each + i, [&, c, i](sio::error_code ec, int id) {
        if (ec || id != c * each + i || next[static_cast<std::size_t>(c)]++ != i) ++wrong;
        ++done;
      });
    guests.back().io.connect();
  }
  std::mt19937 random(7);
  const auto reach = [&](int n) {
    const auto deadline = std::chrono::steady_clock::now() + 2 * test::patience;
    while (done < n && std::chrono::steady_clock::now() < deadline) std::this_thread::sleep_for(200us);
    REQUIRE(done >= n);
  };
  for (int cut = 0; cut != cuts; ++cut) {
    reach(cut * (clients * each / cuts) + static_cast<int>(random() % (clients * each / cuts)));
    net.order("drop");
  }
  reach(clients * each);
  CHECK(wrong == 0);
  const test::guest asker(server.url(), o);
  asker.io.connect();
  const sio::array counts = [&] {
    asker.ask("sum", 1, 2);
    asker.io.emit("counts", [h = asker.all](int ids, int all) {
      h->note("counts", {sio::value(ids), sio::value(all)});
    });
    return asker.expect("counts");
  }();
  CHECK(counts.at(0).if_number().value_or(0) == clients * each);
  CHECK(counts.at(1).if_number().value_or(0) >= clients * each);
  CHECK(done == clients * each);
}

TEST_CASE("without retries every receiver hears exactly once, too") {
  constexpr int most = 5'000;
  test::node_server server;
  test::network_proxy net(server.port());
  auto o = test::by(way::websocket);
  o.reconnection_delay = o.reconnection_delay_max = 5ms;
  std::vector<std::atomic<int>> heard(most);
  std::atomic<int> well{0}, lost{0}, strange{0};
  const test::guest guest(net.url(), o);
  guest.enter();
  for (int i = 0; i != most; ++i) {
    guest.io.emit("tally", i, [&, i](sio::error_code ec, const sio::array&) {
      ++heard[static_cast<std::size_t>(i)];
      ++(!ec ? well : ec == sio::errc::disconnected ? lost : strange);
    });
    if (i % 1'000 == 999) net.order("drop"), guest.expect("connect");
  }
  const auto deadline = std::chrono::steady_clock::now() + test::patience;
  while (well + lost < most && std::chrono::steady_clock::now() < deadline) std::this_thread::sleep_for(1ms);
  CHECK(guest.ask("sum", 1, 2) == "[3]");
  for (const auto& n : heard) REQUIRE(n == 1);
  CHECK(well + lost == most);
  CHECK(strange == 0);
  CHECK(well > 0);
}
