// Deadlines of one loop in a binary heap: thousands of timers cost one system timer.
#pragma once

#include <sio/config.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace net {

using clock = std::chrono::steady_clock;
using time_point = clock::time_point;

class timers;

/// One deadline. It belongs to what it wakes, and leaves the heap with it.
class timer {
 public:
  timer(timers& owner, std::function<void()> fire) : owner_(&owner), fire_(std::move(fire)) {}
  timer(const timer&) = delete;
  timer& operator=(const timer&) = delete;
  ~timer() { cancel(); }

  void expires_at(time_point due);
  void cancel();

 private:
  friend class timers;
  static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

  timers* owner_;
  std::function<void()> fire_;
  time_point due_{};
  std::size_t slot_ = nowhere;
};

class timers {
 public:
  timers() = default;
  timers(const timers&) = delete;
  timers& operator=(const timers&) = delete;
  ~timers() { forget(); }

  /// None will fire. From then on a timer may die on any thread.
  void forget() noexcept {
    for (timer* t : heap_) t->slot_ = timer::nowhere;
    heap_.clear();
  }

  bool empty() const noexcept { return heap_.empty(); }
  time_point next() const noexcept { return heap_.empty() ? time_point::max() : heap_.front()->due_; }

  /// Fires what is due; a timer set anew while firing waits for the next call if it is due already.
  void fire(time_point now) {
    std::size_t most = heap_.size();
    while (most-- != 0 && !heap_.empty() && heap_.front()->due_ <= now) {
      timer* due = heap_.front();
      remove(due);
      due->fire_();
    }
  }

 private:
  friend class timer;

  void put(std::size_t slot, timer* t) noexcept {
    heap_[slot] = t;
    t->slot_ = slot;
  }

  void insert(timer* t) {
    heap_.push_back(t);
    t->slot_ = heap_.size() - 1;
    rise(t->slot_);
  }

  void remove(timer* t) noexcept {
    const std::size_t slot = t->slot_;
    timer* last = heap_.back();
    heap_.pop_back();
    t->slot_ = timer::nowhere;
    if (last == t) return;
    put(slot, last);
    move(slot);
  }

  void move(std::size_t slot) noexcept {
    rise(slot);
    sink(slot);
  }

  void rise(std::size_t slot) noexcept {
    timer* t = heap_[slot];
    for (; slot != 0 && t->due_ < heap_[(slot - 1) / 2]->due_; slot = (slot - 1) / 2) put(slot, heap_[(slot - 1) / 2]);
    put(slot, t);
  }

  void sink(std::size_t slot) noexcept {
    timer* t = heap_[slot];
    for (;;) {
      std::size_t child = 2 * slot + 1;
      if (child >= heap_.size()) break;
      if (child + 1 < heap_.size() && heap_[child + 1]->due_ < heap_[child]->due_) ++child;
      if (t->due_ <= heap_[child]->due_) break;
      put(slot, heap_[child]);
      slot = child;
    }
    put(slot, t);
  }

  std::vector<timer*> heap_;
};

inline void timer::expires_at(time_point due) {
  if (slot_ != nowhere && due == due_) return;
  if (due == time_point::max()) return cancel();
  due_ = due;
  if (slot_ == nowhere) return owner_->insert(this);
  owner_->move(slot_);
}

inline void timer::cancel() {
  if (slot_ != nowhere) owner_->remove(this);
}

}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio
