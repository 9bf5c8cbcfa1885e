// Where the library's own lines go.
#pragma once

#include <sio/options.hpp>

#include <cstdio>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

class log {
 public:
  using sink = std::function<void(log_level, std::string_view)>;

  explicit log(sink to) : to_(to ? std::move(to) : sink(print)) {}

  void operator()(log_level level, std::string_view line) const noexcept {
    try {
      to_(level, line);
    } catch (...) {  // a logger that fails must not take a connection with it
    }
  }

 private:
  static void print(log_level level, std::string_view line) {
    if (level < log_level::warning) return;
    std::fprintf(stderr, "sio: %.*s\n", static_cast<int>(line.size()), line.data());
  }

  sink to_;
};

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
