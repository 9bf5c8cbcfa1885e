// Events that wait for a connection, within bounds (JS: `sendBuffer`).
#pragma once

#include <sio/client_options.hpp>
#include <sio/net/timers.hpp>
#include <sio/parser/encoder.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace cln {

/// An event on its way out.
struct outgoing {
  std::string name;
  parser::encoded packet;
  std::optional<std::uint64_t> id;  ///< of the acknowledgement that it asks for
  bool compress = true;
  net::time_point due = net::time_point::max();  ///< when nobody waits for that any more
  std::shared_ptr<const array> shown{};          ///< its arguments, if somebody watches what leaves

  std::size_t bytes() const {
    std::size_t all = packet.head.size();
    for (const auto& attachment : packet.attachments) all += attachment.size();
    return all;
  }
};

class offline {
 public:
  explicit offline(const client_options& options)
      : max_events_(options.max_offline_events), max_bytes_(options.max_offline_bytes),
        policy_(options.when_offline_full) {}

  /// Keeps it; what had to go for that, itself perhaps, is returned.
  std::vector<outgoing> push(outgoing event) {
    std::vector<outgoing> dropped;
    const std::size_t size = event.bytes();
    const bool never = max_events_ == 0 || size > max_bytes_;
    while (policy_ == offline_policy::drop_oldest && !never && !fits(size)) dropped.push_back(*pop());
    if (fits(size)) {
      bytes_ += size;
      waiting_.push_back(std::move(event));
    } else {
      dropped.push_back(std::move(event));
    }
    return dropped;
  }

  std::optional<outgoing> pop() {
    if (waiting_.empty()) return std::nullopt;
    std::optional<outgoing> first(std::move(waiting_.front()));
    waiting_.pop_front();
    bytes_ -= first->bytes();
    return first;
  }

  /// Forgets those that nobody waits for any more.
  void expire(net::time_point now) {
    const auto late = [&](const outgoing& e) { return e.due <= now; };
    waiting_.erase(std::remove_if(waiting_.begin(), waiting_.end(), late), waiting_.end());
    bytes_ = 0;
    for (const outgoing& e : waiting_) bytes_ += e.bytes();
  }

  bool empty() const noexcept { return waiting_.empty(); }
  bool has(std::uint64_t id) const {
    return std::any_of(waiting_.begin(), waiting_.end(), [id](const outgoing& e) { return e.id == id; });
  }
  std::vector<offline_event> list() const {
    std::vector<offline_event> all;
    for (const outgoing& e : waiting_) all.push_back({e.name, e.bytes()});
    return all;
  }

 private:
  bool fits(std::size_t size) const noexcept {
    return waiting_.size() < max_events_ && size <= max_bytes_ && bytes_ <= max_bytes_ - size;
  }

  std::size_t max_events_, max_bytes_, bytes_ = 0;
  offline_policy policy_;
  std::deque<outgoing> waiting_;
};

}  // namespace cln
}  // namespace SIO_ABI
}  // namespace sio
