// A client whose server, or network, goes away and comes back.
#include <support/catch.hpp>
#include <support/client_fixture.hpp>
#include <support/peer_process.hpp>

#include <chrono>
#include <mutex>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using test::way;

namespace {

std::string text_of(const sio::array& all, std::size_t i = 0) {
  const std::string* text = i < all.size() ? all[i].if_string() : nullptr;
  return text ? *text : "nothing";
}

/// Long enough that further attempts would have come: a whole visit of somebody else.
void let_time_pass(const test::node_server& server) {
  sio::client_options o = test::by(way::websocket);
  o.force_new = true;
  for (int i = 0; i != 3; ++i) test::guest(server.url(), o).enter();
}

}  // namespace

TEST_CASE("a client comes back to a server that was killed, over both transports") {
  test::node_server server;
  for (const way w : {way::polling, way::upgrade}) {
    const test::guest guest(server.url(), test::by(w));
    const test::guest admin(server.url() + "/admin", test::by(w));
    guest.enter();
    admin.enter();
    REQUIRE(guest.io.manager() == admin.io.manager());
    const std::string id = guest.io.id();
    CHECK_FALSE(id.empty());
    server.kill();
    const std::string why = text_of(guest.expect("disconnect"));
    CHECK((why == "transport close" || why == "transport error"));
    CHECK(text_of(admin.expect("disconnect")) == why);
    CHECK_FALSE(guest.io.connected());
    CHECK(guest.io.active());
    CHECK(guest.io.id().empty());
    CHECK(guest.expect_text("manager reconnect_attempt") == "[1]");
    guest.expect("manager reconnect_error");
    guest.expect("connect_error");
    CHECK(guest.expect_text("manager reconnect_attempt") == "[2]");
    server.restart();
    guest.expect("connect");
    admin.expect("connect");
    const auto attempt = guest.expect("manager reconnect");
    CHECK(attempt.at(0).if_number().value_or(0) >= 2);
    CHECK(guest.io.id() != id);
    CHECK(guest.ask("sum", 1, 2) == "[3]");
    CHECK(admin.ask("sum", 1, 2) == "[3]");
  }
}

TEST_CASE("a connection that is only half open is noticed by the missing ping, and made anew") {
  test::node_server server({"--ping-interval", "300", "--ping-timeout", "300"});
  test::network_proxy net(server.port());
  for (const way w : {way::polling, way::websocket}) {
    auto o = test::by(w);
    o.timeout = 300ms;
    const test::guest guest(net.url(), o);
    guest.enter();
    net.order("half-open");
    CHECK(text_of(guest.expect("disconnect")) == "ping timeout");
    CHECK(text_of(guest.expect("connect_error")) == "timeout");
    net.order("mend");
    guest.expect("connect");
    guest.expect("manager reconnect");
    CHECK(guest.ask("sum", 1, 2) == "[3]");
  }
}

TEST_CASE("a server that does not answer in time is an error, and is asked again") {
  test::node_server server;
  test::network_proxy net(server.port());
  net.order("stall");
  for (const way w : {way::polling, way::websocket}) {
    auto o = test::by(w);
    o.timeout = 100ms;
    const test::guest guest(net.url(), o);
    guest.io.connect();
    CHECK(text_of(guest.expect("connect_error")) == "timeout");
    guest.expect("manager reconnect_attempt");
    CHECK(text_of(guest.expect("connect_error")) == "timeout");
    guest.io.manager().timeout(20s);
    net.order("flow");
    guest.expect("connect");
    net.order("stall");
  }
}

TEST_CASE("after the last attempt it gives up, until it is told to connect") {
  test::node_server server;
  server.kill();
  auto o = test::by(way::upgrade);
  o.reconnection_attempts = 3;
  const test::guest guest(server.url(), o);
  guest.io.connect();
  for (int round = 0; round != 2; ++round) {
    for (const char* number : {"[1]", "[2]", "[3]"}) CHECK(guest.expect_text("manager reconnect_attempt") == number);
    CHECK(guest.expect_text("manager reconnect_failed") == "[]");
    guest.all->expect_count("connect_error", static_cast<std::size_t>(4 + 4 * round));
    if (round == 0) guest.io.connect();
  }
  server.restart();
  let_time_pass(server);
  CHECK_FALSE(guest.io.connected());
  guest.enter();
  CHECK(guest.all->count("manager reconnect_attempt") == 6);
  CHECK(guest.all->count("manager reconnect") == 0);
}

TEST_CASE("without reconnection nobody tries again but the user") {
  test::node_server server;
  auto o = test::by(way::websocket);
  o.reconnection = false;
  const test::guest guest(server.url(), o);
  for (int round = 0; round != 2; ++round) {
    guest.enter();
    server.kill();
    guest.expect("disconnect");
    guest.io.connect();
    guest.expect("connect_error");
    server.restart();
    let_time_pass(server);
    CHECK_FALSE(guest.io.connected());
  }
  guest.enter();
  CHECK(guest.all->count("manager reconnect_attempt") == 0);
  CHECK(guest.all->count("connect") == 3);
}

TEST_CASE("who was sent away, or left, does not come back by itself") {
  test::node_server server;
  const test::guest guest(server.url());
  guest.enter();
  guest.io.emit("kick", true);
  CHECK(text_of(guest.expect("disconnect")) == "io server disconnect");
  CHECK_FALSE(guest.io.active());
  guest.enter();
  guest.io.disconnect();
  CHECK(text_of(guest.expect("disconnect")) == "io client disconnect");
  CHECK_FALSE(guest.io.active());
  guest.enter();
  guest.io.manager().close();
  CHECK(text_of(guest.expect("disconnect")) == "forced close");
  let_time_pass(server);
  CHECK_FALSE(guest.io.connected());
  CHECK(guest.all->count("manager reconnect_attempt") == 0);
  guest.enter();
  CHECK(guest.ask("sum", 1, 2) == "[3]");
}

TEST_CASE("disconnect and the manager's close end a reconnection") {
  test::node_server server;
  const test::guest guest(server.url(), test::by(way::websocket));
  for (const bool all : {false, true}) {
    guest.enter();
    server.kill();
    guest.expect("manager reconnect_attempt");
    all ? guest.io.manager().close() : guest.io.disconnect();
    server.restart();
    let_time_pass(server);
    CHECK_FALSE(guest.io.connected());
  }
  CHECK(guest.all->count("manager reconnect") == 0);
  guest.enter();
  CHECK(guest.all->count("connect") == 3);
}

TEST_CASE("a reconnection that is switched off stops, and the user may still connect") {
  test::node_server server;
  const test::guest guest(server.url(), test::by(way::websocket));
  guest.enter();
  server.kill();
  guest.expect("manager reconnect_attempt");
  guest.io.manager().reconnection(false);
  server.restart();
  let_time_pass(server);
  CHECK_FALSE(guest.io.connected());
  guest.enter();
}

TEST_CASE("the delays grow as they should") {
  test::node_server server;
  server.kill();
  auto o = test::by(way::websocket);
  o.randomization_factor = 0;
  o.reconnection_delay = 20ms;
  o.reconnection_delay_max = 80ms;
  o.reconnection_attempts = 5;
  const test::guest guest(server.url(), o);
  std::vector<std::chrono::steady_clock::time_point> times;
  for (const char* name : {"error", "reconnect_attempt"})
    guest.io.manager().on(name, [&times] { times.push_back(std::chrono::steady_clock::now()); });
  guest.io.connect();
  guest.expect("manager reconnect_failed");
  guest.io.manager().off();
  REQUIRE(times.size() >= 10);  // error, attempt, error, attempt …
  std::vector<std::chrono::steady_clock::duration> delays;
  for (std::size_t i = 0; i + 1 < 10; i += 2) delays.push_back(times[i + 1] - times[i]);
  const std::vector<std::chrono::milliseconds> least{20ms, 40ms, 80ms, 80ms, 80ms};
  for (std::size_t i = 0; i != least.size(); ++i) CHECK(delays[i] >= least[i] - 1ms);
}

TEST_CASE("whoever connects while it reconnects does not stop it from coming back") {
  test::node_server server;
  test::network_proxy net(server.port());
  net.order("delay 20");  // an attempt takes longer than the delay between two
  auto o = test::by(way::websocket);
  o.reconnection_delay = o.reconnection_delay_max = 5ms;
  const test::guest guest(net.url(), o);
  guest.enter();

  SECTION("connect in the disconnect handler") {
    guest.io.on("disconnect", [](const sio::client& io) { io.connect(); });
    for (int i = 0; i != 3; ++i) {
      net.order("drop");
      guest.expect("disconnect");
      guest.expect("connect");
    }
  }
  SECTION("connect in the connect_error handler") {
    guest.io.on("connect_error", [](const sio::client& io) { io.connect(); });
    for (int i = 0; i != 2; ++i) {
      net.order("cut");
      guest.expect("disconnect");
      guest.expect("connect_error");
      net.order("mend");
      guest.expect("connect");
    }
  }
  SECTION("open when an attempt is waited for") {
    for (int i = 0; i != 3; ++i) {
      net.order("drop");
      guest.expect("disconnect");
      guest.io.manager().open();
      guest.expect("connect");
    }
  }
  CHECK(guest.ask("sum", 1, 2) == "[3]");
}
