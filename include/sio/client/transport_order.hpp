// Which transport a client begins with, and which one it tries when that fails.
#pragma once

#include <sio/client/engine_options.hpp>
#include <sio/options.hpp>

#include <algorithm>
#include <optional>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace cln {

class transport_order {
 public:
  explicit transport_order(const engine_options& o)
      : left_(o.transports), websocket_first_(o.websocket_first), try_all_(o.try_all_transports) {}

  bool empty() const noexcept { return left_.empty(); }
  bool has(transport one) const noexcept { return std::find(left_.begin(), left_.end(), one) != left_.end(); }
  /// Of none at all: no matter which.
  transport first() const noexcept {
    if (empty() || (websocket_first_ && has(transport::websocket))) return transport::websocket;
    return left_.front();
  }
  /// Forgets the one that failed; nothing if that is the end of it.
  std::optional<transport> after(transport failed) {
    if (!try_all_ || left_.size() < 2) return std::nullopt;
    left_.erase(std::remove(left_.begin(), left_.end(), failed), left_.end());
    return empty() ? std::nullopt : std::optional(left_.front());
  }

 private:
  std::vector<transport> left_;
  bool websocket_first_, try_all_;
};

}  // namespace cln
}  // namespace SIO_ABI
}  // namespace sio
