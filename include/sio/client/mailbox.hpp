// Where a client's user code runs: at once on the loop, or later on the thread that polls.
#pragma once

#include <sio/client_options.hpp>
#include <sio/events/listeners.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace cln {

class mailbox {
 public:
  explicit mailbox(const client_options& options) : polled_(options.delivery == delivery::poll), wake_(options.wake) {}

  /// Whether user code runs at once.
  bool direct() const noexcept { return !polled_; }

  /// On the loop. Once shut, nothing runs any more.
  template <class F>
  void run(F&& f) {
    if (shut_.load(std::memory_order_acquire)) return;
    if (direct()) return f();
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (shut_.load(std::memory_order_relaxed)) return;
      waiting_.emplace_back(std::forward<F>(f));
    }
    if (wake_) events::run_user_code([&]() -> std::optional<std::string> { return wake_(), std::nullopt; });
  }

  /// Runs at most `most` of what waits; what comes meanwhile waits for the next call. Nothing while another thread
  /// polls.
  std::size_t poll(std::size_t most) {
    if (direct()) throw std::logic_error("sio: client::poll is for clients whose option `delivery` is delivery::poll");
    const turn mine(polled_by_);
    if (!mine.allowed) return 0;
    std::size_t left = (std::min)(most, size()), ran = 0;
    for (; left != 0; --left) {
      const std::function<void()> next = take();
      if (!next) break;
      next();
      ++ran;
    }
    return ran;
  }

  void shut() {
    std::deque<std::function<void()>> dead;  // what they hold may call anything as it goes, so it goes last
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      shut_.store(true, std::memory_order_release);
      dead.swap(waiting_);
    }
  }

 private:
  /// One thread's poll: it may poll within it, others may not meanwhile.
  struct turn {
    explicit turn(std::atomic<std::thread::id>& by) : by_(by) {
      std::thread::id nobody;
      outer_ = by_.compare_exchange_strong(nobody, std::this_thread::get_id());
      allowed = outer_ || nobody == std::this_thread::get_id();
    }
    turn(const turn&) = delete;
    turn& operator=(const turn&) = delete;
    ~turn() {
      if (outer_) by_.store(std::thread::id());
    }
    bool allowed;

   private:
    std::atomic<std::thread::id>& by_;
    bool outer_;
  };

  std::size_t size() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return waiting_.size();
  }
  std::function<void()> take() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (waiting_.empty()) return nullptr;
    std::function<void()> first = std::move(waiting_.front());
    waiting_.pop_front();
    return first;
  }

  bool polled_;
  std::function<void()> wake_;
  std::atomic<bool> shut_{false};
  std::atomic<std::thread::id> polled_by_{std::thread::id()};
  mutable std::mutex mutex_;
  std::deque<std::function<void()>> waiting_;
};

}  // namespace cln
}  // namespace SIO_ABI
}  // namespace sio
