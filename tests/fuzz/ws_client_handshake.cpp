// Any answer to an upgrade: only a 101 with the right key, and with what was offered, makes a WebSocket.
#include <sio/http/response_head.hpp>
#include <sio/ws/client_handshake.hpp>
#include <support/fuzz_cuts.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace http = sio::http;
namespace ws = sio::ws;
using test::require;

namespace {

const std::string key = "dGhlIHNhbXBsZSBub25jZQ==";
const std::string accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

void check_accepted(const ws::client_offer& offer, const http::response_head& head, const ws::client_verdict& verdict) {
  require(head.status == 101 && head.upgrade_websocket && head["Sec-WebSocket-Accept"] == accept);
  const auto& offered = offer.protocols;
  require(offered.empty() ? verdict.protocol.empty()
                          : std::find(offered.begin(), offered.end(), verdict.protocol) != offered.end());
  require(verdict.deflate.has_value() == (head.find("Sec-WebSocket-Extensions") != nullptr));
  if (!verdict.deflate) return;
  require(offer.deflate.has_value());
  for (const int bits : {verdict.deflate->server_bits, verdict.deflate->client_bits}) require(8 <= bits && bits <= 15);
}

}  // namespace

// The fields of a 101 that has the rest.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  ws::client_offer offer{key, {}};
  if (data[0] & 1) offer.protocols = {"chat", "superchat"};
  if (data[0] & 2) offer.deflate.emplace();
  std::string bytes = "HTTP/1.1 101 Switching Protocols\r\n";
  if (data[0] & 4) bytes += "Upgrade: websocket\r\nConnection: Upgrade\r\n";
  if (data[0] & 8) bytes += "Sec-WebSocket-Accept: " + accept + "\r\n";
  bytes.append(reinterpret_cast<const char*>(data) + 1, size - 1).append("\r\n");
  http::response_parser parser;
  http::response_head head;
  if (parser.parse(bytes, {}, head).what != http::response_parser::outcome::complete) return 0;
  const ws::client_verdict verdict = ws::judge_answer(offer, head);
  if (verdict.error.empty()) check_accepted(offer, head, verdict);
  return 0;
}
