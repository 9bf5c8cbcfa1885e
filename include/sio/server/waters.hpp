// Who wants to know when too much waits for a client, and when it has left.
#pragma once

#include <sio/error.hpp>
#include <sio/events/listeners.hpp>

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

class waters {
 public:
  using listener = std::function<void()>;
  using waiter = std::function<void(error_code)>;

  void on(bool high, listener f) { (high ? high_ : low_).push_back(std::move(f)); }
  /// Called once, when the water is low again or the client has gone.
  void wait(waiter f) { waiting_.push_back(std::move(f)); }

  /// `report` hears what a listener threw.
  template <class Report>
  void tell(bool high, Report&& report) {
    const bool news = std::exchange(told_high_, high) != high;
    const std::vector<listener> all = !news ? std::vector<listener>() : high ? high_ : low_;  // one may add more
    for (const listener& f : all) {
      const auto why_not = events::run_user_code([&]() -> std::optional<std::string> { return f(), std::nullopt; });
      if (why_not) report((high ? "high water: " : "low water: ") + *why_not);
    }
    if (!high) release({});
  }
  /// The client has gone.
  void end() {
    high_.clear();
    low_.clear();
    release(errc::disconnected);
  }

 private:
  void release(error_code ec) {
    for (const waiter& f : std::exchange(waiting_, {})) f(ec);
  }

  std::vector<listener> high_, low_;
  std::vector<waiter> waiting_;
  bool told_high_ = false;
};

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
