// What handles on any thread need of what they stand for: to be counted, and to let go of it on its loop.
#pragma once

#include <sio/net/loop.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>

namespace sio {
inline namespace SIO_ABI {
namespace cln {

/// It is told when the last one goes, before that one has gone.
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

/// The one pointer for all handles: whoever lets go of it last, what it points to goes on the loop.
template <class T>
class home {
 public:
  std::shared_ptr<T> of(const std::shared_ptr<T>& what, net::loop& l) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (auto known = known_.lock()) return known;
    const auto made = l.at_home(what);
    known_ = made;
    return made;
  }

 private:
  std::mutex mutex_;
  std::weak_ptr<T> known_;
};

}  // namespace cln
}  // namespace SIO_ABI
}  // namespace sio
