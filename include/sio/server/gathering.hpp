// The answers to one broadcast, until all have come or the time is over.
#pragma once

#include <sio/adapter.hpp>
#include <sio/broadcast_answers.hpp>
#include <sio/ends/pending_answers.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

class gathering final : public answer_collector, public std::enable_shared_from_this<gathering> {
 public:
  using finished = std::function<void(error_code, broadcast_answers&)>;

  /// `done` is called once, at the end of some later turn of the loop.
  gathering(std::shared_ptr<net::loop> l, std::chrono::milliseconds timeout, finished done)
      : loop_(std::move(l)), done_(std::move(done)), timer_(loop_->timers(), [this] { finish(errc::timed_out); }) {
    timer_.expires_at(ends::in(*loop_, timeout));
  }

  /// How many servers take part.
  void expect(std::size_t servers) {
    servers_ = servers;
    settle();
  }

  void asked(std::size_t count, std::vector<std::string> ids) override {
    ++heard_;
    pending_ += static_cast<std::ptrdiff_t>(count);
    all_.asked += count;
    for (std::string& id : ids)
      if (early_.erase(id) == 0) waiting_.insert(std::move(id));
    settle();
  }

  void answered(const std::string& id, value first) override {
    if (!done_) return;
    all_.answers.push_back({id, std::move(first)});
    strike(id);
  }

  void left(const std::string& id) override { strike(id); }

 private:
  // An answer may overtake the list of those who were asked.
  void strike(const std::string& id) {
    --pending_;
    if (waiting_.erase(id) == 0) early_.insert(id);
    settle();
  }

  void settle() {
    if (servers_ && heard_ >= *servers_ && pending_ <= 0) finish({});
  }

  // Not at once: what brought the last answer is not done yet.
  void finish(error_code ec) {
    if (!done_) return;
    timer_.cancel();
    all_.missing.assign(waiting_.begin(), waiting_.end());
    loop_->post([done = std::exchange(done_, nullptr), ec, all = std::move(all_)]() mutable { done(ec, all); });
  }

  std::shared_ptr<net::loop> loop_;
  finished done_;
  net::timer timer_;
  std::optional<std::size_t> servers_;
  std::size_t heard_ = 0;
  std::ptrdiff_t pending_ = 0;
  std::set<std::string> waiting_, early_;
  broadcast_answers all_;
};

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
