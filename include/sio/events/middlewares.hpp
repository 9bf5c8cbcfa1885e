// The way through middlewares, one after the other; each may go on later, and from any thread.
#pragma once

#include <sio/middleware.hpp>

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace events {

/// One way through the middlewares that there were when it began. It lives as long as a `next` of it: whoever drops
/// that without calling it ends it unseen.
class passage : public std::enable_shared_from_this<passage> {
 public:
  using one_step = std::function<void(std::size_t index, const next& go_on)>;
  using dispatch = std::function<void(std::function<void()>)>;
  using decided = std::function<void(const std::optional<connect_error>&)>;

  /// `run` calls the middleware of that index; `on_loop` brings a call to the loop; `done` is called there, once.
  passage(std::size_t count, one_step run, dispatch on_loop, decided done)
      : count_(count), run_(std::make_shared<const one_step>(std::move(run))), on_loop_(std::move(on_loop)),
        done_(std::move(done)) {}

  void start() { run_next(); }

 private:
  // A loop, and no recursion: any number of middlewares may go on at once.
  void run_next() {
    if (std::exchange(running_, true)) return;
    for (std::size_t step = at_; done_ && step != count_; step = at_) {
      if (const auto refusal = run(step, make_next(step))) after(step, refusal);
      if (at_ == step) break;  // it goes on later
    }
    running_ = false;
    if (done_ && at_ == count_) decide({});
  }

  next make_next(std::size_t step) {
    return next([self = shared_from_this(), step](const connect_error* refusal) {
      std::optional<connect_error> copy;
      if (refusal) copy = *refusal;
      self->on_loop_([self, step, copy = std::move(copy)] { self->after(step, copy); });
    });
  }

  // What a middleware throws is its refusal.
  std::optional<connect_error> run(std::size_t step, const next& go_on) const {
    const auto kept = run_;  // it goes with the decision, which may fall in here
    try {
      (*kept)(step, go_on);
      return std::nullopt;
    } catch (const connect_error& refusal) {
      return refusal;
    } catch (const std::exception& e) {
      return connect_error(e.what());
    } catch (...) {
      return connect_error("refused by a middleware");
    }
  }

  void after(std::size_t step, const std::optional<connect_error>& refusal) {
    if (step != at_ || !done_) return;  // of several calls of one `next` the first counts
    ++at_;
    refusal ? decide(refusal) : run_next();
  }

  void decide(const std::optional<connect_error>& refusal) {
    const decided done = std::exchange(done_, nullptr);
    run_ = nullptr;
    if (done) done(refusal);
  }

  std::size_t count_;
  std::shared_ptr<const one_step> run_;
  dispatch on_loop_;
  decided done_;
  std::size_t at_ = 0;
  bool running_ = false;  // in `run_next`: a middleware that goes on at once is called from there
};

}  // namespace events
}  // namespace SIO_ABI
}  // namespace sio
