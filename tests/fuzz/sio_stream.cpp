// Texts and binaries in any order into one decoder. The input is records: kind, length (two bytes), so many bytes.
#include <sio/parser/decoder.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace parser = sio::parser;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

struct record {
  bool binary;
  std::string_view message;
};

std::optional<record> take(std::string_view& rest) {
  if (rest.size() < 3) return std::nullopt;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(rest[i]); };
  const std::size_t length = std::size_t{byte(1)} << 8 | byte(2);
  const record out{(byte(0) & 1) != 0, rest.substr(3, length)};
  rest.remove_prefix(3 + out.message.size());
  return out;
}

// What must hold whatever came: between calls a decoder is idle, waiting, or dead for good.
class watched_decoder {
 public:
  explicit watched_decoder(const parser::decoder_limits& limits) : decoder_(limits) {}

  void add(const record& r) {
    const bool was_waiting = decoder_.waiting();
    const std::string error(decoder_.error());
    const std::optional<parser::packet> p = decoder_.add(r.message, r.binary);
    if (!error.empty()) require(!p && decoder_.error() == error);
    if (decoder_.failed()) return require(!p && !decoder_.waiting() && !decoder_.error().empty());
    require(was_waiting == r.binary);
    require(p.has_value() != decoder_.waiting());
    pending_ = !decoder_.waiting() ? 0 : r.binary ? pending_ + 1 : 0;
    require(pending_ < 10);
  }

 private:
  parser::decoder decoder_;
  std::size_t pending_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(bytes), size);
  parser::decoder_limits limits;
  limits.max_attachment_bytes = 4096;
  watched_decoder decoder(limits);
  while (const std::optional<record> r = take(rest)) decoder.add(*r);
  return 0;
}
