// Tries the addresses of a host, IPv6 and IPv4 in turn, each a moment after the one before (RFC 8305): the first
// that answers wins.
#pragma once

#include <sio/net/dial_step.hpp>
#include <sio/net/loop.hpp>
#include <sio/net/socket_stream.hpp>

#include <asio/error.hpp>
#include <asio/ip/address.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace net {

template <class Protocol>
class address_race final : public dial_step, public std::enable_shared_from_this<address_race<Protocol>> {
 public:
  using endpoint = typename Protocol::endpoint;

  /// `target` is what the sentences call it.
  address_race(std::shared_ptr<net::loop> l, std::string target, std::vector<endpoint> to,
               std::chrono::milliseconds delay, report done)
      : loop_(std::move(l)), target_(std::move(target)), to_(std::move(to)), delay_(delay), done_(std::move(done)),
        next_turn_(loop_->timers(), [this] { next(); }) {}

  void start() { next(); }
  void cancel() noexcept override {
    next_turn_.cancel();
    running_.clear();
    const report dying = std::exchange(done_, nullptr);  // what it holds may hold this
  }
  std::string too_late() const override { return sentence("timed out"); }

 private:
  using socket = typename Protocol::socket;

  void next();
  void tried(std::size_t which, std::error_code ec);
  void win(socket s);
  void lose() { std::exchange(done_, nullptr)(dialled::failed(sentence({}), code_)); }
  std::string sentence(std::string causes) const;

  std::shared_ptr<net::loop> loop_;
  std::string target_;
  std::vector<endpoint> to_;
  std::chrono::milliseconds delay_;
  report done_;
  timer next_turn_;
  std::vector<std::unique_ptr<socket>> running_;  // by their place in `to_`
  std::size_t failed_ = 0;
  std::vector<std::string> causes_;  // each once
  std::error_code code_;             // the first
};

// ---- bodies

template <class Protocol>
void address_race<Protocol>::next() {
  const std::size_t which = running_.size();
  running_.push_back(std::make_unique<socket>(loop_->executor()));
  if (running_.size() != to_.size()) next_turn_.expires_at(loop_->now() + delay_);
  running_[which]->async_connect(to_[which], [self = this->shared_from_this(), which](const std::error_code& ec) {
    if (self->loop_->abandoned() || !self->done_) return;
    loop::turn now(*self->loop_);
    self->tried(which, ec);
  });
}

// A socket may meet itself, where nobody listens at a port of those that the system gives to clients.
template <class Socket>
bool met_itself(const Socket& s) {
  std::error_code here, there;
  const auto own = s.local_endpoint(here), peer = s.remote_endpoint(there);
  return !here && !there && own == peer;
}

template <class Protocol>
void address_race<Protocol>::tried(std::size_t which, std::error_code ec) {
  if (!ec && met_itself(*running_[which])) ec = asio::error::connection_refused;
  if (!ec) return win(std::move(*running_[which]));
  running_[which].reset();
  if (!code_) code_ = ec;
  if (std::find(causes_.begin(), causes_.end(), ec.message()) == causes_.end()) causes_.push_back(ec.message());
  if (++failed_ == to_.size()) return lose();
  if (running_.size() != to_.size()) next();
}

template <class Protocol>
void address_race<Protocol>::win(socket s) {
  const report done = std::exchange(done_, nullptr);
  cancel();
  done({make_stream(std::move(s)), {}, {}});
}

template <class Protocol>
std::string address_race<Protocol>::sentence(std::string causes) const {
  for (const std::string& one : causes_) causes += (causes.empty() ? "" : "; ") + one;
  return "cannot connect to " + target_ + ": " + causes;
}

/// The family of the first one begins, then they take turns.
inline std::vector<asio::ip::address> interleaved(const std::vector<asio::ip::address>& all) {
  std::vector<asio::ip::address> first, second, out;
  for (const asio::ip::address& one : all) (one.is_v6() == all.front().is_v6() ? first : second).push_back(one);
  for (std::size_t i = 0; i != std::max(first.size(), second.size()); ++i) {
    if (i < first.size()) out.push_back(first[i]);
    if (i < second.size()) out.push_back(second[i]);
  }
  return out;
}

}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio
