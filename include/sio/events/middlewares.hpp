// The middlewares of a namespace, run one after the other; each may go on later, and from any thread.
#pragma once

#include <sio/nsp.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace events {

using middleware_list = std::shared_ptr<const std::vector<middleware>>;

/// One socket's way through the middlewares that there were when it came.
class admission : public std::enable_shared_from_this<admission> {
 public:
  using dispatch = std::function<void(std::function<void()>)>;
  using decided = std::function<void(const std::optional<connect_error>&)>;

  /// `on_loop` brings a call to the socket's loop; `done` is called there, once.
  admission(middleware_list list, socket who, dispatch on_loop, decided done)
      : list_(std::move(list)), who_(std::move(who)), on_loop_(std::move(on_loop)), done_(std::move(done)) {}

  void start() { run_next(); }

 private:
  void run_next() {
    if (!list_ || at_ == list_->size()) return decide({});
    const std::size_t step = at_;
    const next go_on([self = shared_from_this(), step](const connect_error* refusal) {
      std::optional<connect_error> copy;
      if (refusal) copy = *refusal;
      self->on_loop_([self, step, copy = std::move(copy)] { self->after(step, copy); });
    });
    if (const auto refusal = run((*list_)[step], go_on)) after(step, refusal);
  }

  // What a middleware throws is its refusal.
  std::optional<connect_error> run(const middleware& m, const next& go_on) const {
    try {
      m(who_, go_on);
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
    who_ = {};
    if (done) done(refusal);
  }

  middleware_list list_;
  socket who_;
  dispatch on_loop_;
  decided done_;
  std::size_t at_ = 0;
};

}  // namespace events
}  // namespace SIO_ABI
}  // namespace sio
