// The session of an Engine.IO v3 client: it pings, the server answers.
#include <sio/eio/server_session.hpp>
#include <support/catch.hpp>

#include <string>
#include <string_view>

using namespace sio;
using namespace std::chrono_literals;

namespace {

const eio::time_point t0{};

eio::server_session session(transport first) {
  return {"sid", first, {25'000ms, 20'000ms, 10'000ms}, t0, eio::protocol::v3};
}

eio::packet text(std::string_view wire) { return *eio::decode(wire); }

void add(std::string& to, const eio::encoded_packet& p) { to += (to.empty() ? "" : "|") + std::string(p.bytes()); }

std::string poll(eio::server_session& s) {
  std::string body;
  s.answer_poll([&](const eio::encoded_packet& p) { add(body, p); });
  return body;
}

std::string frames(eio::server_session& s) {
  std::string sent;
  s.take_frames([&](const eio::encoded_packet& p) { add(sent, p); });
  return sent;
}

}  // namespace

TEST_CASE("a v3 client's ping is answered and keeps the session for another interval and timeout") {
  auto s = session(transport::websocket);
  CHECK(s.deadline() == t0 + 45s);
  CHECK_FALSE(s.receive(text("2probe"), t0 + 30s));
  CHECK(frames(s) == "3");
  CHECK(s.deadline() == t0 + 75s);
  s.tick(t0 + 74999ms);
  CHECK(frames(s) == "");
  CHECK(!s.closed());
  s.tick(t0 + 75s);
  CHECK(s.closed() == reason::ping_timeout);
}

TEST_CASE("a v3 client's messages are no heartbeat") {
  auto s = session(transport::websocket);
  CHECK(s.receive(text("4a"), t0 + 44s));
  s.tick(t0 + 45s);
  CHECK(s.closed() == reason::ping_timeout);
}

TEST_CASE("a v3 client's pong is an error of the transport") {
  auto s = session(transport::polling);
  s.receive(text("3"), t0);
  CHECK(s.closed() == reason::transport_error);
  CHECK(s.description() == "invalid heartbeat direction");
}

TEST_CASE("a v3 client that falls silent after its upgrade is noticed") {
  auto s = session(transport::polling);
  CHECK(s.begin_upgrade(t0));
  CHECK(s.receive_candidate(text("2probe"), t0) == eio::server_session::candidate_answer::pong);
  CHECK(s.receive_candidate(text("5"), t0 + 1s) == eio::server_session::candidate_answer::take_over);
  CHECK(s.deadline() == t0 + 45s);
  s.tick(t0 + 45s);
  CHECK(s.closed() == reason::ping_timeout);
}

TEST_CASE("a v3 client that pings and never reads does not pile up pongs") {
  auto s = session(transport::polling);
  for (int i = 0; i != 1000; ++i) s.receive(text("2"), t0);
  CHECK(s.buffered_bytes() == 16);
  CHECK(s.begin_poll());
  CHECK(poll(s) == "3|3|3|3|3|3|3|3|3|3|3|3|3|3|3|3");
  s.receive(text("2"), t0);
  CHECK(s.begin_poll());
  CHECK(poll(s) == "3");
}
