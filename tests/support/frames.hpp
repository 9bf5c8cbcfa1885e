// Hand-made WebSocket frames, right or wrong, and what a reader makes of them in any pieces.
#pragma once

#include <sio/ws/reader.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace frames {

inline constexpr std::array<unsigned char, 4> key = {0x37, 0xfa, 0x21, 0x3d};

inline std::string bytes(std::initializer_list<unsigned> values) {
  std::string out;
  for (const unsigned v : values) out += static_cast<char>(v);
  return out;
}

/// `length_bytes`: 0, 2 or 8 to choose the form of the length, right or wrong.
inline std::string header(unsigned first, std::uint64_t size, unsigned length_bytes, bool masked) {
  std::string out = bytes({first});
  out += static_cast<char>((length_bytes == 0 ? size : length_bytes == 2 ? 126 : 127) | (masked ? 0x80 : 0));
  for (unsigned i = length_bytes; i-- != 0;) out += static_cast<char>(size >> (8 * i) & 0xff);
  if (masked) out.append(reinterpret_cast<const char*>(key.data()), 4);
  return out;
}

inline unsigned minimal(std::uint64_t size) { return size < 126 ? 0 : size < 65536 ? 2 : 8; }

/// A frame from a server.
inline std::string naked(unsigned first, std::string_view payload) {
  return header(first, payload.size(), minimal(payload.size()), false).append(payload);
}

/// A frame from a client.
inline std::string masked(unsigned first, std::string_view payload) {
  std::string out = header(first, payload.size(), minimal(payload.size()), true);
  for (std::size_t i = 0; i != payload.size(); ++i)
    out += static_cast<char>(static_cast<unsigned char>(payload[i]) ^ key[i % 4]);
  return out;
}

/// All that a reader said: `text hello`, `close 1000 bye`, and the error that ended it.
struct story {
  std::vector<std::string> events;
  std::optional<std::uint16_t> error;
  std::string error_text;
  bool mid_message = false;
};

inline bool operator==(const story& a, const story& b) {
  return a.events == b.events && a.error == b.error && a.error_text == b.error_text && a.mid_message == b.mid_message;
}

inline std::string tell(const sio::ws::received& r) {
  using kind = sio::ws::received::kind;
  const std::string payload(r.payload);
  switch (r.type) {
    case kind::text: return "text " + payload;
    case kind::binary: return "binary " + payload;
    case kind::ping: return "ping " + payload;
    case kind::pong: return "pong " + payload;
    case kind::close: return "close " + std::to_string(r.close_code) + " " + payload;
  }
  return {};
}

inline void feed(sio::ws::reader& r, std::string piece, std::vector<std::string>& events) {
  for (std::size_t at = 0; at < piece.size() && !r.error();) {
    at += r.consume(piece.data() + at, piece.size() - at);
    if (const auto* event = r.take()) events.push_back(tell(*event));
  }
}

/// Feeds `wire` in pieces; the last size of `cuts` is repeated.
inline story read(sio::ws::role me, const sio::ws::limits& bounds, std::string_view wire,
                  const std::vector<std::size_t>& cuts = {std::string_view::npos},
                  const std::optional<sio::ws::deflate_terms>& agreed = std::nullopt) {
  sio::ws::reader r(me, bounds, agreed);
  story out;
  for (std::size_t i = 0; !wire.empty(); ++i) {
    const std::size_t size = std::min(wire.size(), cuts[std::min(i, cuts.size() - 1)]);
    feed(r, std::string(wire.substr(0, size)), out.events);
    wire.remove_prefix(size);
  }
  out.error = r.error();
  out.error_text = r.error_text();
  out.mid_message = r.mid_message();
  return out;
}

}  // namespace frames
