// The XOR mask that a client lays over the payload of its frames (RFC 6455, 5.3).
#pragma once

#include <sio/config.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace sio {
inline namespace SIO_ABI {
namespace ws {

/// The four bytes of a mask; a client draws new ones for each frame.
using mask_key = std::array<char, 4>;

/// Masks or unmasks in place (the same thing); true if every byte is ASCII afterwards.
inline bool apply_mask(char* data, std::size_t size, mask_key key) noexcept {
  std::uint64_t wide = 0, seen = 0;
  std::memcpy(&wide, key.data(), 4);
  std::memcpy(reinterpret_cast<char*>(&wide) + 4, key.data(), 4);
  for (; size >= 8; data += 8, size -= 8) {
    std::uint64_t word;
    std::memcpy(&word, data, 8);
    word ^= wide;
    seen |= word;
    std::memcpy(data, &word, 8);
  }
  for (std::size_t i = 0; i != size; ++i) {
    data[i] = static_cast<char>(data[i] ^ key[i & 3]);
    seen |= static_cast<unsigned char>(data[i]);
  }
  return (seen & 0x8080808080808080u) == 0;
}

}  // namespace ws
}  // namespace SIO_ABI
}  // namespace sio
