// Clients that are away for a while: what is kept of each, so that it can go on where it was.
#pragma once

#include <sio/server/packet_log.hpp>
#include <sio/socket_data.hpp>

#include <chrono>
#include <cstddef>
#include <iterator>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

/// What is kept of a socket. Its `pid` is a secret between its client and us.
struct kept_session {
  std::string sid, pid;
  stays rooms;
  std::shared_ptr<socket_data> data;
  packet_offset since = 0;  ///< the newest packet when it was born: earlier ones are not for it
  time_point welcomed_at;   ///< when its connection began
  time_point left_at;
  bool connected = false;
};

/// Those who are away, by their pid; who has been away longest goes first.
class session_store {
 public:
  session_store(session_store&&) = default;  // a copy's map would point into the original
  session_store& operator=(session_store&&) = default;
  session_store(std::size_t most, std::chrono::milliseconds max_age) : most_(most), max_age_(max_age) {}

  std::size_t size() const noexcept { return by_pid_.size(); }

  void put(kept_session s) {
    drop(s.pid);
    auto place = by_age_.end();
    while (place != by_age_.begin() && std::prev(place)->left_at > s.left_at) --place;
    const auto made = by_age_.insert(place, std::move(s));
    by_pid_.emplace(made->pid, made);
    while (size() > most_) drop(by_age_.front().pid);
  }

  /// Whoever takes it has it: nobody finds it a second time.
  std::optional<kept_session> take(std::string_view pid, time_point now) {
    sweep(now);
    const auto found = by_pid_.find(pid);
    if (found == by_pid_.end()) return std::nullopt;
    std::optional<kept_session> taken(std::move(*found->second));
    by_age_.erase(found->second);
    by_pid_.erase(found);
    return taken;
  }

  void sweep(time_point now) {
    while (!by_age_.empty() && by_age_.front().left_at + max_age_ < now) drop(by_age_.front().pid);
  }
  time_point deadline() const noexcept {
    return by_age_.empty() ? time_point::max() : by_age_.front().left_at + max_age_;
  }

 private:
  using age_list = std::list<kept_session>;

  void drop(const std::string& pid) {
    const auto found = by_pid_.find(pid);
    if (found == by_pid_.end()) return;
    const auto place = found->second;
    by_pid_.erase(found);
    by_age_.erase(place);
  }

  std::size_t most_;
  std::chrono::milliseconds max_age_;
  age_list by_age_;  // who left first stands first
  std::map<std::string, age_list::iterator, std::less<>> by_pid_;
};

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
