// The server's heartbeat (engine.io-protocol v4): a ping each interval, a pong within the timeout.
#pragma once

#include <sio/config.hpp>

#include <chrono>

namespace sio {
inline namespace SIO_ABI {
namespace eio {

using time_point = std::chrono::steady_clock::time_point;
using milliseconds = std::chrono::milliseconds;

class heartbeat {
 public:
  enum class action { none, ping, give_up };

  heartbeat(milliseconds interval, milliseconds timeout, time_point now)
      : interval_(interval), timeout_(timeout), due_(now + interval) {}

  time_point deadline() const noexcept { return due_; }

  /// What is due at `now`; a ping that is due starts the wait for its pong.
  action tick(time_point now) {
    if (now < due_) return action::none;
    if (waiting_) return action::give_up;
    waiting_ = true;
    refreshed_ = false;
    due_ = now + timeout_;
    return action::ping;
  }

  /// A pong nobody waits for is harmless.
  void pong(time_point now) {
    if (!waiting_) return;
    waiting_ = false;
    due_ = now + interval_;
  }

  /// The first other packet during the wait grants the timeout once more: a large upload delays the pong.
  void other_packet(time_point now) {
    if (!waiting_ || refreshed_) return;
    refreshed_ = true;
    due_ = now + timeout_;
  }

 private:
  milliseconds interval_, timeout_;
  time_point due_;
  bool waiting_ = false, refreshed_ = false;
};

}  // namespace eio
}  // namespace SIO_ABI
}  // namespace sio
