// What must let go of its descriptors before the execution context dies, and the list of all of it.
#pragma once

#include <sio/config.hpp>

#include <cstddef>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace net {

/// What is still under way on a loop.
struct workload {
  std::size_t closing = 0;  ///< connections that still receive their last bytes
  std::size_t bytes = 0;    ///< that wait to be written
};

class resource {
 public:
  virtual ~resource() = default;
  /// Let go at once.
  virtual void abandon() noexcept = 0;
  /// The server closes: come to an end soon.
  virtual void hurry() {}
  /// Adds its part.
  virtual void weigh(workload&) const {}

 private:
  friend class resource_list;
  resource* before_ = nullptr;
  resource* after_ = nullptr;
  bool listed_ = false;  // so that what is long out of the list may die on any thread
};

/// Linked through its members: being listed costs no memory.
class resource_list {
 public:
  bool empty() const noexcept { return first_ == nullptr; }

  void add(resource* r) noexcept {
    r->listed_ = true;
    r->after_ = first_;
    if (first_) first_->before_ = r;
    first_ = r;
  }

  void remove(resource* r) noexcept {
    if (!std::exchange(r->listed_, false)) return;
    (r->before_ ? r->before_->after_ : first_) = r->after_;
    if (r->after_) r->after_->before_ = r->before_;
    r->before_ = r->after_ = nullptr;
  }

  /// How many there are; walks over them.
  std::size_t size() const noexcept {
    std::size_t count = 0;
    for (const resource* r = first_; r; r = r->after_) ++count;
    return count;
  }

  void hurry_all() {
    for (resource *r = first_, *after = nullptr; r; r = after) {
      after = r->after_;
      r->hurry();
    }
  }

  void weigh(workload& all) const {
    for (const resource* r = first_; r; r = r->after_) r->weigh(all);
  }

  void abandon_all() noexcept {
    while (resource* r = first_) {
      remove(r);
      r->abandon();
    }
  }

 private:
  resource* first_ = nullptr;
};

}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio
