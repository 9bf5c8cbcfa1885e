// Everybody of one namespace on this server, their rooms, and how a broadcast reaches them: encoded once, walked once.
#pragma once

#include <sio/adapter.hpp>
#include <sio/ends/codec.hpp>
#include <sio/server/rooms.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

/// Whom a broadcast reaches.
class receiver : public local_socket, public member, public std::enable_shared_from_this<receiver> {
 public:
  virtual ~receiver() = default;
  /// Only queues: no user's code runs, no room changes.
  virtual void deliver(const event_packet& packet, const parser::encoded& bytes, const emit_flags& flags) = 0;
  /// The same with an id, for which an answer is waited until `flags.timeout`.
  virtual void ask(std::uint64_t id, const parser::encoded& bytes, const emit_flags& flags, ack_handler done) = 0;
  virtual socket_record describe() = 0;
  virtual void join(std::vector<std::string> rooms) = 0;
  virtual void leave(std::string room) = 0;
  virtual void disconnect(bool close) = 0;

  /// Whether somebody may want to see what is delivered: then `show` is called when all is delivered.
  bool watched() const noexcept { return watched_.load(std::memory_order_relaxed); }
  virtual void show(const event_packet&) {}
  /// Somebody wants to see it. From any thread.
  void watch() noexcept { watched_.store(true, std::memory_order_relaxed); }

 private:
  friend class audience;
  std::atomic<bool> watched_{false};
  static constexpr std::size_t outside = static_cast<std::size_t>(-1);
  std::size_t seat_ = outside;
};

class audience {
 public:
  using watcher = std::function<void(const room_change&)>;

  audience(std::string nsp, std::shared_ptr<const ends::codec> c) : nsp_(std::move(nsp)), codec_(std::move(c)) {}

  /// The namespace's name.
  const std::string& nsp() const noexcept { return nsp_; }
  /// How its packets are encoded.
  const ends::codec& codec() const noexcept { return *codec_; }
  const srv::rooms& rooms() const noexcept { return rooms_; }
  /// From any thread.
  std::size_t size() const noexcept { return size_.load(std::memory_order_relaxed); }
  /// Ids of acknowledgements are counted per namespace, as in JS. From any thread.
  std::uint64_t next_ack_id() noexcept { return next_ack_id_.fetch_add(1, std::memory_order_relaxed); }

  // ---- who is there

  void enter(receiver& who);
  /// Out of the namespace, and of its rooms without a word; harmless for one that never came in.
  void leave(receiver& who) noexcept;
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (receiver* r : seats_) visit(*r);
  }
  /// The one of that id, or null.
  receiver* find(const std::string& id) const;
  /// Those that a broadcast would reach, safe from whatever is done to them.
  std::vector<std::shared_ptr<receiver>> meant(const broadcast_options& by);

  /// Those of this server whose client may come back, by their pid.
  std::map<std::string, receiver*, std::less<>>& by_pid() noexcept { return by_pid_; }

  // ---- rooms; who watches them is told when all is done

  void join(receiver& who, const std::vector<std::string>& names);
  void leave(receiver& who, const std::vector<std::string>& names);
  void leave_all(receiver& who);
  void watch(watcher w) { watchers_.push_back(std::move(w)); }

  // ---- broadcasts

  /// Sees to it that the packet has its bytes. From any thread.
  void encode(event_packet& packet) const;
  void broadcast(event_packet packet, const broadcast_options& to);
  void ask(const event_packet& packet, const broadcast_options& to, const std::shared_ptr<answer_collector>& answers);

 private:
  template <class Visit>
  void walk(const broadcast_options& to, Visit&& visit) {
    const auto everybody = [this](auto&& once) { this->for_each(once); };
    rooms_.walk(to, everybody, [&](member& m) { visit(static_cast<receiver&>(m)); });
  }
  template <class Deliver>
  void deliver(const event_packet& packet, const broadcast_options& to, Deliver&& one);
  void note(room_change::kind what, const std::string& room, const std::string& id = {});
  void tell();

  std::string nsp_;
  std::shared_ptr<const ends::codec> codec_;
  srv::rooms rooms_;
  std::vector<receiver*> seats_;
  std::atomic<std::size_t> size_{0};
  std::map<std::string, receiver*, std::less<>> by_pid_;
  std::atomic<std::uint64_t> next_ack_id_{0};
  std::deque<watcher> watchers_;  // one may add another
  std::deque<room_change> changes_;
  bool telling_ = false;
};

// ---- bodies

inline void audience::enter(receiver& who) {
  who.seat_ = seats_.size();
  seats_.push_back(&who);
  size_.store(seats_.size(), std::memory_order_relaxed);
}

inline void audience::leave(receiver& who) noexcept {
  rooms_.leave_all(who);
  if (who.seat_ == receiver::outside) return;
  seats_.back()->seat_ = who.seat_;
  seats_[who.seat_] = seats_.back();
  seats_.pop_back();
  size_.store(seats_.size(), std::memory_order_relaxed);
  who.seat_ = receiver::outside;
}

// Nearly always it is in the room of its id.
inline receiver* audience::find(const std::string& id) const {
  receiver* found = nullptr;
  rooms_.for_each_in(id, [&](member& m) {
    auto& r = static_cast<receiver&>(m);
    if (r.id() == id && r.seat_ != receiver::outside) found = &r;
  });
  if (found) return found;
  for (receiver* r : seats_)
    if (r->id() == id) return r;
  return nullptr;
}

inline std::vector<std::shared_ptr<receiver>> audience::meant(const broadcast_options& by) {
  std::vector<std::shared_ptr<receiver>> all;
  walk(by, [&](receiver& r) {
    if (r.seat_ != receiver::outside) all.push_back(r.shared_from_this());
  });
  return all;
}

inline void audience::join(receiver& who, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const room_move m = rooms_.join(who, name);
    if (m.whole_room) note(room_change::kind::create, name);
    if (m.moved) note(room_change::kind::join, name, who.id());
  }
  tell();
}

inline void audience::leave(receiver& who, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const room_move m = rooms_.leave(who, name);
    if (m.moved) note(room_change::kind::leave, name, who.id());
    if (m.whole_room) note(room_change::kind::remove, name);
  }
  tell();
}

inline void audience::leave_all(receiver& who) {
  if (watchers_.empty()) return rooms_.leave_all(who);
  leave(who, rooms_.of(who));
}

inline void audience::note(room_change::kind what, const std::string& room, const std::string& id) {
  if (!watchers_.empty()) changes_.push_back({what, room, id});
}

// In their order, even when who is told changes more.
inline void audience::tell() {
  if (changes_.empty() || std::exchange(telling_, true)) return;
  for (; !changes_.empty(); changes_.pop_front())
    for (std::size_t i = 0; i != watchers_.size(); ++i) watchers_[i](changes_.front());
  telling_ = false;
}

inline void audience::encode(event_packet& packet) const {
  if (packet.encoded()) return;
  packet.keep(
      std::make_shared<const parser::encoded>(codec_->event(nsp_, std::nullopt, packet.event(), packet.arguments())));
}

// Users' code sees the packet when everybody has got it.
template <class Deliver>
void audience::deliver(const event_packet& packet, const broadcast_options& to, Deliver&& one) {
  std::vector<std::shared_ptr<receiver>> watched;
  walk(to, [&](receiver& r) {
    one(r);
    if (r.watched()) watched.push_back(r.shared_from_this());
  });
  for (const auto& r : watched) r->show(packet);
}

inline void audience::broadcast(event_packet packet, const broadcast_options& to) {
  encode(packet);
  deliver(packet, to, [&](receiver& r) { r.deliver(packet, *packet.encoded(), to.flags); });
}

inline void audience::ask(const event_packet& packet, const broadcast_options& to,
                          const std::shared_ptr<answer_collector>& answers) {
  const std::uint64_t id = next_ack_id();
  const parser::encoded bytes = codec_->event(nsp_, id, packet.event(), packet.arguments());
  std::vector<std::string> asked;
  deliver(packet, to, [&](receiver& r) {
    r.ask(id, bytes, to.flags, [answers, who = r.id()](error_code ec, array& answer) -> std::optional<std::string> {
      if (!ec) answers->answered(who, answer.empty() ? value() : std::move(answer.front()));
      if (ec == errc::disconnected) answers->left(who);
      return std::nullopt;
    });
    asked.push_back(r.id());
  });
  const std::size_t count = asked.size();
  answers->asked(count, std::move(asked));
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
