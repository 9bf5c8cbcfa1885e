// How many connections there are, from which addresses, how much they send, and whether one more may come in.
#pragma once

#include <sio/options.hpp>
#include <sio/server/bucket.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

/// Packets and bytes of one source: a connection, or all of an address.
class meter {
 public:
  using time_point = bucket::time_point;

  meter(const rate_limit& limit, time_point now)
      : packets_(limit.packets_per_second, limit.burst, now), bytes_(limit.bytes_per_second, limit.burst, now) {}

  /// Returns when what came too much will be even again.
  time_point take(std::size_t bytes, time_point now) noexcept {
    const time_point first = packets_.take(1, now);
    return std::max(first, bytes_.take(static_cast<double>(bytes), now));
  }
  bool full(time_point now) const noexcept { return packets_.full(now) && bytes_.full(now); }

 private:
  bucket packets_, bytes_;
};

/// One network that clients come from.
struct address_share {
  std::size_t connections = 0;
  meter traffic;
};

class doorkeeper : public std::enable_shared_from_this<doorkeeper> {
 public:
  using time_point = bucket::time_point;

  explicit doorkeeper(std::shared_ptr<const server_options> options) : options_(std::move(options)) {}

  std::size_t connections() const noexcept { return connections_; }

  /// Lets a connection of that network in for as long as it keeps what is returned; null if there are too many.
  std::shared_ptr<void> admit(const std::string& network, time_point now) {
    const server_options& o = *options_;
    if (o.max_connections != 0 && connections_ >= o.max_connections) return nullptr;
    std::shared_ptr<address_share> from;
    if (counts_addresses()) from = share(network, now);
    if (from && o.max_connections_per_address != 0 && from->connections >= o.max_connections_per_address)
      return nullptr;
    return std::make_shared<ticket>(shared_from_this(), std::move(from));
  }

  /// What all connections from there have in common.
  std::shared_ptr<address_share> share(const std::string& network, time_point now) {
    auto found = shares_.find(network);
    if (found != shares_.end()) return found->second;
    forget_strangers(now);
    auto made = std::make_shared<address_share>(address_share{0, meter(options_->rate_limit_per_address, now)});
    shares_.emplace(network, made);
    return made;
  }
  std::size_t addresses() const noexcept { return shares_.size(); }

 private:
  struct ticket {
    ticket(std::shared_ptr<doorkeeper> k, std::shared_ptr<address_share> s) : keeper(std::move(k)), from(std::move(s)) {
      ++keeper->connections_;
      if (from) ++from->connections;
    }
    ticket(const ticket&) = delete;
    ticket& operator=(const ticket&) = delete;
    ~ticket() {
      --keeper->connections_;
      if (from) --from->connections;
    }
    std::shared_ptr<doorkeeper> keeper;
    std::shared_ptr<address_share> from;
  };

  bool counts_addresses() const noexcept { return options_->max_connections_per_address != 0; }

  // Who left in debt is remembered until it is paid back: reconnecting does not help. Swept whenever there are twice
  // as many as the last sweep left.
  void forget_strangers(time_point now) {
    if (shares_.size() < sweep_at_) return;
    for (auto it = shares_.begin(); it != shares_.end();)
      it = it->second.use_count() == 1 && it->second->traffic.full(now) ? shares_.erase(it) : std::next(it);
    sweep_at_ = std::max<std::size_t>(1024, 2 * shares_.size());
  }

  std::shared_ptr<const server_options> options_;
  std::map<std::string, std::shared_ptr<address_share>> shares_;
  std::size_t connections_ = 0, sweep_at_ = 1024;
};

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
