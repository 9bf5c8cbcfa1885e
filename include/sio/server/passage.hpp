// One request's way through the HTTP middlewares that there were when it came; each may go on later.
#pragma once

#include <sio/server/hooks.hpp>
#include <sio/server/question.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

class passage : public std::enable_shared_from_this<passage> {
 public:
  /// Called on the loop, once. Without answer and failure the request goes on, and its answer carries the headers.
  using listener = std::function<void(http_step)>;

  passage(std::shared_ptr<net::loop> l, std::chrono::milliseconds patience, std::shared_ptr<const ends::log> lg,
          std::shared_ptr<const http_middlewares> list, std::shared_ptr<const request> asked, listener then)
      : loop_(std::move(l)), patience_(patience), log_(std::move(lg)), list_(std::move(list)), asked_(std::move(asked)),
        then_(std::move(then)) {}

  void start() { run_next(); }

 private:
  void run_next() {
    if (at_ == list_->size()) return then_({std::move(fields_), std::nullopt, std::nullopt});
    const auto step = std::make_shared<question<http_step>>(
        loop_, patience_,
        [self = shared_from_this()](std::optional<http_step> taken) { self->after(std::move(taken)); });
    const http_next go_on([step, kept = asked_](http_step taken) { step->answer(std::move(taken)); });
    if (!run_host(*log_, "an HTTP middleware", [&] { (*(*list_)[at_++])(*asked_, go_on); })) go_on.fail("it threw");
  }

  void after(std::optional<http_step> taken) {
    if (!taken) taken = http_step{{}, std::nullopt, "a middleware never called its next"};
    for (auto& [name, text] : taken->headers) fields_.add(name, text);
    if (!taken->answer && !taken->failure) return run_next();
    taken->headers = std::move(fields_);
    then_(std::move(*taken));
  }

  std::shared_ptr<net::loop> loop_;
  std::chrono::milliseconds patience_;
  std::shared_ptr<const ends::log> log_;
  std::shared_ptr<const http_middlewares> list_;
  std::shared_ptr<const request> asked_;
  listener then_;
  headers fields_;
  std::size_t at_ = 0;
};

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
