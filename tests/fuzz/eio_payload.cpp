// A polling body: taken apart and joined again it is the same; base64 gives its bytes back.
#include <sio/eio/payload.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eio = sio::eio;

namespace {

constexpr std::size_t max_packets = 64;

void require(bool holds) {
  if (!holds) std::abort();
}

eio::encoded_packet encode(const eio::packet& p) {
  if (p.binary) return {std::make_shared<const std::string>(p.data), true};
  return eio::encoded_packet(static_cast<char>('0' + static_cast<int>(p.type)) + std::string(p.data));
}

struct contents {
  std::vector<eio::encoded_packet> packets;
  bool binary = false;
  bool failed = false;
};

contents split(std::string_view body) {
  eio::payload_reader reader(body, max_packets);
  contents out;
  while (const std::optional<eio::packet> p = reader.next()) {
    require(!reader.failed());
    out.packets.push_back(encode(*p));
    out.binary |= p->binary;
  }
  out.failed = reader.failed();
  require(out.packets.size() <= max_packets && !reader.next());
  return out;
}

std::string join(const std::vector<eio::encoded_packet>& packets) {
  std::string out;
  for (const eio::encoded_packet& p : packets) {
    const std::size_t before = out.empty() ? 0 : out.size() + 1;
    eio::append(out, p);
    require(out.size() == before + eio::payload_size(p));
  }
  return out;
}

void check_base64(std::string_view bytes) {
  std::string text;
  eio::base64::encode(text, bytes);
  require(text.size() == eio::base64::encoded_size(bytes.size()));
  std::string back;
  eio::base64::decode(back, text);
  require(back == bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(bytes), size);
  check_base64(body);
  const contents first = split(body);
  const std::string joined = join(first.packets);
  if (!first.failed && !first.binary) require(joined == body);  // base64 is read leniently, written in one way
  if (first.packets.empty()) return 0;
  const contents second = split(joined);
  require(!second.failed && second.packets.size() == first.packets.size());
  require(join(second.packets) == joined);
  return 0;
}
