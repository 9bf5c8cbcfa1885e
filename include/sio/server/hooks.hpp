// What a host has set on an engine, and how it is called.
#pragma once

#include <sio/ends/log.hpp>
#include <sio/engine.hpp>
#include <sio/events/listeners.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

/// Runs the host's code, and logs what goes wrong. False if it threw.
template <class F>
bool run_host(const ends::log& log, const char* whose, F&& f) {
  const auto why_not = events::run_user_code([&]() -> std::optional<std::string> { return f(), std::nullopt; });
  if (why_not) log(log_level::error, std::string(whose) + " failed: " + *why_not);
  return !why_not;
}

/// Functions of one kind; they may add others while they run. Without any, a call is one comparison.
template <class... A>
class hook {
 public:
  using function = std::function<void(A...)>;

  void add(function f) { all_.push_back(std::make_shared<const function>(std::move(f))); }
  bool empty() const noexcept { return all_.empty(); }
  void clear() noexcept { std::exchange(all_, {}); }

  template <class... B>
  void call(const ends::log& log, const char* whose, B&... arguments) const {
    for (std::size_t i = 0, count = all_.size(); i < count && i < all_.size(); ++i) {
      const std::shared_ptr<const function> one = all_[i];
      run_host(log, whose, [&] { (*one)(arguments...); });
    }
  }

 private:
  std::vector<std::shared_ptr<const function>> all_;
};

// Shared, not copied: a lambda may count.
using http_middlewares = std::vector<std::shared_ptr<const http_middleware>>;

struct hooks {
  std::shared_ptr<const http_middlewares> middlewares;  ///< null (the pointer) without any
  std::shared_ptr<const id_maker> make_id;              ///< null: ids are random
  hook<const connection_failure&> on_connection_error;
  hook<headers&, const request&> on_initial_headers, on_headers;

  void add(http_middleware m) {
    auto more = middlewares ? std::make_shared<http_middlewares>(*middlewares) : std::make_shared<http_middlewares>();
    more->push_back(std::make_shared<const http_middleware>(std::move(m)));
    middlewares = std::move(more);
  }
};

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
