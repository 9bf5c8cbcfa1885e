// Any header values as an upgrade request: the answer is one of few, and echoes only a token that was offered.
#include <sio/ws/handshake.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

void expect(bool held) {
  if (!held) std::abort();
}

std::string_view next_field(std::string_view& rest) {
  const auto end = std::min(rest.find('\n'), rest.size());
  const auto field = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return field;
}

void check_accepted(const sio::ws::upgrade_request& request, std::string_view bytes) {
  std::string expected = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";
  expected += "Sec-WebSocket-Accept: " + sio::ws::accept_key(request.key) + "\r\n";
  expect(bytes.substr(0, expected.size()) == expected);
  bytes.remove_prefix(expected.size());
  if (!request.protocols) return expect(bytes == "\r\n");
  const std::string_view name = "Sec-WebSocket-Protocol: ";
  expect(bytes.substr(0, name.size()) == name);
  const auto echoed = bytes.substr(name.size(), bytes.size() - name.size() - 4);
  expect(bytes.substr(bytes.size() - 4) == "\r\n\r\n");
  expect(!echoed.empty() && echoed.find_first_of("\r\n \t,;\"\0", 0, 8) == std::string_view::npos);
  expect(request.protocols->find(echoed) != std::string_view::npos);
}

void check_refused(std::string_view bytes) {
  expect(bytes.substr(0, 13) == "HTTP/1.1 400 " || bytes.substr(0, 13) == "HTTP/1.1 405 ");
  const auto body = bytes.substr(bytes.find("\r\n\r\n") + 4);
  expect(bytes.find("Content-Length: " + std::to_string(body.size()) + "\r\n") != std::string_view::npos);
  expect(body.substr(0, 7) == "Invalid" || body.substr(0, 7) == "Missing");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  sio::ws::upgrade_request request;
  request.method = next_field(rest);
  request.upgrade = next_field(rest);
  request.key = next_field(rest);
  request.version = next_field(rest);
  if (!rest.empty()) request.protocols = rest;
  const auto answer = sio::ws::answer_upgrade(request);
  if (answer.accepted)
    check_accepted(request, answer.bytes);
  else
    check_refused(answer.bytes);
  return 0;
}
