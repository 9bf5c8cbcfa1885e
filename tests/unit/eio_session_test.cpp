// The server's session: heartbeat, polls, upgrade and closing, with a made-up clock.
#include <sio/eio/server_session.hpp>
#include <support/catch.hpp>

#include <string>

using namespace sio;
using namespace std::chrono_literals;

namespace {

const eio::time_point t0{};
const eio::session_times times{25'000ms, 20'000ms, 10'000ms};

eio::server_session polling_session() { return {"sid", transport::polling, times, t0}; }
eio::server_session websocket_session() { return {"sid", transport::websocket, times, t0}; }

eio::packet text(std::string_view wire) { return *eio::decode(wire); }

std::string poll(eio::server_session& s) {
  std::string body;
  if (!s.poll_due()) return "(waits)";
  s.answer_poll([&](const eio::encoded_packet& p) { body += (body.empty() ? "" : "|") + std::string(p.bytes()); });
  return body;
}

std::string frames(eio::server_session& s) {
  std::string sent;
  s.take_frames([&](const eio::encoded_packet& p) { sent += (sent.empty() ? "" : "|") + std::string(p.bytes()); });
  return sent;
}

void send(eio::server_session& s, const char* wire) { s.send(eio::encoded_packet{std::string(wire)}); }

}  // namespace

TEST_CASE("a ping is sent after ping_interval, and again an interval after its pong") {
  auto s = websocket_session();
  CHECK(s.deadline() == t0 + 25s);
  s.tick(t0 + 24999ms);
  CHECK(frames(s) == "");
  s.tick(t0 + 25s);
  CHECK(frames(s) == "2");
  s.receive(text("3"), t0 + 26s);
  CHECK(s.deadline() == t0 + 51s);
}

TEST_CASE("a ping left unanswered for ping_timeout closes the session") {
  auto s = websocket_session();
  s.tick(t0 + 25s);
  s.tick(t0 + 44999ms);
  CHECK(!s.closed());
  s.tick(t0 + 45s);
  CHECK(s.closed() == reason::ping_timeout);
}

TEST_CASE("the first other packet during the wait for a pong grants the timeout once more, the second does not") {
  auto s = websocket_session();
  s.tick(t0 + 25s);
  CHECK(s.receive(text("4a"), t0 + 40s));
  CHECK(s.receive(text("4b"), t0 + 50s));
  s.tick(t0 + 59999ms);
  CHECK(!s.closed());
  s.tick(t0 + 60s);
  CHECK(s.closed() == reason::ping_timeout);
}

TEST_CASE("a pong nobody waits for changes nothing") {
  auto s = websocket_session();
  s.receive(text("3"), t0 + 1s);
  CHECK(s.deadline() == t0 + 25s);
  CHECK(!s.closed());
}

TEST_CASE("a ping from the client is the wrong direction since v4") {
  auto s = websocket_session();
  CHECK(!s.receive(text("2"), t0));
  CHECK(s.closed() == reason::transport_error);
  CHECK(s.description() == "invalid heartbeat direction");
}

TEST_CASE("open, upgrade and noop mean nothing on an established transport, close nothing over WebSocket") {
  auto s = websocket_session();
  for (const char* wire : {"0{}", "5", "6", "1"}) CHECK(!s.receive(text(wire), t0));
  CHECK(!s.closed());
}

TEST_CASE("a poll waits until there is something to say") {
  auto s = polling_session();
  REQUIRE(s.begin_poll());
  CHECK(poll(s) == "(waits)");
  send(s, "4a");
  send(s, "4b");
  CHECK(poll(s) == "4a|4b");
  send(s, "4c");
  CHECK(poll(s) == "(waits)");
  REQUIRE(s.begin_poll());
  CHECK(poll(s) == "4c");
}

TEST_CASE("a second poll ends the session, and the first is answered with close") {
  auto s = polling_session();
  REQUIRE(s.begin_poll());
  CHECK(!s.begin_poll());
  CHECK(s.closed() == reason::transport_error);
  CHECK(poll(s) == "1");
}

TEST_CASE("a poll that the client aborts ends the session") {
  auto s = polling_session();
  s.begin_poll();
  s.abort_poll();
  CHECK(s.closed() == reason::transport_error);
  CHECK(poll(s) == "(waits)");
}

TEST_CASE("a close packet over polling releases the waiting poll with a noop") {
  auto s = polling_session();
  s.begin_poll();
  s.receive(text("1"), t0);
  CHECK(s.closed() == reason::transport_close);
  CHECK(poll(s) == "6");
}

TEST_CASE("closing with a poll waiting answers it with close") {
  auto s = polling_session();
  s.begin_poll();
  s.close(t0);
  CHECK(poll(s) == "1");
  CHECK(s.closed() == reason::forced_close);
}

// A JS client that finds messages and a close in one body handles the close first.
TEST_CASE("what was sent before closing has a poll of its own") {
  auto s = polling_session();
  s.begin_poll();
  send(s, "41");
  s.close(t0);
  CHECK(poll(s) == "41");
  CHECK(!s.closed());
  s.begin_poll();
  CHECK(poll(s) == "6|1");
  CHECK(s.closed() == reason::forced_close);
}

TEST_CASE("closing without a poll waits for the next one and answers noop and close") {
  auto s = polling_session();
  s.close(t0);
  CHECK(!s.closed());
  CHECK(!s.receive(text("4late"), t0));
  REQUIRE(s.begin_poll());
  CHECK(poll(s) == "6|1");
  CHECK(s.closed() == reason::forced_close);
}

TEST_CASE("a closing session is given up when no poll comes within the grace") {
  auto s = polling_session();
  s.close(t0);
  CHECK(s.deadline() == t0 + 30s);
  s.tick(t0 + 30s);
  CHECK(s.closed() == reason::forced_close);
}

TEST_CASE("closing over WebSocket lets go what was sent before") {
  auto s = websocket_session();
  send(s, "4bye");
  s.close(t0);
  CHECK(!s.closed());
  CHECK(frames(s) == "4bye");
  CHECK(s.closed() == reason::forced_close);
}

TEST_CASE("discarding forgets what waits") {
  auto s = websocket_session();
  send(s, "4x");
  s.discard();
  CHECK(frames(s) == "");
  CHECK(s.closed() == reason::forced_close);
}

TEST_CASE("an upgrade: probe, released polls, take-over, and what waits leaves by WebSocket") {
  auto s = polling_session();
  s.begin_poll();
  REQUIRE(s.begin_upgrade(t0));
  CHECK(s.receive_candidate(text("2probe"), t0) == eio::server_session::candidate_answer::pong);
  s.tick(t0);
  CHECK(poll(s) == "6");
  s.begin_poll();
  CHECK(poll(s) == "(waits)");
  s.tick(t0 + 100ms);
  CHECK(poll(s) == "6");
  send(s, "4kept");
  CHECK(s.receive_candidate(text("5"), t0) == eio::server_session::candidate_answer::take_over);
  CHECK(s.carrier() == transport::websocket);
  CHECK(!s.upgrading());
  CHECK(frames(s) == "4kept");
}

TEST_CASE("messages sent while probing leave by polling") {
  auto s = polling_session();
  s.begin_upgrade(t0);
  s.receive_candidate(text("2probe"), t0);
  s.begin_poll();
  send(s, "4a");
  CHECK(poll(s) == "4a");
}

TEST_CASE("a poll that still waits at the take-over is released") {
  auto s = polling_session();
  s.begin_poll();
  s.begin_upgrade(t0);
  s.receive_candidate(text("5"), t0);
  send(s, "4x");
  CHECK(poll(s) == "6");
  CHECK(frames(s) == "4x");
}

TEST_CASE("another first packet rejects the candidate and the session goes on by polling") {
  auto s = polling_session();
  s.begin_upgrade(t0);
  CHECK(s.receive_candidate(text("4x"), t0) == eio::server_session::candidate_answer::reject);
  CHECK(!s.closed());
  CHECK(s.begin_upgrade(t0));
}

TEST_CASE("an upgrade that is not completed in upgrade_timeout is given up") {
  auto s = polling_session();
  s.begin_upgrade(t0);
  CHECK(s.deadline() == t0 + 10s);
  s.tick(t0 + 10s);
  CHECK(!s.upgrading());
  CHECK(!s.closed());
}

TEST_CASE("only one WebSocket at a time may ask for an open polling session") {
  auto s = polling_session(), w = websocket_session();
  CHECK(s.begin_upgrade(t0));
  CHECK(!s.begin_upgrade(t0));
  CHECK(!w.begin_upgrade(t0));
}

TEST_CASE("nothing that comes after the end changes why it ended") {
  auto s = websocket_session();
  s.lose();
  s.refuse();
  s.discard();
  s.tick(t0 + 100s);
  CHECK(s.closed() == reason::transport_close);
  CHECK(s.deadline() == eio::time_point::max());
}

TEST_CASE("what is no packet is not heard any more once the session is closing") {
  auto s = polling_session();
  s.close(t0);
  s.refuse();
  CHECK_FALSE(s.closed());
  CHECK(s.begin_poll());
  CHECK(poll(s) == "6|1");
}
