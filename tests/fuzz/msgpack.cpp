// Bytes as MessagePack and as a packet: what is read is written and read again as the same.
#include <sio/msgpack/packets.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

std::string written(const sio::value& v) {
  std::string out;
  sio::msgpack::write(out, v);
  return out;
}

// A double that is whole comes back as an integer: what is compared are the bytes.
void check_value(std::string_view bytes) {
  const auto v = sio::msgpack::read(bytes, 100);
  if (!v) return;
  const std::string once = written(*v);
  const auto again = sio::msgpack::read(once, 100);
  require(again && written(*again) == once);
}

void check_packet(std::string_view bytes) {
  std::string error;
  const auto p = sio::msgpack::decode(bytes, 100, error);
  require(p.has_value() == error.empty());
  if (!p) return;
  require(p->type <= sio::packet_type::connect_error && (!p->id || *p->id <= 9'007'199'254'740'991));
  require(!p->data || sio::parser::fits(p->type, *p->data));
  const std::string once = sio::msgpack::encode(*p);
  const auto again = sio::msgpack::decode(once, 100, error);
  require(again && again->type == p->type && again->nsp == p->nsp && again->id == p->id);
  require(sio::msgpack::encode(*again) == once);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  check_value(bytes);
  check_packet(bytes);
  return 0;
}
