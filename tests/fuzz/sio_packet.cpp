// One text as a Socket.IO packet, its attachments supplied: what is accepted is written and read again as the same.
#include <sio/parser/decoder.hpp>
#include <sio/parser/encoder.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parser = sio::parser;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

// The frames of a packet, one after the other.
std::string wire(const parser::encoded& e) {
  std::string out(e.head.bytes());
  for (const auto& a : e.attachments) out.append(1, '|').append(a.bytes());
  return out;
}

std::optional<parser::packet> decode_again(const parser::encoded& e) {
  parser::decoder_limits limits;
  limits.max_attachments = 1'000'000;  // the same attachment may stand in many places
  parser::decoder decoder(limits);
  std::optional<parser::packet> out = decoder.add(e.head.bytes().substr(1), false);
  for (const auto& a : e.attachments) {
    require(!out && decoder.waiting());
    out = decoder.add(a.bytes(), true);
  }
  return out;
}

void check(const parser::packet& p) {
  require(p.type != parser::packet_type::binary_event && p.type != parser::packet_type::binary_ack);
  require(!p.id || *p.id <= 9'007'199'254'740'991);
  require(!p.nsp.empty() && p.nsp[0] == '/' && p.nsp.size() <= 1024);
  const parser::encoded written = parser::encode(p);
  const std::optional<parser::packet> again = decode_again(written);
  require(again && again->type == p.type && again->nsp == p.nsp && again->id == p.id);
  require(again->data.has_value() == p.data.has_value());
  require(wire(parser::encode(*again)) == wire(written));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  parser::decoder decoder;
  std::optional<parser::packet> p = decoder.add(text, false);
  require(!(p && decoder.failed()));
  std::size_t attachments = 0;
  while (decoder.waiting()) {
    require(!p && ++attachments <= 10);
    p = decoder.add(text.substr(0, attachments), true);
  }
  require(p.has_value() != decoder.failed());
  if (p) check(*p);
  return 0;
}
