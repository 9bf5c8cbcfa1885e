// Sends the clients of a server away, a few at a time and in no order, and waits until they have what was sent to them.
#pragma once

#include <sio/drain.hpp>
#include <sio/net/random.hpp>
#include <sio/server/link.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

class drain : public std::enable_shared_from_this<drain> {
 public:
  using clock = std::chrono::steady_clock;
  using milliseconds = std::chrono::milliseconds;

  /// `report` hears how far it is; `ended` is called once, when nobody is left or it took too long.
  drain(std::shared_ptr<net::loop> l, milliseconds duration, milliseconds linger, drain_report report,
        std::function<void()> ended)
      : loop_(std::move(l)), timer_(loop_->timers(), [this] { step(); }), duration_(duration), linger_(linger),
        report_(std::move(report)), ended_(std::move(ended)) {}

  /// `sessions`: how many there are, at any time.
  void start(std::vector<std::shared_ptr<link>> all, std::function<std::size_t()> sessions);
  void cancel() noexcept {
    timer_.cancel();
    std::exchange(ended_, nullptr);
  }

 private:
  void step();
  void send_away(std::size_t until);
  drain_progress progress() const;
  milliseconds pause() const;

  std::shared_ptr<net::loop> loop_;
  net::timer timer_;
  milliseconds duration_, linger_;
  drain_report report_;
  std::function<void()> ended_;
  std::vector<std::weak_ptr<link>> all_;
  std::function<std::size_t()> sessions_;
  std::size_t sent_ = 0;
  clock::time_point began_;
};

// ---- bodies

namespace detail {

inline std::uint32_t random_below(std::uint32_t bound) noexcept {
  std::uint32_t bits = 0;
  net::secure_random(&bits, sizeof bits);
  return static_cast<std::uint32_t>(std::uint64_t{bits} * bound >> 32);
}

}  // namespace detail

inline void drain::start(std::vector<std::shared_ptr<link>> all, std::function<std::size_t()> sessions) {
  sessions_ = std::move(sessions);
  began_ = loop_->now();
  for (std::size_t i = all.size(); i > 1; --i)
    std::swap(all[i - 1], all[detail::random_below(static_cast<std::uint32_t>(i))]);
  all_.assign(all.begin(), all.end());
  step();
}

// From half a beat to one and a half, of fifty beats or more: those who come back do not all come at once.
inline drain::milliseconds drain::pause() const {
  const auto beat = std::clamp<milliseconds::rep>(duration_.count() / 50, 10, 1'000);
  return milliseconds(beat / 2 + detail::random_below(static_cast<std::uint32_t>(beat)));
}

inline void drain::step() {
  const auto self = shared_from_this();
  const auto elapsed = std::chrono::duration_cast<milliseconds>(loop_->now() - began_);
  const bool all = elapsed >= duration_;
  send_away(all ? all_.size() : all_.size() * static_cast<std::size_t>(elapsed.count()) /
                                    static_cast<std::size_t>(duration_.count()));
  if (!ended_) return;  // closed by a handler meanwhile
  const drain_progress now = progress();
  if (now.connections == 0 || elapsed >= duration_ + linger_) return std::exchange(ended_, nullptr)();
  timer_.expires_at(loop_->now() + pause());
  const drain_report report = report_;
  if (report) report(now);
}

inline void drain::send_away(std::size_t until) {
  while (sent_ < until && ended_)
    if (const auto l = all_[sent_++].lock()) l->retire(reason::server_shutting_down);
}

inline drain_progress drain::progress() const {
  net::workload work;
  loop_->resources().weigh(work);
  return {sessions_() + work.closing, work.bytes, false};
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
