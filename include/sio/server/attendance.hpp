// Who is in a namespace, as far as somebody wants to know that nobody is there any more.
#pragma once

#include <sio/net/loop.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

class nsp;

/// Belongs to one namespace and lives in it.
class attendance {
 public:
  using listener = std::function<void(const std::shared_ptr<nsp>&)>;

  void when_empty(listener f) { tell_ = std::move(f); }
  void clear() noexcept { tell_ = nullptr; }

  /// Whoever holds it is there, and `whole`, the namespace, lives on meanwhile; null where nobody wants to know.
  std::shared_ptr<void> place(net::loop& l, const std::shared_ptr<nsp>& whole) {
    if (!tell_) return nullptr;
    ++present_;
    return {static_cast<void*>(this), [this, &l, whole](void*) {
              if (--present_ == 0) l.post([this, whole] { tell_if_empty(whole); });
            }};
  }

 private:
  void tell_if_empty(const std::shared_ptr<nsp>& whole) const {
    const listener tell = tell_;  // it may go while it runs
    if (present_ == 0 && tell) tell(whole);
  }

  listener tell_;
  std::size_t present_ = 0;
};

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
