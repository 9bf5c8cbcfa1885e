// The acknowledgements that one socket waits for, and the timer that ends the waiting.
#pragma once

#include <sio/events/acks.hpp>
#include <sio/events/listeners.hpp>
#include <sio/net/loop.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace ends {

// A year is for ever: what is added to now has a bound.
inline net::time_point in(const net::loop& l, std::chrono::milliseconds time) {
  using std::chrono::milliseconds;
  return l.now() + std::clamp(time, milliseconds(0), milliseconds(std::chrono::hours(24 * 365)));
}

/// Lives on one loop. Whoever calls it keeps it alive: every receiver of an answer may drop its socket.
class pending_answers {
 public:
  using complaint = std::function<void(const std::string&)>;

  /// `ring` is called when it is time to `expire`; `complain` hears what went wrong in a receiver.
  pending_answers(std::shared_ptr<net::loop> l, std::function<void()> ring, complaint complain)
      : loop_(std::move(l)), complain_(std::move(complain)), timer_(loop_->timers(), std::move(ring)) {}

  void wait(std::uint64_t id, std::optional<std::chrono::milliseconds> timeout, ack_handler done) {
    waiting_.add(id, std::move(done), timeout ? in(*loop_, *timeout) : net::time_point::max());
    timer_.expires_at(waiting_.deadline());
  }

  /// One that nobody waits for means nothing.
  void answer(std::uint64_t id, array arguments) {
    if (auto done = waiting_.take(id)) run(*done, {}, std::move(arguments));
  }

  /// Returns how many waited in vain.
  std::size_t expire() {
    std::size_t count = 0;
    for (; auto done = waiting_.take_due(loop_->now()); ++count) run(*done, errc::timed_out, {});
    timer_.expires_at(waiting_.deadline());
    return count;
  }
  std::size_t size() const noexcept { return waiting_.size(); }

  /// Nobody will answer any more.
  void disconnect() {
    timer_.cancel();
    while (auto done = waiting_.take_any()) run(*done, errc::disconnected, {});
  }
  /// The same for all but those that `keep(id)` says.
  template <class Keep>
  void disconnect_unless(Keep keep) {
    for (const std::uint64_t id : waiting_.ids())
      if (!keep(id)) fail(id, errc::disconnected);
  }
  void fail(std::uint64_t id, error_code ec) {
    if (auto done = waiting_.take(id)) run(*done, ec, {});
  }

  /// The same without a word.
  void drop() noexcept {
    timer_.cancel();
    std::exchange(waiting_, {});
  }

  void run(ack_handler& done, error_code ec, array arguments) const {
    const auto why_not = events::run_user_code([&] { return done(ec, arguments); });
    if (why_not) complain_("acknowledgement: " + *why_not);
  }

 private:
  std::shared_ptr<net::loop> loop_;
  complaint complain_;
  events::acks waiting_;
  net::timer timer_;
};

}  // namespace ends
}  // namespace SIO_ABI
}  // namespace sio
