// The server's answers to upgrade requests, byte for byte those of `ws`.
#include <sio/ws/handshake.hpp>

#include <support/catch.hpp>

#include <string>

namespace ws = sio::ws;

namespace {

const ws::upgrade_request good{"GET", "websocket", "dGhlIHNhbXBsZSBub25jZQ==", "13"};

std::string refusal(const ws::upgrade_request& request) {
  const auto answer = ws::answer_upgrade(request);
  CHECK_FALSE(answer.accepted);
  return answer.bytes;
}
std::string body(const std::string& bytes) { return bytes.substr(bytes.find("\r\n\r\n") + 4); }

std::string protocol(std::string_view offered) {
  auto request = good;
  request.protocols = offered;
  const auto answer = ws::answer_upgrade(request);
  if (!answer.accepted) return body(answer.bytes);
  const auto at = answer.bytes.find("Sec-WebSocket-Protocol: ") + 24;
  return answer.bytes.substr(at, answer.bytes.find('\r', at) - at);
}

}  // namespace

TEST_CASE("a good request is answered with 101") {
  const auto answer = ws::answer_upgrade(good);
  CHECK(answer.accepted);
  CHECK(answer.bytes ==
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
}

TEST_CASE("the first protocol is echoed, and further headers follow") {
  auto request = good;
  request.protocols = "foo, bar";
  CHECK(
      ws::answer_upgrade(request, "Set-Cookie: io=x\r\n").bytes ==
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: foo\r\nSet-Cookie: io=x\r\n\r\n");
}

TEST_CASE("protocols are distinct tokens between commas") {
  CHECK(protocol("chat") == "chat");
  CHECK(protocol("b,a") == "b");
  CHECK(protocol("b \t,\t a") == "b");
  for (const std::string_view bad :
       {"", " ", ",", "a,", ",a", "a,,b", "a b", "a;b", "a,a", "a\"b", "a\r\nx", "caf\xc3\xa9", "a/b"})
    CHECK(protocol(bad) == "Invalid Sec-WebSocket-Protocol header");
}

TEST_CASE("many protocols cost no more than their length") {
  std::string spaces(60'000, ' '), many;
  CHECK(protocol("a" + spaces + "b") == "Invalid Sec-WebSocket-Protocol header");
  for (int i = 0; i != 10'000; ++i) many += std::to_string(i) + ",";
  CHECK(protocol(many + "x") == "0");
}

TEST_CASE("a version other than 13 and 8 is refused, with the ones we know") {
  CHECK(refusal({"GET", "websocket", good.key, "12"}) ==
        "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/html\r\nContent-Length: 47\r\n"
        "Sec-WebSocket-Version: 13, 8\r\n\r\nMissing or invalid Sec-WebSocket-Version header");
  for (const std::string_view bad : {"", "1", "013", "13, 13", "7"})
    CHECK(body(refusal({"GET", "websocket", good.key, bad})) == "Missing or invalid Sec-WebSocket-Version header");
  CHECK(ws::answer_upgrade({"GET", "websocket", good.key, "8"}).accepted);
}

TEST_CASE("a key is 16 bytes in base64") {
  CHECK(refusal({"GET", "websocket", "", "13"}) ==
        "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/html\r\nContent-Length: 43\r\n\r\n"
        "Missing or invalid Sec-WebSocket-Key header");
  for (const std::string_view bad :
       {"dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZQ===", "dGhlIHNhbXBsZSBub25jZ===",
        "dGhlIHNhbXBsZSBub25j\r\n==", "dGhlIHNhbXBsZSBub25jZQAA", "dGhlIHNhbXBsZSBub2_jZQ=="})
    CHECK(body(refusal({"GET", "websocket", bad, "13"})) == "Missing or invalid Sec-WebSocket-Key header");
}

TEST_CASE("only a GET that asks for websocket is an upgrade") {
  CHECK(refusal({"POST", "websocket", good.key, "13"}) ==
        "HTTP/1.1 405 Method Not Allowed\r\nConnection: close\r\nContent-Type: text/html\r\nContent-Length: 19\r\n\r\n"
        "Invalid HTTP method");
  CHECK(body(refusal({"GET", "", good.key, "13"})) == "Invalid Upgrade header");
  CHECK(body(refusal({"GET", "h2c", good.key, "13"})) == "Invalid Upgrade header");
  CHECK(body(refusal({"GET", "websocket2", good.key, "13"})) == "Invalid Upgrade header");
  CHECK(ws::answer_upgrade({"GET", "WebSocket", good.key, "13"}).accepted);
}
