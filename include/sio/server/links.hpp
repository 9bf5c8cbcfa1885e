// All sessions of an engine, by their ids.
#pragma once

#include <sio/eio/handshake.hpp>
#include <sio/net/random.hpp>
#include <sio/options.hpp>
#include <sio/request.hpp>
#include <sio/server/link.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

class links : public std::enable_shared_from_this<links> {
 public:
  /// Makes the layer above a new link.
  using user_factory = std::function<std::shared_ptr<link_user>(const std::shared_ptr<link>&, const request&)>;

  links(std::shared_ptr<net::loop> l, std::shared_ptr<const server_options> options, user_factory make_user)
      : loop_(std::move(l)), options_(std::move(options)), make_user_(std::move(make_user)),
        rules_(std::make_shared<const link_rules>(
            link_rules{{options_->ping_interval, options_->ping_timeout, options_->upgrade_timeout},
                       options_->max_packets_per_payload,
                       options_->max_buffered_bytes})) {}

  /// Null (the pointer) if there is no such session, or it has ended.
  std::shared_ptr<link> find(const std::string* sid) const {
    const auto found = sid ? by_sid_.find(*sid) : by_sid_.end();
    return found == by_sid_.end() || found->second->ended() ? nullptr : found->second;
  }

  /// A new session; its open packet waits for what will carry it.
  std::shared_ptr<link> make(transport first, const request& asked);

  std::size_t size() const noexcept { return by_sid_.size(); }
  bool closed() const noexcept { return closed_; }
  /// Ends every session at once; no further one may begin.
  void close() {
    closed_ = true;
    for (const auto& [sid, session] : std::map(by_sid_)) session->discard();
  }

 private:
  std::shared_ptr<net::loop> loop_;
  std::shared_ptr<const server_options> options_;
  user_factory make_user_;
  std::shared_ptr<const link_rules> rules_;
  std::map<std::string, std::shared_ptr<link>, std::less<>> by_sid_;
  bool closed_ = false;
};

// ---- bodies

inline std::shared_ptr<link> links::make(transport first, const request& asked) {
  auto made = std::make_shared<link>(loop_, rules_, net::random_id(), first);
  by_sid_.emplace(made->sid(), made);
  made->start(eio::encoded_packet(eio::open_packet(made->sid(), eio::may_upgrade(first, *options_), *options_)),
              make_user_(made, asked), [weak = weak_from_this(), sid = made->sid()] {
                if (const auto self = weak.lock()) self->by_sid_.erase(sid);
              });
  return made;
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
