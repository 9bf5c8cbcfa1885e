// What the WebSockets of one loop share of permessage-deflate: its rules, and what this turn has compressed already.
#pragma once

#include <sio/net/loop.hpp>
#include <sio/ws/deflate.hpp>
#include <sio/ws/deflate_terms.hpp>

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace net {

struct deflate_rules {
  ws::deflate_wishes wishes;
  ws::deflate_effort effort;
  std::size_t threshold = 1024;  ///< bytes below which a message is not compressed
};

/// Where no context is kept, equal windows make equal bytes: a payload that goes to many is compressed once in a turn.
class deflate_pool final : public flushable, public std::enable_shared_from_this<deflate_pool> {
 public:
  using payload = std::shared_ptr<const std::string>;

  deflate_pool(std::shared_ptr<net::loop> l, const deflate_rules& rules) : loop_(std::move(l)), rules_(rules) {}

  const deflate_rules& rules() const noexcept { return rules_; }

  /// `raw` compressed by itself; null if that makes it no smaller.
  payload compressed(const payload& raw, int window_bits) {
    const auto known = done_.find({raw, window_bits});
    if (known != done_.end()) return known->second;
    payload made = compress(*raw, window_bits);
    if (done_.size() < most) done_.emplace(std::pair(raw, window_bits), made);
    loop_->mark(shared_from_this());
    return made;
  }

  /// How often something was compressed here.
  std::size_t compressions() const noexcept { return compressions_; }

 private:
  static constexpr std::size_t most = 1024;  // payloads of one turn that are remembered

  payload compress(const std::string& raw, int window_bits) {
    ++compressions_;
    ws::deflater& shared = deflaters_.try_emplace(window_bits, window_bits, false, rules_.effort).first->second;
    std::string made = shared.compress(raw);
    return made.size() < raw.size() ? std::make_shared<const std::string>(std::move(made)) : nullptr;
  }

  void flush() override { done_.clear(); }
  void lose() noexcept override { done_.clear(); }

  std::shared_ptr<net::loop> loop_;
  deflate_rules rules_;
  std::map<int, ws::deflater> deflaters_;  // by their window
  std::map<std::pair<payload, int>, payload> done_;
  std::size_t compressions_ = 0;
};

/// One WebSocket's outgoing compression, if it was agreed.
class outgoing_deflate {
 public:
  outgoing_deflate(std::shared_ptr<deflate_pool> pool, ws::role me, const ws::deflate_terms& agreed)
      : pool_(std::move(pool)), own_(agreed.bits(me), true, pool_->rules().effort), bits_(agreed.bits(me)),
        keeps_context_(agreed.keeps_context(me)) {}

  /// What is to be sent in its place; null: it goes as it is.
  deflate_pool::payload compressed(const deflate_pool::payload& raw) {
    if (!raw || raw->size() < pool_->rules().threshold) return nullptr;
    if (!keeps_context_) return pool_->compressed(raw, bits_);
    return std::make_shared<const std::string>(own_.compress(*raw));
  }

 private:
  std::shared_ptr<deflate_pool> pool_;
  ws::deflater own_;  // whose context is kept
  int bits_;
  bool keeps_context_;
};

}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio
