// Frames as they leave: header, payload, and the control frames.
#pragma once

#include <sio/config.hpp>
#include <sio/ws/mask.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace ws {

enum class opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

/// The longest header: 2 bytes, 8 of length, 4 of mask.
inline constexpr std::size_t max_header = 14;
/// The most that a control frame may carry; for the reason of a close frame, two bytes less.
inline constexpr std::size_t max_control_payload = 125;

namespace detail {

/// 7 bits, or 126 and 2 bytes, or 127 and 8 bytes; the shortest that holds `size`.
inline std::size_t write_size(char* out, std::uint64_t size) noexcept {
  const std::size_t bytes = size < 126 ? 0 : size < 65536 ? 2 : 8;
  out[0] = static_cast<char>(bytes == 0 ? size : bytes == 2 ? 126 : 127);
  for (std::size_t i = 0; i != bytes; ++i) out[1 + i] = static_cast<char>(size >> (8 * (bytes - 1 - i)) & 0xff);
  return 1 + bytes;
}

/// As much of `text` as `limit` bytes hold without cutting a character in two.
inline std::string_view cut_utf8(std::string_view text, std::size_t limit) noexcept {
  if (text.size() <= limit) return text;
  while (limit != 0 && (static_cast<unsigned char>(text[limit]) & 0xc0) == 0x80) --limit;
  return text.substr(0, limit);
}

}  // namespace detail

/// Writes the header of a whole, unfragmented frame and returns its length. Servers give no key, clients must. RSV1
/// says that the payload is compressed.
inline std::size_t write_header(char (&out)[max_header], opcode op, std::uint64_t size,
                                std::optional<mask_key> key = std::nullopt, bool compressed = false) noexcept {
  out[0] = static_cast<char>(0x80 | (compressed ? 0x40 : 0) | static_cast<unsigned>(op));
  const std::size_t length = 1 + detail::write_size(out + 1, size);
  if (!key) return length;
  out[1] = static_cast<char>(static_cast<unsigned char>(out[1]) | 0x80);
  std::memcpy(out + length, key->data(), key->size());
  return length + key->size();
}

/// Appends a whole frame; with a key (a client's frame) it is masked, without (a server's) it is not.
inline void append_frame(std::string& out, opcode op, std::string_view payload,
                         std::optional<mask_key> key = std::nullopt, bool compressed = false) {
  char header[max_header];
  out.append(header, write_header(header, op, payload.size(), key, compressed));
  out.append(payload);
  if (key) apply_mask(out.data() + (out.size() - payload.size()), payload.size(), *key);
}

/// A ping; of `payload` no more than `max_control_payload` bytes are sent.
inline std::string ping_frame(std::string_view payload = {}, std::optional<mask_key> key = std::nullopt) {
  std::string out;
  append_frame(out, opcode::ping, payload.substr(0, max_control_payload), key);
  return out;
}

/// The answer to a ping: the same payload.
inline std::string pong_frame(std::string_view payload, std::optional<mask_key> key = std::nullopt) {
  std::string out;
  append_frame(out, opcode::pong, payload.substr(0, max_control_payload), key);
  return out;
}

/// A close frame. Without a code it is empty, and the peer sees 1005. A long reason is cut at a character.
inline std::string close_frame(std::optional<std::uint16_t> code = std::nullopt, std::string_view reason = {},
                               std::optional<mask_key> key = std::nullopt) {
  std::string payload, out;
  if (code) {
    payload += static_cast<char>(*code >> 8);
    payload += static_cast<char>(*code & 0xff);
    payload += detail::cut_utf8(reason, max_control_payload - 2);
  }
  append_frame(out, opcode::close, payload, key);
  return out;
}

}  // namespace ws
}  // namespace SIO_ABI
}  // namespace sio
