// What one client has sent of late, and how long it is not read for having sent too much.
#pragma once

#include <sio/server/doorkeeper.hpp>

#include <algorithm>
#include <chrono>
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
  /// Until when it is not read; not so long that its pongs would come too late. What it owes beyond is not forgotten.
  time_point rest(time_point now) const noexcept { return std::min(until_, now + longest_); }

 private:
  meter own_;
  std::shared_ptr<address_share> from_;
  std::chrono::milliseconds longest_;
  time_point until_{};
};

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
