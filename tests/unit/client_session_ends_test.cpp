// The client's session: how it moves to a WebSocket, and how it ends, with a made-up clock.
#include <support/catch.hpp>
#include <support/client_sessions.hpp>

#include <string>
#include <vector>

using namespace client_sessions;
using namespace std::chrono_literals;

TEST_CASE("no WebSocket is probed unless the server offers one") {
  session s(transport::polling);
  s.begin_poll();
  s.receive(text(R"(0{"sid":"a","upgrades":["webtransport"],"pingInterval":1,"pingTimeout":1})"), t0);
  CHECK(!s.probe_due());
  CHECK(polling_session().probe_due());
  CHECK(!websocket_session().probe_due());
}

TEST_CASE("the WebSocket takes over when GET and POST have ended, and then says what waited meanwhile") {
  session s = probing_session();
  send(s, "4one");
  REQUIRE(s.post_due());  // while probing, messages still go by polling
  CHECK(s.take_post() == "4one");
  CHECK(s.receive_probe(text("3probe")));
  send(s, "4two");
  CHECK(!s.writable());
  CHECK(!s.take_over_due());
  CHECK(s.receive(text("4from the last poll"), t0) == event::message);
  s.end_poll();
  CHECK(!s.poll_due());
  CHECK(!s.take_over_due());
  s.end_post();
  CHECK(!s.post_due());
  CHECK(!s.has_frames());
  REQUIRE(s.take_over_due());
  s.take_over();
  CHECK(s.carrier() == transport::websocket);
  CHECK(!s.upgrading());
  send(s, "4three");
  CHECK(frames(s) == "4two|4three");
  CHECK(!s.poll_due());
}

TEST_CASE("any other answer to the probe leaves the session with polling") {
  for (const char* wire : {"3", "3prob", "2probe", "4probe", "6", "1"}) {
    session s = probing_session();
    CHECK(!s.receive_probe(text(wire)));
    CHECK(!s.upgrading());
    s.end_poll();
    CHECK(s.poll_due());
    CHECK(!s.probe_due());
  }
  session s = probing_session();
  CHECK(!s.receive_probe({eio::packet_type::message, "probe", true}));
}

TEST_CASE("a WebSocket that breaks after its answer gives the session back to polling") {
  session s = probing_session();
  s.receive_probe(text("3probe"));
  s.end_poll();
  send(s, "4x");
  CHECK(!s.post_due());
  s.end_probe();
  CHECK(s.poll_due());
  CHECK(posts(s) == std::vector<std::string>{"4x"});
}

TEST_CASE("a probe that stays unanswered ends after upgrade_timeout") {
  session s = probing_session();
  CHECK(s.deadline() == t0 + 10s);
  s.tick(t0 + 10s);
  CHECK(!s.upgrading());
  CHECK(s.is_open());
  CHECK(s.deadline() == t0 + 45s);
}

TEST_CASE("a broken transport, garbage, and a server that closes end the session in JS's words") {
  session broken = polling_session();
  broken.fail({"xhr poll error", "connection refused", 0, {}});
  CHECK(broken.closed() == reason::transport_error);
  CHECK(broken.description() == "xhr poll error: connection refused");
  CHECK(!broken.owes_farewell());

  session garbage = polling_session();
  garbage.refuse();
  CHECK(garbage.closed() == reason::transport_error);
  CHECK(garbage.fault().message == "server error");
  CHECK(garbage.owes_farewell());

  session by_packet = polling_session();
  CHECK(by_packet.receive(text("1"), t0) == event::none);
  CHECK(by_packet.closed() == reason::transport_close);
  CHECK(by_packet.description() == "transport closed by the server");
  CHECK(by_packet.receive(text("4late"), t0) == event::none);
  CHECK(!by_packet.owes_farewell());

  session by_frame = websocket_session();
  by_frame.lose("websocket connection closed");
  CHECK(by_frame.closed() == reason::transport_close);
  CHECK(by_frame.description() == "websocket connection closed");
}

TEST_CASE("only the first end counts") {
  session s = websocket_session();
  s.lose("a");
  s.fail({"b", {}, 0, {}});
  s.discard();
  s.tick(t0 + 1000s);
  CHECK(s.closed() == reason::transport_close);
  CHECK(s.description() == "a");
  CHECK(s.fault().message.empty());
  CHECK(s.deadline() == eio::time_point::max());
}

TEST_CASE("close ends an idle session at once, and one that has something to say when it has been said") {
  session idle = websocket_session();
  idle.close(t0);
  CHECK(idle.closed() == reason::forced_close);
  CHECK(idle.owes_farewell());

  session busy = polling_session();
  send(busy, "4x");
  busy.close(t0);
  CHECK(!busy.closed());
  CHECK(!busy.is_open());
  send(busy, "4after");
  CHECK(busy.poll_due());
  CHECK(busy.take_post() == "4x");
  CHECK(busy.receive(text("4still heard"), t0) == event::message);
  CHECK(!busy.closed());
  busy.end_post();
  CHECK(busy.closed() == reason::forced_close);
  CHECK(busy.owes_farewell());
}

TEST_CASE("close waits for a WebSocket that is taking over, not for one that is only asked") {
  session asked = probing_session();
  asked.close(t0);
  CHECK(asked.closed() == reason::forced_close);

  session moving = probing_session();
  moving.receive_probe(text("3probe"));
  moving.close(t0);
  CHECK(!moving.closed());
  moving.end_poll();
  moving.take_over();
  CHECK(moving.closed() == reason::forced_close);
  CHECK(moving.carrier() == transport::websocket);

  session stuck = probing_session();
  stuck.receive_probe(text("3probe"));
  stuck.close(t0);
  stuck.end_probe();
  CHECK(stuck.closed() == reason::forced_close);
}

TEST_CASE("close waits no longer than the grace for a server that takes nothing") {
  session s = polling_session();
  send(s, "4x");
  s.take_post();
  s.close(t0);
  CHECK(s.deadline() == t0 + 30s);
  s.tick(t0 + 30s);
  CHECK(s.closed() == reason::forced_close);
}

TEST_CASE("close before the handshake ends the session at once, unless something waits to be sent") {
  session idle(transport::polling);
  idle.begin_poll();
  idle.close(t0);
  CHECK(idle.closed() == reason::forced_close);
  CHECK(!idle.owes_farewell());
  CHECK(idle.receive(text(hello), t0) == event::none);

  session busy(transport::polling);
  send(busy, "4x");
  busy.begin_poll();
  busy.close(t0);
  CHECK(!busy.closed());
  CHECK(busy.receive(text(hello), t0) == event::none);
  CHECK(!busy.probe_due());
  CHECK(posts(busy) == std::vector<std::string>{"4x"});
  CHECK(busy.closed() == reason::forced_close);
}

TEST_CASE("a session that could not open starts over with another transport, and keeps what was sent") {
  session s(transport::polling);
  send(s, "4kept");
  s.begin_poll();
  s.fail({"xhr poll error", {}, 0, {}});
  CHECK(!s.was_open());
  s.start_over(transport::websocket);
  CHECK(!s.closed());
  CHECK(!s.poll_due());
  CHECK(s.receive(text(hello), t0) == event::open);
  CHECK(frames(s) == "4kept");
}
