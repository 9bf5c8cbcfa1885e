// The opening handshake from the client's side: what is asked, and which answers are none.
#include <sio/http/request_text.hpp>
#include <sio/ws/client_handshake.hpp>
#include <support/catch.hpp>

#include <stdexcept>
#include <string>

namespace http = sio::http;
namespace ws = sio::ws;

namespace {

const std::string key = "dGhlIHNhbXBsZSBub25jZQ==";  // RFC 6455, 1.3
const std::string accept = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";
const std::string upgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\n";

ws::client_verdict judge(const ws::client_offer& offer, const std::string& lines, const std::string& status = "101 x") {
  const std::string bytes = "HTTP/1.1 " + status + "\r\n" + lines + "\r\n";
  http::response_parser parser;
  http::response_head head;
  REQUIRE(parser.parse(bytes, {}, head).what == http::response_parser::outcome::complete);
  return ws::judge_answer(offer, head);
}

ws::client_offer plain() { return {key, {}}; }
ws::client_offer with_protocols() { return {key, {"chat", "superchat"}}; }
ws::client_offer with_deflate() { return {key, {}, ws::deflate_wishes{}}; }

std::string refused(const ws::client_offer& offer, const std::string& lines, const std::string& status = "101 x") {
  return judge(offer, lines, status).error;
}

}  // namespace

TEST_CASE("an upgrade is asked for with a key, version 13, and what else is wanted") {
  CHECK(ws::make_key({'t', 'h', 'e', ' ', 's', 'a', 'm', 'p', 'l', 'e', ' ', 'n', 'o', 'n', 'c', 'e'}) == key);
  const std::string lines =
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + key + "\r\n";
  CHECK(http::upgrade_head("/x", "h", {{"Cookie", "a=b"}}, ws::offer_lines(plain())) ==
        "GET /x HTTP/1.1\r\nHost: h\r\nCookie: a=b\r\n" + lines + "\r\n");
  CHECK(ws::offer_lines(with_protocols()) == lines + "Sec-WebSocket-Protocol: chat,superchat\r\n");
  CHECK(ws::offer_lines(with_deflate()) ==
        lines + "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n");
}

TEST_CASE("our own server's answer is taken") {
  const ws::deflate_wishes wishes;
  ws::client_offer offer = with_deflate();
  offer.protocols = {"chat"};
  ws::upgrade_request asked{"GET", "websocket", offer.key, "13"};
  asked.protocols = "chat";
  const std::string extensions = ws::deflate_offer(wishes);
  asked.extensions = extensions;
  const std::string answer = ws::answer_upgrade(asked, {}, &wishes).bytes;
  http::response_parser parser;
  http::response_head head;
  REQUIRE(parser.parse(answer, {}, head).what == http::response_parser::outcome::complete);
  const auto verdict = ws::judge_answer(offer, head);
  CHECK(verdict.error == "");
  CHECK(verdict.protocol == "chat");
  CHECK(verdict.deflate.has_value());
}

TEST_CASE("an answer that keeps to the offer is taken") {
  CHECK(refused(plain(), upgrade + accept) == "");
  CHECK(refused(plain(), "upgrade: WebSocket\r\nconnection: keep-alive, upgrade\r\n" + accept) == "");
  CHECK(judge(with_protocols(), upgrade + accept + "Sec-WebSocket-Protocol: superchat\r\n").protocol == "superchat");
  const auto agreed = judge(
      with_deflate(), upgrade + accept + "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=10\r\n");
  CHECK(agreed.error == "");
  CHECK((agreed.deflate && agreed.deflate->client_bits == 10));
  CHECK_FALSE(judge(with_deflate(), upgrade + accept).deflate.has_value());
}

TEST_CASE("any other answer is refused in the words of ws") {
  CHECK(refused(plain(), "Content-Length: 0\r\n", "400 Bad Request") == "Unexpected server response: 400");
  CHECK(refused(plain(), upgrade + accept, "200 OK") == "Unexpected server response: 200");
  CHECK(refused(plain(), accept) == "Invalid Upgrade header");
  CHECK(refused(plain(), "Upgrade: h2c\r\nConnection: Upgrade\r\n" + accept) == "Invalid Upgrade header");
  CHECK(refused(plain(), "Upgrade: websocket\r\n" + accept) == "Invalid Upgrade header");
  CHECK(refused(plain(), upgrade) == "Invalid Sec-WebSocket-Accept header");
  CHECK(refused(plain(), upgrade + accept + accept) == "Invalid Sec-WebSocket-Accept header");
  CHECK(refused(plain(), upgrade + "Sec-WebSocket-Accept: S3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n") ==
        "Invalid Sec-WebSocket-Accept header");

  const std::string protocol = "Sec-WebSocket-Protocol: ";
  CHECK(refused(plain(), upgrade + accept + protocol + "chat\r\n") ==
        "Server sent a subprotocol but none was requested");
  CHECK(refused(with_protocols(), upgrade + accept) == "Server sent no subprotocol");
  for (const char* chosen : {"other", "Chat", "chat, superchat", ""})
    CHECK(refused(with_protocols(), upgrade + accept + protocol + chosen + "\r\n") ==
          "Server sent an invalid subprotocol");

  const std::string extensions = "Sec-WebSocket-Extensions: ";
  CHECK(refused(plain(), upgrade + accept + extensions + "permessage-deflate\r\n") ==
        "Server sent a Sec-WebSocket-Extensions header but no extension was requested");
  for (const char* chosen : {"", "x-webkit-deflate-frame", "permessage-deflate; client_max_window_bits",
                             "permessage-deflate; server_max_window_bits=16", "permessage-deflate; other",
                             "permessage-deflate, permessage-deflate", "permessage-deflate; "})
    CHECK(refused(with_deflate(), upgrade + accept + extensions + chosen + "\r\n") ==
          "Invalid Sec-WebSocket-Extensions header");
}

TEST_CASE("protocols that cannot be asked for are refused") {
  ws::check_protocols({"a", "b"});
  for (const std::vector<std::string>& bad : {std::vector<std::string>{"a", "a"}, {"a b"}, {""}, {"a,b"}, {"a\r\n"}})
    CHECK_THROWS_AS(ws::check_protocols(bad), std::invalid_argument);
}
