// Who waits for which acknowledgement, and until when.
#pragma once

#include <sio/handler.hpp>

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

  void add(std::uint64_t id, ack_handler run, time_point due) {
    take(id);
    const auto place = due == time_point::max() ? due_.end() : due_.emplace(due, id);
    waiting_.emplace(id, entry{std::move(run), place});
  }

  /// Who waits for that one; nobody does afterwards.
  std::optional<ack_handler> take(std::uint64_t id) {
    const auto found = waiting_.find(id);
    if (found == waiting_.end()) return std::nullopt;
    ack_handler run = std::move(found->second.run);
    if (found->second.due != due_.end()) due_.erase(found->second.due);
    waiting_.erase(found);
    return run;
  }

  /// One whose time has passed; nobody waits for it afterwards.
  std::optional<ack_handler> take_due(time_point now) {
    if (deadline() > now) return std::nullopt;
    return take(due_.begin()->second);
  }
  std::optional<ack_handler> take_any() {
    if (waiting_.empty()) return std::nullopt;
    return take(waiting_.begin()->first);
  }

  /// Of all that wait, in the order of the ids.
  std::vector<std::uint64_t> ids() const {
    std::vector<std::uint64_t> all;
    for (const auto& [id, e] : waiting_) all.push_back(id);
    return all;
  }

  time_point deadline() const noexcept { return due_.empty() ? time_point::max() : due_.begin()->first; }
  std::size_t size() const noexcept { return waiting_.size(); }

 private:
  using schedule = std::multimap<time_point, std::uint64_t>;
  struct entry {
    ack_handler run;
    schedule::iterator due;  // the end: it may take any time
  };

  schedule due_;
  std::map<std::uint64_t, entry> waiting_;
};

}  // namespace events
}  // namespace SIO_ABI
}  // namespace sio
