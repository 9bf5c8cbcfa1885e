// The answer to an event that asked for one: given once, from any thread, at any time.
#pragma once

#include <sio/convert.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <utility>

namespace sio {
inline namespace SIO_ABI {

/// Handed to a handler that takes one. Copies share one answer: the first call sends it, later ones do nothing.
class ack {
 public:
  ack() noexcept = default;
  /// `send` is called at most once, on the thread that answers.
  explicit ack(std::function<void(array)> send) {
    if (send) answer_ = std::make_shared<answer>(std::move(send));
  }

  /// Whether the peer asked for an answer; calling one that it did not ask for does nothing.
  explicit operator bool() const noexcept { return answer_ != nullptr; }

  template <class... A>
  void operator()(A&&... a) const {
    if (answer_) send(pack_array(std::forward<A>(a)...));
  }

  void send(array arguments) const {
    if (!answer_ || answer_->given.exchange(true)) return;
    const std::function<void(array)> give = std::move(answer_->give);  // lets go of what it holds once it ran
    give(std::move(arguments));
  }

 private:
  struct answer {
    explicit answer(std::function<void(array)> send) : give(std::move(send)) {}
    std::function<void(array)> give;
    std::atomic<bool> given{false};
  };

  std::shared_ptr<answer> answer_;
};

}  // namespace SIO_ABI
}  // namespace sio
