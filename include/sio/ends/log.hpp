// What a server or a client tells of itself: lines where the options say, and counts of what happened.
#pragma once

#include <sio/metrics.hpp>
#include <sio/options.hpp>

#include <cstdio>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace ends {

class log {
 public:
  using sink = std::function<void(log_level, std::string_view)>;

  explicit log(sink to, log_level least = log_level::warning) : to_(to ? std::move(to) : sink(print)), least_(least) {}

  bool wants(log_level level) const noexcept { return level >= least_; }

  void operator()(log_level level, std::string_view line) const noexcept {
    if (!wants(level)) return;
    try {
      to_(level, line);
    } catch (...) {  // a logger that fails must not take a connection with it
    }
  }
  /// `line()` is called only if somebody wants it.
  template <class Line, class = std::enable_if_t<std::is_invocable_v<Line&>>>
  void operator()(log_level level, Line&& line) const {
    if (wants(level)) (*this)(level, std::string_view(line()));
  }

  /// Only on the loop.
  metrics& counts() const noexcept { return counts_; }
  void count(refusal cause) const noexcept { ++counts_.refusals[static_cast<std::size_t>(cause)]; }

 private:
  static void print(log_level, std::string_view line) {
    std::fprintf(stderr, "sio: %.*s\n", static_cast<int>(line.size()), line.data());
  }

  sink to_;
  log_level least_;
  mutable metrics counts_;
};

}  // namespace ends
}  // namespace SIO_ABI
}  // namespace sio
