// Events that are sent one by one, again and again, until they are acknowledged (JS: option `retries`).
#pragma once

#include <sio/emitter.hpp>

#include <cstdint>
#include <deque>
#include <string>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace cln {

/// Holds them; who sends is told what by `next`.
class retry_queue {
 public:
  struct entry {
    std::string name;
    array arguments;
    emit_flags flags;
    ack_handler done;
    std::uint64_t number = 0;
    unsigned tries = 0;
    bool pending = false;
  };

  /// How a try ended: acknowledged, in vain, or so that no other could end better.
  enum class verdict { done, failed, hopeless };

  explicit retry_queue(unsigned retries) : retries_(retries) {}

  void push(std::string name, array arguments, const emit_flags& flags, ack_handler done) {
    waiting_.push_back({std::move(name), std::move(arguments), flags, std::move(done), ++last_});
  }
  std::size_t size() const noexcept { return waiting_.size(); }

  /// The one to be sent now, if there is one; `again` if its answer was lost with a connection.
  const entry* next(bool again) {
    if (waiting_.empty() || (waiting_.front().pending && !again)) return nullptr;
    entry& first = waiting_.front();
    first.pending = true;
    ++first.tries;
    return &first;
  }

  /// How that try ended. Whoever asked is returned if that was the last word; an empty
  /// handler stands for nobody, or that it is tried again.
  ack_handler answered(std::uint64_t number, unsigned attempt, verdict how) {
    if (waiting_.empty()) return {};
    entry& first = waiting_.front();
    if (first.number != number || first.tries != attempt) return {};
    first.pending = false;
    if (how == verdict::failed && first.tries <= retries_) return {};
    ack_handler done = std::move(first.done);
    waiting_.pop_front();
    return done;
  }

  void clear() { std::deque<entry>().swap(waiting_); }

 private:
  unsigned retries_;
  std::uint64_t last_ = 0;
  std::deque<entry> waiting_;
};

}  // namespace cln
}  // namespace SIO_ABI
}  // namespace sio
