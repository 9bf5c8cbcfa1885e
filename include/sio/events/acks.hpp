// Who waits for which acknowledgement, and until when.
#pragma once

#include <sio/handler.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace events {

class acks {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  void add(std::uint64_t id, ack_handler run, time_point due) { waiting_.insert_or_assign(id, entry{std::move(run), due}); }

  /// Who waits for that one; nobody does afterwards.
  std::optional<ack_handler> take(std::uint64_t id) {
    const auto found = waiting_.find(id);
    if (found == waiting_.end()) return std::nullopt;
    ack_handler run = std::move(found->second.run);
    waiting_.erase(found);
    return run;
  }

  /// Those whose time has passed; nobody waits for them afterwards.
  std::vector<ack_handler> take_due(time_point now) {
    return take_if([now](const entry& e) { return e.due <= now; });
  }
  std::vector<ack_handler> take_all() {
    return take_if([](const entry&) { return true; });
  }

  time_point deadline() const noexcept {
    time_point first = time_point::max();
    for (const auto& [id, e] : waiting_) first = std::min(first, e.due);
    return first;
  }
  std::size_t size() const noexcept { return waiting_.size(); }

 private:
  struct entry {
    ack_handler run;
    time_point due;
  };

  template <class Which>
  std::vector<ack_handler> take_if(Which&& which) {
    std::vector<ack_handler> taken;
    for (auto it = waiting_.begin(); it != waiting_.end();) {
      if (!which(it->second)) {
        ++it;
        continue;
      }
      taken.push_back(std::move(it->second.run));
      it = waiting_.erase(it);
    }
    return taken;
  }

  std::map<std::uint64_t, entry> waiting_;
};

}  // namespace events
}  // namespace SIO_ABI
}  // namespace sio
