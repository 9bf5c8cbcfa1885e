// Counts the handles of what they stand for; it is told when the last one goes, before that one has gone.
#pragma once

#include <sio/config.hpp>

#include <atomic>
#include <cstddef>

namespace sio {
inline namespace SIO_ABI {
namespace cln {

class handles {
 public:
  void add() noexcept { count_.fetch_add(1, std::memory_order_relaxed); }
  bool any() const noexcept { return count_.load(std::memory_order_acquire) != 0; }
  /// The same, unless the last one has gone already.
  bool add_another() noexcept {
    std::size_t now = count_.load(std::memory_order_relaxed);
    while (now != 0)
      if (count_.compare_exchange_weak(now, now + 1, std::memory_order_acq_rel)) return true;
    return false;
  }
  /// Whether that was the last one: true once.
  bool remove() noexcept { return count_.fetch_sub(1, std::memory_order_acq_rel) == 1 && !over_.exchange(true); }

 private:
  std::atomic<std::size_t> count_{0};
  std::atomic<bool> over_{false};
};

}  // namespace cln
}  // namespace SIO_ABI
}  // namespace sio
