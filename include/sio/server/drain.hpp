// Sends the clients of a server away, a few at a time and in no order, and waits until they have what was sent to them.
#pragma once

#include <sio/drain.hpp>
#include <sio/events/listeners.hpp>
#include <sio/net/random.hpp>
#include <sio/server/link.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

class drain : public std::enable_shared_from_this<drain> {
 public:
  using milliseconds = std::chrono::milliseconds;

  /// `ended` is called once: when nobody is left, or it took too long.
  drain(std::shared_ptr<net::loop> l, milliseconds duration, milliseconds linger, std::function<void()> ended)
      : loop_(std::move(l)), timer_(loop_->timers(), [this] { step(); }), duration_(duration), linger_(linger),
        ended_(std::move(ended)) {}

  /// Who hears how far it has come.
  void add(drain_report report) {
    if (report) reports_.push_back(std::move(report));
  }
  /// `sessions`: how many there are, at any time.
  void start(const std::vector<std::shared_ptr<link>>& all, std::function<std::size_t()> sessions);
  /// The server closes, or is gone: nobody is sent away any more.
  void cancel() noexcept {
    timer_.cancel();
    std::exchange(ended_, nullptr);
  }
  /// The server is closed.
  void tell_over() {
    now_.over = true;
    tell();
    std::exchange(reports_, {});
  }

 private:
  void step();
  void send_away(std::size_t until);
  void count();
  void tell();
  milliseconds pause() const;

  std::shared_ptr<net::loop> loop_;
  net::timer timer_;
  milliseconds duration_, linger_;
  std::function<void()> ended_;
  std::vector<drain_report> reports_;
  std::vector<std::weak_ptr<link>> all_;
  std::function<std::size_t()> sessions_;
  std::size_t sent_ = 0;  // of `all_`
  drain_progress now_;
  net::time_point began_;
};

// ---- bodies

namespace detail {

inline std::uint32_t random_below(std::uint64_t bound) noexcept {
  std::uint32_t bits = 0;
  net::secure_random(&bits, sizeof bits);
  return static_cast<std::uint32_t>(bits * bound >> 32);
}

}  // namespace detail

inline void drain::start(const std::vector<std::shared_ptr<link>>& all, std::function<std::size_t()> sessions) {
  sessions_ = std::move(sessions);
  began_ = loop_->now();
  all_.assign(all.begin(), all.end());
  for (std::size_t i = all_.size(); i > 1; --i) std::swap(all_[i - 1], all_[detail::random_below(i)]);
  step();
}

// From half a beat to one and a half, of fifty beats or more: those who come back do not all come at once.
inline drain::milliseconds drain::pause() const {
  const auto beat = std::clamp<milliseconds::rep>(duration_.count() / 50, 10, 1'000);
  return milliseconds(beat / 2 + detail::random_below(static_cast<std::uint64_t>(beat)));
}

inline void drain::step() {
  const auto self = shared_from_this();
  const auto elapsed = std::chrono::duration_cast<milliseconds>(loop_->now() - began_);
  const double share =
      elapsed >= duration_ ? 1 : static_cast<double>(elapsed.count()) / static_cast<double>(duration_.count());
  send_away(static_cast<std::size_t>(share * static_cast<double>(all_.size())));
  if (!ended_) return;  // a handler closed the server
  count();
  if (now_.connections == 0 || elapsed >= duration_ + linger_) return std::exchange(ended_, nullptr)();
  timer_.expires_at(loop_->now() + pause());
  tell();
}

inline void drain::send_away(std::size_t until) {
  while (sent_ < until && ended_)
    if (const auto l = all_[sent_++].lock()) l->retire(reason::server_shutting_down);
}

inline void drain::count() {
  net::workload work;
  loop_->resources().weigh(work);
  now_.connections = sessions_() + work.closing;
  now_.bytes = work.bytes;
}

inline void drain::tell() {
  const auto self = shared_from_this();
  const drain_progress now = now_;
  for (const drain_report& report : std::vector<drain_report>(reports_))
    events::run_user_code([&]() -> std::optional<std::string> { return report(now), std::nullopt; });
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
