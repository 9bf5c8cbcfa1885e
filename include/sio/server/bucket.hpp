// How much may come in a second: a bucket that fills by itself and that each packet takes from.
#pragma once

#include <sio/config.hpp>

#include <algorithm>
#include <chrono>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

class bucket {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  using seconds = std::chrono::duration<double>;

  /// Begins full: what comes in `burst` may come at once. A rate of 0 means: no limit.
  bucket(double per_second, std::chrono::milliseconds burst, time_point now) noexcept
      : per_second_(per_second), most_(std::max(1.0, per_second * seconds(burst).count())), level_(most_),
        filled_(now) {}

  /// Takes `amount`, also beyond what is there. Returns when what was taken too much will have come back: not after
  /// `now` if it was there.
  time_point take(double amount, time_point now) noexcept {
    if (per_second_ <= 0) return now;
    level_ = std::min(most_, level_ + per_second_ * seconds(now - filled_).count());
    filled_ = now;
    level_ -= amount;
    if (level_ >= 0) return now;
    constexpr double a_day = 86'400;  // what a peer took too much is paid back by then, whatever it took
    const seconds owed(std::min(a_day, -level_ / per_second_));
    return now + std::chrono::duration_cast<time_point::duration>(owed) + std::chrono::milliseconds(1);
  }
  /// Whether nothing was taken that has not come back.
  bool full(time_point now) const noexcept { return level_ + per_second_ * seconds(now - filled_).count() >= most_; }

 private:
  double per_second_, most_, level_;
  time_point filled_;
};

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
