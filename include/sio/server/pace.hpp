// How fast one client may send: what comes is counted, and one that sends too much is not read, or let go.
#pragma once

#include <sio/net/timers.hpp>
#include <sio/server/intake.hpp>
#include <sio/server/link_user.hpp>
#include <sio/server/websockets.hpp>

#include <cstddef>
#include <memory>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

class pace {
 public:
  pace(srv::websockets& websockets, const link_rules& rules) noexcept : websockets_(websockets), rules_(rules) {}

  /// From now on what comes is metered; null: it is only counted.
  void meter(std::unique_ptr<intake> by) noexcept { intake_ = std::move(by); }

  /// A packet came. False if its client is to be let go for it.
  bool take(std::size_t bytes, const net::loop& l) noexcept {
    metrics& counts = rules_.log->counts();
    ++counts.packets_in;
    counts.bytes_in += bytes;
    return !intake_ || allows(bytes, l.now());
  }

  // ---- a rest

  net::time_point rests_until() const noexcept { return intake_ ? intake_->rests_until() : net::time_point::max(); }
  void tick(const net::loop& l) {
    if (intake_ && intake_->rests_until() <= l.now()) end_rest();
  }
  void end_rest() {
    if (!intake_) return;
    websockets_.let_read();
    intake_->end_rest();
  }
  bool owes_answer() const noexcept { return intake_ && intake_->owes_answer(); }
  /// Calls `answer()`: at once, or when the rest ends.
  template <class F>
  void answer(F f) {
    intake_ && intake_->rests() ? intake_->answer_then(std::move(f)) : f();
  }

 private:
  bool allows(std::size_t bytes, net::time_point now) noexcept {
    intake_->take(bytes, now);
    if (!intake_->over(now)) return true;
    if (rules_.options->when_over_rate == over_rate::close) {
      rules_.log->count(refusal::too_fast);
      return false;
    }
    intake_->rest(now);  // not read, so that TCP slows it down
    websockets_.hold_reading();
    return true;
  }

  srv::websockets& websockets_;
  const link_rules& rules_;
  std::unique_ptr<intake> intake_;
};

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
