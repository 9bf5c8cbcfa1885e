// The sockets of one connection, by namespace.
#pragma once

#include <sio/client/socket.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace cln {

/// Handles ask for them from any thread; the loop goes through them.
class sockets {
 public:
  /// A new one for a first handle, made by `make()`; null if there is one already that has handles.
  template <class Make>
  std::shared_ptr<socket> take_free(const std::string& nsp, Make&& make) {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::shared_ptr<socket>& place = by_nsp_[nsp];
    if (place && place->counted().any()) return nullptr;
    place = make();
    place->counted().add();
    return place;
  }
  /// The one there is, for one more handle; null if there is none.
  std::shared_ptr<socket> take(const std::string& nsp) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = by_nsp_.find(nsp);
    return found != by_nsp_.end() && found->second->counted().add_another() ? found->second : nullptr;
  }

  std::shared_ptr<socket> find(std::string_view nsp) const {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = by_nsp_.find(nsp);
    return found == by_nsp_.end() ? nullptr : found->second;
  }
  std::vector<std::shared_ptr<socket>> all() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::vector<std::shared_ptr<socket>> found;
    for (const auto& [nsp, s] : by_nsp_) found.push_back(s);
    return found;
  }
  /// It is not wanted any more, unless another one stands in its place already.
  void remove(const socket& s) {
    std::shared_ptr<socket> dying;
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = by_nsp_.find(s.nsp());
    if (found == by_nsp_.end() || found->second.get() != &s) return;
    dying = std::move(found->second);
    by_nsp_.erase(found);
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<socket>, std::less<>> by_nsp_;
};

}  // namespace cln
}  // namespace SIO_ABI
}  // namespace sio
