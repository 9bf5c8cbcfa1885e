// The common case read without copy or allocation: one whole, unfragmented text or binary frame in the buffer.
#pragma once

#include <sio/config.hpp>
#include <sio/unicode/utf8.hpp>
#include <sio/ws/limits.hpp>
#include <sio/ws/mask.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace ws {
namespace detail {

struct plain_frame {
  std::string_view payload;  // views the buffer, unmasked
  std::size_t used = 0;      // header and payload
  bool text = false;
  bool valid = true;  // false: a text that is no UTF-8
};

/// The length that follows a first byte 81 or 82: `05`, `fe 01 00`, `ff 00 00 00 00 00 01 00 00`.
struct plain_length {
  std::uint64_t payload = 0;
  std::size_t header = 0;  // with the two first bytes; 0: not minimal, or not all there
};

inline plain_length read_plain_length(const unsigned char* p, std::size_t n) noexcept {
  const unsigned short_form = p[1] & 0x7fu;
  if (short_form < 126) return {short_form, 2};
  const std::size_t header = short_form == 126 ? 4 : 10;
  if (n < header) return {};
  std::uint64_t length = 0;
  for (std::size_t i = 2; i != header; ++i) length = length << 8 | p[i];
  return length < (header == 4 ? 126u : 65536u) ? plain_length{} : plain_length{length, header};
}

/// The frame at the front of the buffer, unmasked in place; nothing, and nothing touched, if it is not of the
/// plain kind, is not all there, or breaks a rule: `codec` reads it then.
inline std::optional<plain_frame> read_plain_frame(role me, char* data, std::size_t n,
                                                   std::size_t max_message) noexcept {
  const auto* p = reinterpret_cast<const unsigned char*>(data);
  if (n < 2 || (p[0] != 0x81 && p[0] != 0x82)) return std::nullopt;
  const bool masked = (p[1] & 0x80) != 0;
  if (masked != (me == role::server)) return std::nullopt;
  const plain_length length = read_plain_length(p, n);
  const std::size_t header = length.header + (masked ? 4 : 0);
  if (length.header == 0 || n < header || length.payload > max_message || length.payload > n - header)
    return std::nullopt;

  const auto size = static_cast<std::size_t>(length.payload);
  plain_frame frame{{data + header, size}, header + size, p[0] == 0x81};
  bool ascii = false;
  if (masked) {
    mask_key key;
    std::memcpy(key.data(), data + length.header, key.size());
    ascii = apply_mask(data + header, size, key);
  }
  frame.valid = !frame.text || ascii || unicode::is_utf8(frame.payload);
  return frame;
}

}  // namespace detail
}  // namespace ws
}  // namespace SIO_ABI
}  // namespace sio
