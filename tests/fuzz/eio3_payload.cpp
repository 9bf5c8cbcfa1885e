// A v3 polling body, text or bytes: what is read from it and joined again says the same; so do forms and scripts.
#include <sio/eio/v3_payload.hpp>
#include <sio/server/jsonp.hpp>

#include <support/fuzz_cuts.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eio = sio::eio;
using test::require;

namespace {

constexpr std::size_t max_packets = 64;

struct contents {
  std::vector<eio::encoded_packet> packets;
  std::size_t others = 0;  // binary packets that are no messages: nobody sends such
  bool failed = false;
};

contents split(std::string_view body, bool binary) {
  eio::v3::payload_reader reader(body, binary, max_packets);
  contents out;
  while (const std::optional<eio::packet> p = reader.next()) {
    require(!reader.failed() && p->data.size() <= body.size());
    if (p->binary && p->type != eio::packet_type::message)
      ++out.others;
    else if (p->binary)
      out.packets.emplace_back(std::make_shared<const std::string>(p->data), true);
    else
      out.packets.emplace_back(static_cast<char>('0' + static_cast<int>(p->type)) + std::string(p->data));
  }
  out.failed = reader.failed();
  require(out.packets.size() + out.others <= max_packets && !reader.next());
  return out;
}

void check_round_trip(const std::vector<eio::encoded_packet>& packets, bool base64) {
  const eio::v3::payload joined = eio::v3::encode_payload(packets, base64);
  const contents again = split(joined.body, joined.binary);
  require(!again.failed && again.others == 0 && again.packets.size() == packets.size());
  for (std::size_t i = 0; i != packets.size(); ++i)
    require(again.packets[i].bytes() == packets[i].bytes() && again.packets[i].binary() == packets[i].binary());
}

void check(std::string_view body, bool binary) {
  const contents found = split(body, binary);
  if (found.packets.empty()) return;
  check_round_trip(found.packets, false);
  check_round_trip(found.packets, true);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(bytes), size);
  check(sio::unicode::to_valid_utf8(body), false);
  check(body, true);
  if (const std::optional<std::string> payload = sio::srv::jsonp::unwrap(body)) check(*payload, false);
  const std::string script = sio::srv::jsonp::wrap(sio::srv::jsonp::index(body.substr(0, 8)), body);
  require(script.find('\n') == std::string::npos && script.find("\xe2\x80\xa8") == std::string::npos);
  require(script.find("\xe2\x80\xa9") == std::string::npos && sio::unicode::is_utf8(script));
  return 0;
}
