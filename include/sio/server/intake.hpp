// What one client has sent of late, and how long it is not read for having sent too much.
#pragma once

#include <sio/server/doorkeeper.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

class intake {
 public:
  using time_point = bucket::time_point;

  /// `from` is what all connections of its address share; null if that has no limit.
  intake(const server_options& options, std::shared_ptr<address_share> from, time_point now)
      : own_(options.rate_limit, now), from_(std::move(from)), longest_(options.ping_timeout / 2) {}

  /// A packet came.
  void take(std::size_t bytes, time_point now) noexcept {
    until_ = std::max(until_, own_.take(bytes, now));
    if (from_) until_ = std::max(until_, from_->traffic.take(bytes, now));
  }
  /// Whether more came than may.
  bool over(time_point now) const noexcept { return until_ > now; }

  // ---- a rest: it is not read

  /// Begins one; not so long that its pongs would come too late. What it owes beyond is not forgotten.
  void rest(time_point now) noexcept { rests_until_ = std::min(until_, now + longest_); }
  bool rests() const noexcept { return rests_until_ != time_point::max(); }
  time_point rests_until() const noexcept { return rests_until_; }
  /// Called when the rest ends: the answer that its POST waits for.
  void answer_then(std::function<void()> answer) { answer_ = std::move(answer); }
  bool owes_answer() const noexcept { return answer_ != nullptr; }
  void end_rest() {
    rests_until_ = time_point::max();
    if (const auto answer = std::exchange(answer_, nullptr)) answer();
  }

 private:
  meter own_;
  std::shared_ptr<address_share> from_;
  std::chrono::milliseconds longest_;
  time_point until_{}, rests_until_ = time_point::max();
  std::function<void()> answer_;
};

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
