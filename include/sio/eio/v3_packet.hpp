// Engine.IO v3 packets, where they differ from v4's: a binary one has its type. 04 01 02 or b4AQI=
#pragma once

#include <sio/config.hpp>
#include <sio/eio/base64.hpp>
#include <sio/eio/packet.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace eio {
namespace v3 {

/// The packet in a text: `4hello`, or base64 `b4AQI=`, whose bytes then lie in `scratch`.
inline std::optional<packet> decode(std::string_view text, std::string& scratch) {
  if (text.empty() || text[0] != 'b') return eio::decode(text);
  std::optional<packet> out = eio::decode(text.substr(1));
  if (!out) return std::nullopt;
  scratch.clear();
  base64::decode(scratch, out->data);
  return packet{out->type, scratch, true};
}

/// The packet in a binary frame: `04 01 02` -> message 01 02.
inline std::optional<packet> decode_binary(std::string_view bytes) noexcept {
  if (bytes.empty() || static_cast<unsigned char>(bytes[0]) > 6) return std::nullopt;
  return packet{static_cast<packet_type>(bytes[0]), bytes.substr(1), true};
}

/// Adds the packet as text: `4hello`, `b4AQI=`.
inline void append_text(std::string& out, const encoded_packet& p) {
  if (!p.binary()) {
    out += p.bytes();
    return;
  }
  out += "b4";
  base64::encode(out, p.bytes());
}

/// Adds a binary message as bytes: `04 01 02`.
inline void append_binary(std::string& out, const encoded_packet& p) {
  out += static_cast<char>(packet_type::message);
  out += p.bytes();
}

}  // namespace v3
}  // namespace eio
}  // namespace SIO_ABI
}  // namespace sio
