// The opening handshake of a client over streams in memory: what is asked, and every way in which it fails.
#include <support/catch.hpp>
#include <support/frames.hpp>
#include <support/scripted_ws.hpp>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace net = sio::net;
namespace ws = sio::ws;
using namespace std::chrono_literals;
using client = scripted::ws_stage;
using frames::naked;
using lines = std::vector<std::string>;

TEST_CASE("a WebSocket is asked for, and what comes behind the answer is its first message") {
  for (const std::size_t piece : {std::string::npos, std::size_t{1}, std::size_t{50}}) {
    client c;
    c.dial({"/x?y", "h:1", {{"Cookie", "a=b"}}, {"chat"}, {}});
    CHECK(c.request.find("GET /x?y HTTP/1.1\r\nHost: h:1\r\nCookie: a=b\r\nConnection: Upgrade\r\n") == 0);
    c.give(0, c.accepted("Sec-WebSocket-Protocol: chat\r\n") + naked(0x81, "hello") + naked(0x82, "\1\2"), piece);
    REQUIRE(c.channel);
    CHECK(c.result.error == "");
    CHECK(c.result.status == 101);
    CHECK(c.result.protocol == "chat");
    CHECK(c.events == lines{"text hello", "binary \1\2"});
    CHECK_FALSE(c.waits());
  }
}

TEST_CASE("each key and each mask is new") {
  std::string keys[2], sent[2];
  for (int i = 0; i != 2; ++i) {
    client c;
    c.open();
    keys[i] = c.request;
    c.run([&] { c.channel->send_text("aaaaaaaa"); });
    sent[i] = c.sent(0);
    REQUIRE(sent[i].size() == 14);
  }
  CHECK(keys[0] != keys[1]);
  CHECK(sent[0] != sent[1]);
}

TEST_CASE("an answer that is none leaves a sentence, the status, and what the server said") {
  struct example {
    std::string bytes, error, body;
    int status;
  };
  const std::string upgrade = "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: upgrade\r\n";
  for (const example& e : std::vector<example>{
           {"HTTP/1.1 400 Bad Request\r\nContent-Length: 22\r\n\r\n{\"code\":3,\"message\":1}",
            "Unexpected server response: 400", "{\"code\":3,\"message\":1}", 400},
           {"HTTP/1.1 302 Found\r\nLocation: /y\r\nContent-Length: 0\r\n\r\n", "Unexpected server response: 302", "",
            302},
           {"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", "Unexpected server response: 200", "", 200},
           {"HTTP/1.1 502 Bad Gateway\r\nTransfer-Encoding: chunked\r\n\r\nno", "Unexpected server response: 502", "",
            502},
           {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n",
            "the answer is no proper HTTP: Content-Length and Transfer-Encoding", "", 0},
           {"SSH-2.0-OpenSSH_9\r\n", "the answer is no proper HTTP: no HTTP/1.x", "", 0},
           {upgrade + "\r\n", "Invalid Sec-WebSocket-Accept header", "", 101},
           {upgrade + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
            "Invalid Sec-WebSocket-Accept header", "", 101},
           {"HTTP/1.1 101 x\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n", "Invalid Upgrade header", "", 101},
       }) {
    for (const std::size_t piece : {std::string::npos, std::size_t{1}}) {
      client c;
      c.dial();
      c.give(0, e.bytes, piece);
      CHECK(c.reports == 1);
      CHECK(c.result.error == e.error);
      CHECK(c.result.body == e.body);
      CHECK(c.result.status == e.status);
      CHECK_FALSE(c.channel);
      CHECK(c.all_closed());
      CHECK(c.loop->resources().empty());
      CHECK_FALSE(c.waits());
    }
  }
}

TEST_CASE("a server that closes at any byte of its answer leaves an error") {
  client full;
  full.dial();
  const std::size_t size = full.accepted().size();
  for (std::size_t at = 0; at < size; at += 5) {
    client c;
    c.dial();
    c.give(0, c.accepted().substr(0, at));
    c.end(0);
    CHECK(c.reports == 1);
    CHECK(c.result.error.find("the server closed the connection ") == 0);
    CHECK(c.all_closed());
  }
}

TEST_CASE("a handshake has its time, and may be cancelled at any step") {
  client late;
  late.dial({"/", "h", {}, {}, 500ms});
  late.give(0, late.accepted().substr(0, 50));
  late.let_pass(499ms);
  CHECK(late.reports == 0);
  late.let_pass(2ms);
  CHECK(late.result.error == "Opening handshake has timed out");
  CHECK(late.all_closed());

  for (std::size_t at = 0; at < 120; at += 10) {
    client c;
    const auto dialing = c.dial();
    c.give(0, c.accepted().substr(0, at));
    c.run([&] { dialing->cancel(); });
    c.wires[0]->give(c.accepted().substr(at));
    c.turn();
    CHECK(c.reports == 0);
    CHECK(c.all_closed());
    CHECK_FALSE(c.waits());
  }
  client c;  // while it dials
  c.loop->run([&] {
    net::dial_websocket(c.loop, c.route(), {"/", "h", {}, {}, {}}, {}, nullptr, [](const net::ws_dialled&) {
      FAIL("reported");
    })->cancel();
  });
  c.turn();
  CHECK(c.all_closed());
  c.refuses = true;
  c.dial();
  CHECK(c.result.error == "cannot connect");
}

TEST_CASE("what cannot be asked for is refused at once") {
  client c;
  CHECK_THROWS_AS(c.dial({"/", "h", {{"A", "b\r\nC: d"}}, {}, {}}), std::invalid_argument);
  CHECK_THROWS_AS(c.dial({"/", "h", {{"Sec-WebSocket-Key", "x"}}, {}, {}}), std::invalid_argument);
  CHECK_THROWS_AS(c.dial({"/", "h", {}, {"a", "a"}, {}}), std::invalid_argument);
  CHECK_THROWS_AS(c.dial({"no path", "h", {}, {}, {}}), std::invalid_argument);
  CHECK(c.wires.empty());
}
