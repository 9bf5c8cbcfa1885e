// How late the loop is: a timer that notes when it really rings.
#pragma once

#include <sio/ends/log.hpp>
#include <sio/net/loop.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

class pulse {
 public:
  pulse(const std::shared_ptr<net::loop>& l, std::chrono::milliseconds interval, std::shared_ptr<const ends::log> lg)
      : loop_(*l), log_(std::move(lg)), interval_(interval), timer_(l->timers(), [this] { beat(); }) {}

  /// To be called on the loop, as all of this.
  void start() {
    if (interval_.count() == 0) return;
    due_ = loop_.now() + interval_;
    timer_.expires_at(due_);
  }
  void stop() noexcept { timer_.cancel(); }

 private:
  void beat() {
    metrics& counts = log_->counts();
    counts.loop_lag = std::chrono::duration_cast<std::chrono::microseconds>(loop_.now() - due_);
    counts.loop_lag_max = std::max(counts.loop_lag_max, counts.loop_lag);
    start();
  }

  net::loop& loop_;
  std::shared_ptr<const ends::log> log_;
  std::chrono::milliseconds interval_;
  net::time_point due_{};
  net::timer timer_;
};

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
