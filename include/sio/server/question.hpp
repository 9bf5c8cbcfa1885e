// A question to the host's code about one request: the answer may come late and from any thread, and counts once.
#pragma once

#include <sio/net/loop.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

/// Held by whoever may answer. When nobody holds it any more, or time is up, it is over without an answer.
template <class Answer>
class question {
 public:
  /// Called on the loop, once; with nothing where no answer came.
  using listener = std::function<void(std::optional<Answer>)>;

  question(const std::shared_ptr<net::loop>& l, std::chrono::milliseconds patience, listener then)
      : loop_(l), asked_(l->at_home(std::make_shared<asked>(*l, patience, std::move(then)))) {}
  question(const question&) = delete;
  question& operator=(const question&) = delete;
  ~question() { give(std::nullopt); }

  void answer(Answer a) { give(std::move(a)); }

 private:
  struct asked : std::enable_shared_from_this<asked> {
    asked(net::loop& l, std::chrono::milliseconds patience, listener f)
        : then(std::move(f)), too_late(l.timers(), [this, &l] {
            l.bury(this->shared_from_this());  // nobody may be left when the listener has run
            end(std::nullopt);
          }) {
      too_late.expires_at(l.now() + patience);
    }
    void end(std::optional<Answer> a) {
      too_late.cancel();
      const listener f = std::exchange(then, nullptr);
      if (f) f(std::move(a));
    }
    listener then;
    net::timer too_late;
  };

  void give(std::optional<Answer> a) {
    if (given_.exchange(true)) return;
    loop_->run([waiting = asked_, a = std::move(a)]() mutable { waiting->end(std::move(a)); });
  }

  std::shared_ptr<net::loop> loop_;
  std::shared_ptr<asked> asked_;
  std::atomic<bool> given_{false};
};

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
