// The client's engine over streams in memory: what it asks for, what it makes of the answers, and the upgrade.
#include <support/catch.hpp>
#include <support/engine_stage.hpp>

#include <string>
#include <vector>

using namespace engine_stage;
using namespace std::chrono_literals;
using lines = std::vector<std::string>;

namespace {

const std::string get_abc = "GET /socket.io/?EIO=4&transport=polling&sid=abc";
const std::string post_abc = "POST /socket.io/?EIO=4&transport=polling&sid=abc";

/// With the probe's WebSocket on wire 1, open, and `2probe` sent.
void open_with_probe(client& c) {
  c.open();
  c.give(0, http(200, handshake("\"websocket\"")));
  REQUIRE(c.wires.size() == 2);
  c.give(1, c.switching(1));
  c.sent(0);
  CHECK(c.frames_sent(1) == lines{"text 2probe"});
  CHECK(c.heard() == lines{"open"});
}

}  // namespace

TEST_CASE("an engine opens by polling, polls again and again, and posts what is sent") {
  client c;
  c.open();
  CHECK(c.request(0) == "GET /socket.io/?EIO=4&transport=polling");
  CHECK(!c.engine->is_open());
  c.give(0, http(200, handshake()), 1);
  CHECK(c.heard() == lines{"open"});
  CHECK(c.engine->is_open());
  CHECK(c.engine->id() == "abc");
  CHECK(c.request(0) == get_abc);
  c.run([&] {
    c.engine->send(sio::eio::encoded_packet("4a"));
    CHECK(!c.engine->writable());
    c.engine->send(sio::eio::encoded_packet("4b"));
    CHECK(c.engine->buffered_bytes() == 4);
  });
  CHECK(c.request(1) == post_abc +
                            " 4a\x1e"
                            "4b");
  c.give(0, http(200,
                 "4x\x1e"
                 "2\x1e"
                 "bAQI="));
  CHECK(c.heard() == lines{"message x", "ping", "binary \1\2"});
  CHECK(c.request(0) == get_abc);
  CHECK(c.user->drains == 0);
  c.give(1, http(200, "ok"));
  CHECK(c.request(1) == post_abc + " 3");
  c.give(1, http(200, "ok"));
  CHECK(c.user->drains == 1);
  CHECK(c.engine->writable());
}

TEST_CASE("an engine opens by WebSocket, and text and bytes go both ways") {
  client c(websocket_only());
  c.open();
  CHECK(c.wires.at(0)->out.find("GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n") == 0);
  c.give(0, c.switching(0) + text(handshake()) + text("4early"), 1);
  CHECK(c.heard() == lines{"open", "message early"});
  CHECK(c.engine->writable());
  c.send("4hi");
  c.run([&] { c.engine->send({std::make_shared<const std::string>("\1\2"), true}); });
  c.give(0, text("2") + frames::naked(0x82, "\3") + text("bBA=="));
  CHECK(c.heard() == lines{"ping", "binary \3", "binary \4"});
  CHECK(c.frames_sent(0) == lines{"text 4hi", "binary \1\2", "text 3"});
  CHECK(c.user->drains > 0);
}

TEST_CASE("the query is written in JS's order, and escaped as JS does") {
  cln::engine_options o;
  o.path = "/a b";
  o.query = {{"token", "a b&c=\u20ac!"}, {"EIO", "3"}, {"token", "x/y*'()~"}};
  o.force_base64 = true;
  CHECK(cln::target_of(o, transport::websocket, "s/d") ==
        "/a b?token=x%2Fy*'()~&EIO=4&transport=websocket&sid=s%2Fd&b64=1");
  const std::string stamped = cln::target_of(o, transport::polling, "abc");
  const std::string begin = "/a b?token=x%2Fy*'()~&EIO=4&transport=polling&t=";
  CHECK(stamped.substr(0, begin.size()) == begin);
  CHECK(stamped.substr(begin.size() + 8) == "&b64=1&sid=abc");
  CHECK(stamped != cln::target_of(o, transport::polling, "abc"));
  o.stamp_polls = false;
  CHECK(cln::target_of(o, transport::polling, "") == "/a b?token=x%2Fy*'()~&EIO=4&transport=polling&b64=1");
}

TEST_CASE("headers go with every request, and cookies come back where they are kept") {
  cln::engine_options o;
  o.extra_headers = {{"X-Key", "1"}, {"Cookie", "own=1"}};
  o.cookies = std::make_shared<sio::http::cookie_jar>();
  client c(o);
  c.open();
  CHECK(c.sent(0).find("X-Key: 1\r\n") != std::string::npos);
  c.give(0, http(200, handshake("\"websocket\""), "Set-Cookie: io=x; Path=/\r\nSet-Cookie: gone=1; Max-Age=0\r\n"));
  for (const std::size_t wire : {0u, 1u}) {
    const std::string asked = c.sent(wire);
    CHECK(asked.find("X-Key: 1\r\n") != std::string::npos);
    CHECK(asked.find("Cookie: own=1; io=x\r\n") != std::string::npos);
  }
}

TEST_CASE("binary goes as base64 text over WebSocket where that is forced") {
  auto o = websocket_only();
  o.force_base64 = true;
  client c(o);
  c.open_by_websocket();
  c.run([&] { c.engine->send({std::make_shared<const std::string>("\1\2"), true}); });
  CHECK(c.frames_sent(0) == lines{"text bAQI="});
}

TEST_CASE("a WebSocket takes over once the last poll and POST have ended, and nothing is lost or doubled") {
  client c;
  open_with_probe(c);
  c.send("4by polling");
  CHECK(c.request(2) == post_abc + " 4by polling");
  c.give(1, text("3probe"));
  c.send("4waits");
  c.give(0, http(200, "4last"));
  CHECK(c.heard() == lines{"message last"});
  CHECK(c.request(0) == "");
  CHECK(c.engine->carrier() == transport::polling);
  c.give(2, http(200, "ok"));
  CHECK(c.heard() == lines{"upgrade websocket"});
  CHECK(c.frames_sent(1) == lines{"text 5", "text 4waits"});
  CHECK(c.closed(0));
  CHECK(c.closed(2));
  c.give(1, text("4new"));
  CHECK(c.heard() == lines{"message new"});
  CHECK(c.engine->carrier() == transport::websocket);
}

TEST_CASE("a probe that fails leaves the session with polling") {
  const struct {
    std::string answer;  // of the server, behind the 101
    bool ends;
    std::string heard;
  } failures[] = {
      {text("3prob"), false, "upgrade error probe error: the server answered the probe with something else"},
      {text("x"), false, "upgrade error probe error: the server answered the probe with something else"},
      {frames::naked(0x82, "3probe"), false,
       "upgrade error probe error: the server answered the probe with something else"},
      {"", true, "upgrade error probe error: transport closed"},
      {frames::naked(0x88, ""), false, "upgrade error probe error: transport closed"},
      {text("3probe"), true, "upgrade error probe error: transport closed"},
  };
  for (const auto& f : failures) {
    client c;
    open_with_probe(c);
    c.give(1, f.answer);
    if (f.ends) c.end(1);
    CHECK(c.heard() == lines{f.heard});
    c.give(0, http(200, "4x"));
    CHECK(c.request(0) == get_abc);
    CHECK(c.heard() == lines{"message x"});
    c.send("4y");
    CHECK(c.request(2) == post_abc + " 4y");
  }
}

TEST_CASE("a WebSocket that cannot be opened, or stays silent, leaves the session with polling") {
  client refused;
  refused.open();
  refused.give(0, http(200, handshake("\"websocket\"")));
  refused.give(1, http(400, R"({"code":3,"message":"Bad request"})"));
  CHECK(refused.heard() ==
        lines{"open", "upgrade error probe error: websocket error: Unexpected server response: 400"});
  client silent;
  open_with_probe(silent);
  silent.let_pass(10s);
  CHECK(silent.heard() == lines{"upgrade error probe error: the server left the probe unanswered"});
  CHECK(silent.engine->is_open());
}

TEST_CASE("no WebSocket is asked for if the user or the server wants none") {
  cln::engine_options without;
  without.upgrade = false;
  for (const auto& o : {without, by({transport::polling})}) {
    client c(o);
    c.open_by_polling("\"websocket\"");
    CHECK(c.wires.size() == 1);
  }
  client c;
  c.open_by_polling();
  CHECK(c.wires.size() == 1);
}
