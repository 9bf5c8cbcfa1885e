// What a connection has to write: small pieces are gathered in one buffer, large shared ones are pointed to.
#pragma once

#include <sio/config.hpp>

#include <asio/buffer.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace net {

class output {
 public:
  static constexpr std::size_t max_parts = 16;     ///< buffers of one gathered write
  static constexpr std::size_t copied = 4 * 1024;  ///< shared bytes up to this size are copied: cheaper than a part

  bool empty() const noexcept { return size_ == 0; }
  std::size_t size() const noexcept { return size_; }

  void append(std::string_view bytes) {
    if (bytes.empty()) return;
    tail().append(bytes);
    size_ += bytes.size();
  }

  void append(const std::shared_ptr<const std::string>& bytes) {
    if (!bytes) return;
    if (bytes->size() <= copied) return append(std::string_view(*bytes));
    parts_.push_back({{}, bytes});
    size_ += bytes->size();
  }

  /// The oldest bytes, for one write.
  std::size_t gather(std::array<asio::const_buffer, max_parts>& parts) const noexcept {
    std::size_t count = 0;
    for (std::size_t i = first_; i != parts_.size() && count != max_parts; ++i) {
      const std::string_view left = parts_[i].view().substr(count == 0 ? written_ : 0);
      parts[count++] = asio::const_buffer(left.data(), left.size());
    }
    return count;
  }

  /// Forgets the oldest `n` bytes: they were written.
  void consume(std::size_t n) {
    size_ -= n;
    written_ += n;
    while (first_ != parts_.size() && written_ >= parts_[first_].view().size()) {
      written_ -= parts_[first_].view().size();
      parts_[first_++] = {};
    }
    if (size_ == 0) clear();
  }

  void clear() noexcept {
    parts_ = {};  // an idle connection holds no buffer
    size_ = written_ = first_ = 0;
  }

 private:
  struct part {
    std::string own;
    std::shared_ptr<const std::string> shared;
    std::string_view view() const noexcept { return shared ? std::string_view(*shared) : std::string_view(own); }
  };

  std::string& tail() {
    if (parts_.empty() || first_ == parts_.size() || parts_.back().shared) parts_.emplace_back();
    return parts_.back().own;
  }

  std::vector<part> parts_;  // those before `first_` are written
  std::size_t size_ = 0, written_ = 0, first_ = 0;
};

}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio
