// Any header values as an upgrade request: the answer is one of few, echoes only a token that was offered, and agrees
// only to an extension that was offered, within its terms.
#include <sio/ws/handshake.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
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

bool offered(const sio::ws::upgrade_request& request, std::string_view name) {
  return request.extensions && request.extensions->find(name) != std::string_view::npos;
}

/// One element, `permessage-deflate`, with parameters that were offered or wished; a client can read it.
void check_extension(const sio::ws::upgrade_request& request, const sio::ws::deflate_wishes& wishes,
                     const sio::ws::deflate_terms& terms, std::string_view answer) {
  sio::ws::extension_reader reader(answer);
  const auto read = reader.next();
  expect(read && !reader.next() && !reader.failed() && read->name == "permessage-deflate");
  expect(offered(request, read->name));
  const bool wished = wishes.server_bits.has_value();  // all, or none
  for (const auto& p : read->parameters)
    expect(offered(request, p.name) || (wished && p.name != "client_max_window_bits"));
  for (const int bits : {terms.server_bits, terms.client_bits}) expect(8 <= bits && bits <= (wished ? 10 : 15));
  expect(!wished || (terms.server_no_context && terms.client_no_context));
  const auto theirs = sio::ws::read_deflate_answer(answer, {});
  expect(theirs && theirs->server_bits == terms.server_bits && theirs->client_bits == terms.client_bits);
  expect(theirs->server_no_context == terms.server_no_context && theirs->client_no_context == terms.client_no_context);
}

/// The value of the header at the front, and what follows it; nothing if another header is there.
std::optional<std::string_view> take_header(std::string_view& bytes, std::string_view name) {
  if (bytes.substr(0, name.size()) != name) return std::nullopt;
  bytes.remove_prefix(name.size());
  const auto end = bytes.find("\r\n");
  const auto value = bytes.substr(0, end);
  bytes.remove_prefix(end + 2);
  return value;
}

void check_accepted(const sio::ws::upgrade_request& request, const sio::ws::deflate_wishes& wishes,
                    const sio::ws::upgrade_answer& answer) {
  std::string_view bytes = answer.bytes;
  std::string expected = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";
  expected += "Sec-WebSocket-Accept: " + sio::ws::accept_key(request.key) + "\r\n";
  expect(bytes.substr(0, expected.size()) == expected);
  bytes.remove_prefix(expected.size());
  const auto echoed = take_header(bytes, "Sec-WebSocket-Protocol: ");
  expect(echoed.has_value() == request.protocols.has_value());
  if (echoed) {
    expect(!echoed->empty() && echoed->find_first_of("\r\n \t,;\"\0", 0, 8) == std::string_view::npos);
    expect(request.protocols->find(*echoed) != std::string_view::npos);
  }
  const auto extension = take_header(bytes, "Sec-WebSocket-Extensions: ");
  expect(extension.has_value() == answer.deflate.has_value());
  if (extension) check_extension(request, wishes, *answer.deflate, *extension);
  expect(bytes == "\r\n");
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
  const std::string_view protocols = next_field(rest);
  if (!protocols.empty()) request.protocols = protocols;
  if (!rest.empty()) request.extensions = rest;
  for (const sio::ws::deflate_wishes& wishes :
       {sio::ws::deflate_wishes{}, sio::ws::deflate_wishes{true, true, 10, 9}}) {
    const auto answer = sio::ws::answer_upgrade(request, {}, &wishes);
    if (answer.accepted)
      check_accepted(request, wishes, answer);
    else
      check_refused(answer.bytes);
    const auto terms = sio::ws::read_deflate_answer(rest, wishes);
    if (terms) expect(8 <= terms->client_bits && terms->client_bits <= wishes.client_bits.value_or(15));
  }
  return 0;
}
