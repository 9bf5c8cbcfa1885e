// Everybody of one namespace, their rooms, and how a broadcast reaches them: encoded once, walked once.
#pragma once

#include <sio/server/codec.hpp>
#include <sio/server/rooms.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

/// Whom a broadcast reaches.
class receiver : public member {
 public:
  virtual ~receiver() = default;
  /// Only queues: no user's code runs, no room changes.
  virtual void deliver(const parser::encoded& packet, bool is_volatile) = 0;

 private:
  friend class audience;
  static constexpr std::size_t outside = static_cast<std::size_t>(-1);
  std::size_t seat_ = outside;
};

class audience {
 public:
  audience(std::string nsp, std::shared_ptr<const srv::codec> c) : nsp_(std::move(nsp)), codec_(std::move(c)) {}

  /// The namespace's name.
  const std::string& nsp() const noexcept { return nsp_; }
  /// How its packets are encoded.
  const srv::codec& codec() const noexcept { return *codec_; }
  srv::rooms& rooms() noexcept { return rooms_; }
  std::size_t size() const noexcept { return seats_.size(); }
  /// Ids of acknowledgements are counted per namespace, as in JS. From any thread.
  std::uint64_t next_ack_id() noexcept { return next_ack_id_.fetch_add(1, std::memory_order_relaxed); }

  void enter(receiver& who) {
    who.seat_ = seats_.size();
    seats_.push_back(&who);
  }

  /// Out of its rooms and out of the namespace; harmless for one that never came in.
  void leave(receiver& who) {
    rooms_.leave_all(who);
    if (who.seat_ == receiver::outside) return;
    seats_.back()->seat_ = who.seat_;
    seats_[who.seat_] = seats_.back();
    seats_.pop_back();
    who.seat_ = receiver::outside;
  }

  template <class Visit>
  void for_each(Visit&& visit) const {
    for (receiver* r : seats_) visit(*r);
  }

  void broadcast(const address& to, const parser::encoded& packet, bool is_volatile) {
    const auto everybody = [this](auto&& visit) { for_each(visit); };
    rooms_.walk(to, everybody, [&](member& m) { static_cast<receiver&>(m).deliver(packet, is_volatile); });
  }

 private:
  std::string nsp_;
  std::shared_ptr<const srv::codec> codec_;
  srv::rooms rooms_;
  std::vector<receiver*> seats_;
  std::atomic<std::uint64_t> next_ack_id_{0};
};

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
