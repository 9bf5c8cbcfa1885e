// The client's engine over streams in memory: servers that answer wrongly, too much, or never.
#include <support/catch.hpp>
#include <support/engine_stage.hpp>

#include <string>
#include <vector>

using namespace engine_stage;
using namespace std::chrono_literals;
using lines = std::vector<std::string>;

namespace {

const std::string post_abc = "POST /socket.io/?EIO=4&transport=polling&sid=abc";

}  // namespace

TEST_CASE("what a server answers to the handshake that is none becomes an error with its cause") {
  const struct {
    std::string answer;
    std::string heard;
  } answers[] = {
      {http(400, R"({"code":0,"message":"Transport unknown"})"),
       "xhr poll error: the server answered with the status 400"},
      {http(500, ""), "xhr poll error: the server answered with the status 500"},
      {http(301, "", "Location: https://there/\r\n"),
       "xhr poll error: the server answered with the status 301, a redirect to https://there/; redirects are not "
       "followed"},
      {http(204, ""), "xhr poll error: the server answered with the status 204"},
      {http(200, ""), "server error: the server sent something that is no Engine.IO packet"},
      {http(200, "<html>"), "server error: the server sent something that is no Engine.IO packet"},
      {http(200, "97:0{\"sid\":\"abc\"}2:40"), "server error: the server sent something that is no Engine.IO packet"},
      {http(200, "0{"), "server error: the handshake is no JSON"},
      {http(200, "0{\"upgrades\":[]}"), "server error: the handshake's sid is missing"},
      {http(200, "0{\"sid\":{},\"upgrades\":[]}"), "server error: the handshake's sid is no text"},
      {http(200, "4hello"), "server error: the server sent no handshake"},
      {http(200, "6"), "server error: the server sent no handshake"},
      {"HTTP/1.1 200 X\nfoo", "xhr poll error: the answer is no proper HTTP: LF without CR"},
  };
  for (const auto& a : answers) {
    client c;
    c.open();
    c.give(0, a.answer, 1);
    CHECK(c.heard() == lines{"error " + a.heard, "close transport error: " + a.heard});
    CHECK(c.all_closed());
    CHECK(c.loop->resources().empty());
  }
}

TEST_CASE("an error tells the status and the beginning of the body") {
  client c;
  c.open();
  c.give(0, http(400, R"({"code":0,"message":"Transport unknown"})"));
  CHECK(c.user->last.message == "xhr poll error");
  CHECK(c.user->last.status == 400);
  CHECK(c.user->last.context == R"({"code":0,"message":"Transport unknown"})");
}

TEST_CASE("a server that ends the connection at any byte of the handshake is an error, and nothing stays open") {
  for (const bool by_websocket : {false, true}) {
    const std::size_t size = by_websocket ? 0 : http(200, handshake()).size();
    for (std::size_t cut = 0; by_websocket ? cut < 400 : cut < size; ++cut) {
      client c(by_websocket ? websocket_only() : by({transport::polling}));
      c.open();
      const std::string all = by_websocket ? c.switching(0) + text(handshake()) : http(200, handshake());
      if (cut >= all.size()) break;
      c.give(0, all.substr(0, cut));
      c.end(0);
      const lines heard = c.heard();
      if (heard.empty() || heard.back().find("close transport ") != 0) FAIL("cut at " << cut);
      if (!c.all_closed() || !c.loop->resources().empty()) FAIL("left open, cut at " << cut);
    }
  }
}

TEST_CASE("a WebSocket that is refused, closed or broken ends with JS's words") {
  client refused(websocket_only());
  refused.open();
  refused.give(0, http(400, "Session ID unknown"));
  CHECK(refused.heard() == lines{"error websocket error: Unexpected server response: 400",
                                 "close transport error: websocket error: Unexpected server response: 400"});
  CHECK(refused.user->last.status == 400);
  CHECK(refused.user->last.context == "Session ID unknown");

  client redirected(websocket_only());
  redirected.open();
  redirected.give(0, http(301, "", "Location: https://there/\r\n"));
  CHECK(redirected.heard().front() ==
        "error websocket error: Unexpected server response: 301; redirects are not followed");

  client unreachable(websocket_only());
  unreachable.refuses = true;
  unreachable.open();
  CHECK(unreachable.heard() ==
        lines{"error websocket error: cannot connect", "close transport error: websocket error: cannot connect"});

  client closed(websocket_only());
  closed.open_by_websocket();
  closed.give(0, frames::naked(0x88, ""));
  CHECK(closed.heard() == lines{"open", "close transport close: websocket connection closed"});

  client masked(websocket_only());
  masked.open_by_websocket();
  masked.give(0, frames::masked(0x81, "4x"));
  const lines heard = masked.heard();
  REQUIRE(heard.size() == 3);
  CHECK(heard[1].find("error websocket error: ") == 0);
  CHECK(heard[2].find("close transport error: websocket error: ") == 0);
}

TEST_CASE("garbage on an open session ends it, and the server is told") {
  client c;
  c.open_by_polling();
  c.heard();
  c.give(0, http(200,
                 "4first\x1e"
                 "9\x1e"
                 "4never"));
  const std::string why = "server error: the server sent something that is no Engine.IO packet";
  CHECK(c.heard() == lines{"message first", "error " + why, "close transport error: " + why});
  CHECK(c.request(0) == post_abc + " 1");
  c.give(0, http(200, "ok"));
  CHECK(c.all_closed());

  client w(websocket_only());
  w.open_by_websocket();
  w.heard();
  w.give(0, text("abc"));
  CHECK(w.heard() == lines{"error " + why, "close transport error: " + why});
  CHECK(w.frames_sent(0) == lines{"close 1005 "});
}

TEST_CASE("a payload of more packets than allowed ends the session") {
  cln::engine_options o;
  o.max_packets_per_payload = 3;
  client c(o);
  c.open_by_polling();
  c.heard();
  c.give(0, http(200,
                 "41\x1e"
                 "42\x1e"
                 "43\x1e"
                 "44"));
  CHECK(c.heard().size() == 5);
  CHECK(!c.engine->is_open());
}

TEST_CASE("a poll or a POST that fails ends the session") {
  client gone;
  gone.open_by_polling();
  gone.heard();
  gone.end(0);
  CHECK(gone.heard() ==
        lines{"error xhr poll error: the server closed the connection without an answer",
              "close transport error: xhr poll error: the server closed the connection without an answer"});
  CHECK(gone.all_closed());

  client refused;
  refused.open_by_polling();
  refused.heard();
  refused.send("4x");
  refused.give(1, http(413, ""));
  CHECK(refused.heard() == lines{"error xhr post error: the server answered with the status 413",
                                 "close transport error: xhr post error: the server answered with the status 413"});
  CHECK(refused.all_closed());
}

TEST_CASE("a server that closes by packet is heard, and not answered") {
  client c;
  c.open_by_polling();
  c.heard();
  c.give(0, http(200,
                 "4bye\x1e"
                 "1\x1e"
                 "4never"));
  CHECK(c.heard() == lines{"message bye", "close transport close: transport closed by the server"});
  CHECK(c.all_closed());
}

TEST_CASE("a header that cannot be sent is an error") {
  for (const auto& by_one : {transport::polling, transport::websocket}) {
    auto o = by({by_one});
    o.extra_headers = {{"X", "a\r\nb"}};
    client c(o);
    c.open();
    const lines heard = c.heard();
    REQUIRE(heard.size() == 2);
    INFO(heard[0]);
    CHECK(heard[0].find("the header \"X\" holds a control character") != std::string::npos);
    CHECK(c.wires.empty());
  }
}

TEST_CASE("a request that is not answered in time is an error") {
  cln::engine_options o;
  o.request_timeout = 3s;
  client c(o);
  c.open();
  c.let_pass(3s);
  CHECK(c.heard() == lines{"error xhr poll error: no answer came in time",
                           "close transport error: xhr poll error: no answer came in time"});
  auto ws = websocket_only();
  ws.request_timeout = 3s;
  client w(ws);
  w.open();
  w.let_pass(3s);
  CHECK(w.heard() == lines{"error websocket error: Opening handshake has timed out",
                           "close transport error: websocket error: Opening handshake has timed out"});
}

TEST_CASE("more than max_buffered_bytes for a server that takes nothing end the session") {
  cln::engine_options o;
  o.max_buffered_bytes = 100;
  client c(o);
  c.open_by_polling();
  c.heard();
  c.send("4" + std::string(60, 'x'));
  c.send("4" + std::string(60, 'x'));
  CHECK(c.heard() == lines{"error write buffer overflow: more than 100 bytes wait for the server",
                           "close transport error: write buffer overflow: more than 100 bytes wait for the server"});
  CHECK(c.all_closed());
}

TEST_CASE("answers larger than max_payload end the session") {
  cln::engine_options o;
  o.max_payload = 1000;
  client c(o);
  c.open_by_polling();
  c.heard();
  c.give(0, http(200, "4" + std::string(1000, 'x')));
  CHECK(c.heard().size() == 2);
  o.transports = {transport::websocket};
  client w(o);
  w.open_by_websocket();
  w.heard();
  w.give(0, text("4" + std::string(1000, 'x')));
  CHECK(w.heard().size() == 2);
  CHECK(!w.engine->is_open());
}
