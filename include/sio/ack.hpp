// The answer to an event that asked for one: given once, from any thread, at any time.
#pragma once

#include <sio/convert.hpp>
#include <sio/error.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace sio {
inline namespace SIO_ABI {

/// Thrown by a handler whose event asks for an answer: the answer is what `ack::fail` sends. Where nobody asked, it is
/// reported as any other exception.
class ack_error : public detail::told_error {
 public:
  using told_error::told_error;
};

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

  /// The answer is one object: `{"error": message}`, or `{"error": message, "data": …}`.
  void fail(const ack_error& why) const {
    object said{{"error", why.message()}};
    if (why.data()) said.set("data", *why.data());
    (*this)(std::move(said));
  }
  void fail(std::string text) const { fail(ack_error(std::move(text))); }
  void fail(std::string text, value data) const { fail(ack_error(std::move(text), std::move(data))); }

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
