// When a connection that broke is tried again: attempts, delays, and whether anybody wants it.
#pragma once

#include <sio/client/backoff.hpp>
#include <sio/client_options.hpp>
#include <sio/net/loop.hpp>
#include <sio/net/random.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace cln {

/// Lives in its manager, on the loop.
class reconnection {
 public:
  reconnection(std::shared_ptr<net::loop> l, const client_options& o, std::function<void()> ring)
      : loop_(std::move(l)), backoff_(o.reconnection_delay, o.reconnection_delay_max, o.randomization_factor),
        most_(o.reconnection_attempts), enabled_(o.reconnection), timer_(loop_->timers(), std::move(ring)) {
    set_most(most_);
  }

  /// Whether an attempt is waited for, or under way.
  bool active() const noexcept { return active_; }
  bool enabled() const noexcept { return enabled_; }
  bool skipped() const noexcept { return skipped_; }
  unsigned attempts() const noexcept { return backoff_.attempts(); }

  void enable(bool on) noexcept {
    enabled_ = on;
    if (!on) skip();
  }
  void set_first(std::chrono::milliseconds delay) noexcept { backoff_.set_first(delay); }
  void set_longest(std::chrono::milliseconds delay) noexcept { backoff_.set_most(delay); }
  void set_jitter(double factor) noexcept { backoff_.set_jitter(factor); }
  /// 0 is without end, as in JS.
  void set_most(unsigned attempts) noexcept {
    most_ = attempts == 0 ? (std::numeric_limits<unsigned>::max)() : attempts;
  }

  /// Somebody opens the connection: it is wanted.
  void want() noexcept { skipped_ = false; }
  /// Somebody closed it.
  void skip() noexcept {
    skipped_ = true;
    active_ = false;
    timer_.cancel();
  }
  void reset() noexcept { backoff_.reset(); }

  /// Sets the timer for the next attempt. False if there were enough.
  bool schedule() {
    if (backoff_.attempts() >= most_) return reset(), active_ = false;
    active_ = true;
    const auto random = [] { return net::random_fraction(); };
    timer_.expires_at(loop_->now() + backoff_.next(random));
    return true;
  }
  /// The attempt is over. Returns its number.
  unsigned end(bool well) noexcept {
    active_ = false;
    const unsigned number = backoff_.attempts();
    if (well) reset();
    return number;
  }

 private:
  std::shared_ptr<net::loop> loop_;
  cln::backoff backoff_;
  unsigned most_;
  bool enabled_, active_ = false, skipped_ = false;
  net::timer timer_;
};

}  // namespace cln
}  // namespace SIO_ABI
}  // namespace sio
