// All sessions of an engine, by their ids.
#pragma once

#include <sio/eio/handshake.hpp>
#include <sio/net/network.hpp>
#include <sio/net/random.hpp>
#include <sio/options.hpp>
#include <sio/request.hpp>
#include <sio/server/link.hpp>

#include <atomic>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

class links : public std::enable_shared_from_this<links> {
 public:
  /// Makes the layer above a new link.
  using user_factory = std::function<std::shared_ptr<link_user>(const std::shared_ptr<link>&, const request&)>;

  links(std::shared_ptr<net::loop> l, std::shared_ptr<const server_options> options,
        std::shared_ptr<const ends::log> lg, user_factory make_user)
      : loop_(std::move(l)), options_(std::move(options)), make_user_(std::move(make_user)),
        rules_(std::make_shared<const link_rules>(
            link_rules{{options_->ping_interval, options_->ping_timeout, options_->upgrade_timeout},
                       options_->max_packets_per_payload,
                       options_,
                       std::move(lg),
                       make_compression(options_->http_compression)})),
        keeper_(std::make_shared<doorkeeper>(options_)) {}

  /// Null (the pointer) if there is no such session, or it has ended.
  std::shared_ptr<link> find(const std::string* sid) const {
    const auto found = sid ? by_sid_.find(*sid) : by_sid_.end();
    return found == by_sid_.end() || found->second->ended() ? nullptr : found->second;
  }

  /// A new session; its open packet waits for what will carry it.
  std::shared_ptr<link> make(transport first, const request& asked, const std::string& sid);

  template <class Visit>
  void for_each(Visit&& visit) const {
    for (const auto& [sid, session] : by_sid_) visit(*session);
  }
  bool has(const std::string& sid) const { return by_sid_.find(sid) != by_sid_.end(); }
  /// How many there are; for any thread.
  std::size_t size() const noexcept { return size_.load(std::memory_order_relaxed); }
  std::vector<std::shared_ptr<link>> all() const {
    std::vector<std::shared_ptr<link>> out;
    for (const auto& [sid, session] : by_sid_) out.push_back(session);
    return out;
  }
  bool closed() const noexcept { return closed_; }
  bool full() const noexcept { return full_; }
  /// No further one may begin; those that there are go on.
  void turn_newcomers_away() noexcept { full_ = true; }
  /// Ends every session at once; no further one may begin.
  void close() {
    closed_ = true;
    for (const auto& [sid, session] : std::map(by_sid_)) session->discard();
  }

 private:
  static std::shared_ptr<poll_compression> make_compression(const std::optional<http_compression_options>& o);
  void forget(const std::string& sid);

  std::shared_ptr<net::loop> loop_;
  std::shared_ptr<const server_options> options_;
  user_factory make_user_;
  std::unique_ptr<intake> make_intake(const std::string& address);

  std::shared_ptr<const link_rules> rules_;
  std::shared_ptr<doorkeeper> keeper_;
  std::map<std::string, std::shared_ptr<link>, std::less<>> by_sid_;
  std::atomic<std::size_t> size_{0};
  bool closed_ = false, full_ = false;
};

// ---- bodies

inline std::shared_ptr<poll_compression> links::make_compression(const std::optional<http_compression_options>& o) {
  if (!o) return nullptr;
  return std::make_shared<poll_compression>(poll_compression{o->threshold, http::compressor(o->level)});
}

inline void links::forget(const std::string& sid) {
  by_sid_.erase(sid);
  size_.store(by_sid_.size(), std::memory_order_relaxed);
}

inline std::shared_ptr<link> links::make(transport first, const request& asked, const std::string& sid) {
  auto made = std::make_shared<link>(loop_, rules_, sid, first, dialect_of(asked.query));
  by_sid_.emplace(sid, made);
  size_.store(by_sid_.size(), std::memory_order_relaxed);
  made->pace().meter(make_intake(asked.address));
  made->start(eio::encoded_packet(eio::open_packet(made->sid(), eio::may_upgrade(first, *options_), *options_)),
              make_user_(made, asked), [weak = weak_from_this(), sid] {
                if (const auto self = weak.lock()) self->forget(sid);
              });
  if (!options_->initial_packet.empty()) made->send(eio::encoded_packet('4' + options_->initial_packet));
  return made;
}

inline std::unique_ptr<intake> links::make_intake(const std::string& address) {
  const bool shared = options_->rate_limit_per_address.any();
  if (!shared && !options_->rate_limit.any()) return nullptr;
  const net::time_point now = loop_->now();
  return std::make_unique<intake>(*options_, shared ? keeper_->share(net::network_of(address), now) : nullptr, now);
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
