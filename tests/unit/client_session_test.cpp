// The client's session: handshake, heartbeat and polls, with a made-up clock.
#include <support/catch.hpp>
#include <support/client_sessions.hpp>

#include <string>
#include <vector>

using namespace client_sessions;
using namespace std::chrono_literals;

namespace {

std::string refusal_of(std::string_view open) {
  session s(transport::websocket);
  CHECK(s.receive(text(open), t0) == event::none);
  CHECK(s.closed() == reason::transport_error);
  CHECK(s.fault().message == "server error");
  return s.fault().description;
}

}  // namespace

TEST_CASE("the open packet opens the client's session and tells its terms") {
  session s(transport::websocket);
  CHECK(!s.is_open());
  CHECK(s.deadline() == eio::time_point::max());
  CHECK(s.receive(text(hello), t0) == event::open);
  CHECK(s.is_open());
  CHECK(s.sid() == "abc");
  CHECK(s.deadline() == t0 + 45s);
}

TEST_CASE("a handshake that is not what it should be is refused with a sentence") {
  CHECK(refusal_of("0") == "the server sent no handshake");
  CHECK(refusal_of("4hello") == "the server sent no handshake");
  CHECK(refusal_of("2") == "the server sent no handshake");
  CHECK(refusal_of("0{") == "the handshake is no JSON");
  CHECK(refusal_of("0[]") == "the handshake is no object");
  CHECK(refusal_of("0{}") == "the handshake's sid is missing");
  CHECK(refusal_of(R"(0{"sid":5})") == "the handshake's sid is no text");
  CHECK(refusal_of(R"(0{"sid":""})") == "the handshake's sid is no text");
  CHECK(refusal_of(R"(0{"sid":")" + std::string(2000, 'x') + "\"}") == "the handshake's sid is too long");
  CHECK(refusal_of(R"(0{"sid":"a"})") == "the handshake's upgrades are no array");
  CHECK(refusal_of(R"(0{"sid":"a","upgrades":"websocket"})") == "the handshake's upgrades are no array");
  const std::string begin = R"(0{"sid":"a","upgrades":[])";
  CHECK(refusal_of(begin + "}") == "the handshake's pingInterval is missing");
  CHECK(refusal_of(begin + R"(,"pingInterval":"1"})") == "the handshake's pingInterval is no positive number");
  CHECK(refusal_of(begin + R"(,"pingInterval":1})") == "the handshake's pingTimeout is missing");
  CHECK(refusal_of(begin + R"(,"pingInterval":1,"pingTimeout":-1})") ==
        "the handshake's pingTimeout is no positive number");
  CHECK(refusal_of(begin + R"(,"pingInterval":1,"pingTimeout":1,"maxPayload":0})") ==
        "the handshake's maxPayload is no positive number");
  CHECK(refusal_of(begin + R"(,"x":)" + std::string(50, '[')) == "the handshake is no JSON");
}

TEST_CASE("a handshake may lack maxPayload, hold huge numbers, and have members of its own") {
  session s(transport::websocket);
  CHECK(s.receive(text(R"(0{"sid":"a","upgrades":[1,null],"pingInterval":1e300,"pingTimeout":0.5,"x":{"y":[]}})"),
                  t0) == event::open);
  CHECK(s.deadline() == t0 + 2147483647ms + 1ms);
}

TEST_CASE("a poll that brings no handshake ends the session") {
  session s(transport::polling);
  s.begin_poll();
  s.end_poll();
  CHECK(s.closed() == reason::transport_error);
  CHECK(s.description() == "server error: the server sent no handshake");
}

TEST_CASE("a ping is answered, and the next one must come within interval and timeout") {
  session s = websocket_session();
  CHECK(s.receive(text("2"), t0 + 25s) == event::ping);
  CHECK(frames(s) == "3");
  CHECK(s.deadline() == t0 + 70s);
  CHECK(s.receive(text("4x"), t0 + 60s) == event::message);
  CHECK(s.deadline() == t0 + 70s);
  s.tick(t0 + 69999ms);
  CHECK(!s.closed());
  s.tick(t0 + 70s);
  CHECK(s.closed() == reason::ping_timeout);
  CHECK(s.description() == "");
}

TEST_CASE("an overdue ping is seen before the timer tells of it") {
  session s(transport::websocket);
  CHECK(!s.expired(t0 + 1000s));
  s.receive(text(hello), t0);
  CHECK(!s.expired(t0 + 45s));
  CHECK(s.expired(t0 + 45001ms));
}

TEST_CASE("of many pings at once no more are answered than anybody needs") {
  session s = websocket_session();
  for (int i = 0; i != 1000; ++i) s.receive(text("2"), t0);
  CHECK(s.buffered_bytes() == 16);
  frames(s);
  s.receive(text("2"), t0);
  CHECK(frames(s) == "3");
}

TEST_CASE("pong, upgrade, noop and a second open packet mean nothing to an open session") {
  session s = websocket_session();
  for (const char* wire : {"3", "5", "6", "0{}", "1"}) CHECK(s.receive(text(wire), t0) == event::none);
  CHECK(s.is_open());
  CHECK(s.sid() == "abc");
}

TEST_CASE("one GET waits at a time") {
  session s(transport::polling);
  CHECK(s.poll_due());
  s.begin_poll();
  CHECK(!s.poll_due());
  s.receive(text(hello), t0);
  CHECK(!s.poll_due());
  s.end_poll();
  CHECK(s.poll_due());
}

TEST_CASE("one POST is under way at a time, and carries all that waits") {
  session s = polling_session();
  send(s, "4a");
  CHECK(s.take_post() == "4a");
  send(s, "4b");
  send_binary(s, std::string("\1\2\3\4", 4));
  send(s, "4\u20ac");
  CHECK(!s.post_due());
  CHECK(!s.writable());
  CHECK(s.buffered_bytes() == 2 + 2 + 4 + 4);
  s.end_post();
  CHECK(posts(s) == std::vector<std::string>{"4b\x1e"
                                             "bAQIDBA==\x1e"
                                             "4\u20ac"});
  CHECK(s.empty());
  CHECK(s.writable());
}

TEST_CASE("a POST holds no more than maxPayload, but for a packet that alone is larger") {
  session s = polling_session();  // maxPayload 100
  const std::string forty = "4" + std::string(39, 'x');
  for (int i = 0; i != 3; ++i) send(s, forty);
  send(s, "4" + std::string(200, 'y'));
  send(s, "4" + std::string(48, 'a'));
  send(s, "4" + std::string(49, 'b'));
  send(s, "4c");
  const auto bodies = posts(s);
  REQUIRE(bodies.size() == 5);
  CHECK(bodies[0] == forty + "\x1e" + forty);
  CHECK(bodies[1] == forty);
  CHECK(bodies[2].size() == 201);
  CHECK(bodies[3].size() == 49 + 1 + 50);
  CHECK(bodies[4] == "4c");
}

TEST_CASE("binary counts as the base64 that it becomes") {
  session s = polling_session();
  send_binary(s, std::string(36, 'x'));  // b + 48
  send_binary(s, std::string(36, 'x'));  // with the separator 99
  send_binary(s, "");
  const auto bodies = posts(s);
  REQUIRE(bodies.size() == 2);
  CHECK(bodies[0].size() == 99);
  CHECK(bodies[1] == "b");
}

TEST_CASE("what is sent before the handshake waits for it") {
  session s(transport::polling);
  send(s, "4early");
  CHECK(!s.post_due());
  s.begin_poll();
  s.receive(text(hello), t0);
  CHECK(posts(s) == std::vector<std::string>{"4early"});
}
