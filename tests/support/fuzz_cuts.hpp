// For fuzzers: a property that must hold, and cuttings of the input that the input itself chooses.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace test {

inline void require(bool holds) {
  if (!holds) std::abort();
}

/// The first two bytes choose the pieces, the rest is the input.
class cuts {
 public:
  cuts(const std::uint8_t* data, std::size_t size) {
    for (std::size_t i = 0; i != std::min<std::size_t>(size, 2); ++i) state_ = state_ * 256 + data[i];
    if (size > 2) rest_ = std::string_view(reinterpret_cast<const char*>(data) + 2, size - 2);
  }

  std::string_view rest() const noexcept { return rest_; }

  /// The size of the next piece: small as a rule, 1 to `left`.
  std::size_t next(std::size_t left) noexcept {
    state_ = state_ * 1'664'525U + 1'013'904'223U;
    const std::uint32_t drawn = state_ >> 16;
    const std::size_t size = drawn % 4 == 0 ? 1 + drawn / 4 % 200 : 1 + drawn / 4 % 5;
    return std::min(size, left);
  }

 private:
  std::uint32_t state_ = 1;
  std::string_view rest_;
};

}  // namespace test
