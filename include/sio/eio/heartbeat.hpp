// The server's heartbeat: in v4 a ping each interval and its pong within the timeout, in v3 the client's pings.
#pragma once

#include <sio/config.hpp>
#include <sio/eio/packet.hpp>
#include <sio/eio/times.hpp>

namespace sio {
inline namespace SIO_ABI {
namespace eio {

class heartbeat {
 public:
  enum class action { none, ping, give_up };

  heartbeat(milliseconds interval, milliseconds timeout, time_point now, protocol spoken = protocol::v4)
      : interval_(interval), timeout_(timeout), due_(now + interval) {
    if (spoken == protocol::v4) return;
    waiting_ = refreshed_ = true;  // for the next ping, always
    ping(now);
  }

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

  /// A v3 client lives for another interval and timeout.
  void ping(time_point now) { due_ = now + interval_ + timeout_; }

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
