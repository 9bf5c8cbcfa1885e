// How long to wait before each attempt to connect again: JS's formula (backo2).
#pragma once

#include <sio/config.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>

namespace sio {
inline namespace SIO_ABI {
namespace cln {

// ms = first * 2^attempts;  dev = floor(r * jitter * ms);  ms -+ dev, by the first decimal of r;  no more than most
class backoff {
 public:
  using milliseconds = std::chrono::milliseconds;

  /// A `jitter` that is not within 0 and 1 counts as 0.
  backoff(milliseconds first, milliseconds most, double jitter) noexcept
      : first_(first), most_(most), jitter_(jitter) {}

  /// How often `next` was called since the last `reset`.
  unsigned attempts() const noexcept { return attempts_; }
  void reset() noexcept { attempts_ = 0; }
  void set_first(milliseconds first) noexcept { first_ = first; }
  void set_most(milliseconds most) noexcept { most_ = most; }
  void set_jitter(double jitter) noexcept { jitter_ = jitter; }

  /// The next delay, never below 0; `random()` gives a number in [0, 1), and is asked only if there is jitter.
  template <class Random>
  milliseconds next(Random&& random) {
    double delay = std::ldexp(static_cast<double>(first_.count()), static_cast<int>(std::min(attempts_, max_power)));
    if (attempts_ != std::numeric_limits<unsigned>::max()) ++attempts_;
    if (jitter_ > 0 && jitter_ <= 1) delay = shake(delay, random());
    if (!(delay < static_cast<double>(most_.count()))) return std::max(most_, milliseconds(0));
    return milliseconds(delay > 0 ? static_cast<std::int64_t>(delay) : 0);
  }

 private:
  static constexpr unsigned max_power =
      512;  // JS's delay is 0 again from the thousandth attempt on: infinity - infinity

  double shake(double delay, double random) const noexcept {
    const double deviation = std::floor(random * jitter_ * delay);
    return std::fmod(std::floor(random * 10), 2) == 0 ? delay - deviation : delay + deviation;
  }

  milliseconds first_, most_;
  double jitter_;
  unsigned attempts_ = 0;
};

}  // namespace cln
}  // namespace SIO_ABI
}  // namespace sio
