// The recoverable packets of one namespace, in order; bounded in number, bytes and age.
#pragma once

#include <sio/parser/encoder.hpp>
#include <sio/server/offset.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

using time_point = std::chrono::steady_clock::time_point;

/// A room, and the last packet before it was joined: what was sent there earlier is none of the member's business.
struct stay {
  std::string room;
  packet_offset since;
};

/// Sorted by their rooms' names.
using stays = std::vector<stay>;

inline const stay* find(const stays& all, std::string_view room) {
  const auto found = std::lower_bound(all.begin(), all.end(), room,
                                      [](const stay& s, std::string_view name) { return s.room < name; });
  return found != all.end() && found->room == room ? &*found : nullptr;
}

/// The union of `rooms` (none: everybody), less who is in a room of `except`.
struct audience_of {
  std::vector<std::string> rooms, except;
};

using kept_packet = std::shared_ptr<const parser::encoded>;

struct packet_log_limits {
  std::size_t max_packets, max_bytes;
  std::chrono::milliseconds max_age;
};

class packet_log {
 public:
  /// `last`: the place before the first packet.
  packet_log(const packet_log_limits& limits, packet_offset last) : limits_(limits), last_(last) {}

  /// The place of the newest packet.
  packet_offset last() const noexcept { return last_; }
  std::size_t size() const noexcept { return packets_.size(); }
  std::size_t bytes() const noexcept { return bytes_; }
  /// What was dropped last, once anything was.
  struct gap {
    packet_offset at;
    time_point sent;
  };
  const std::optional<gap>& dropped() const noexcept { return dropped_; }

  /// Keeps the packet whose place is `last() + 1`; old ones make room for it.
  void append(audience_of to, kept_packet packet, time_point now);

  /// What was sent after `after` to who was in these rooms, oldest first.
  std::vector<kept_packet> missed(const stays& rooms, packet_offset after) const;

  /// Drops what is too old.
  void sweep(time_point now) {
    while (!packets_.empty() && packets_.front().sent + limits_.max_age < now) drop_oldest();
  }
  /// When the oldest is too old.
  time_point deadline() const noexcept {
    return packets_.empty() ? time_point::max() : packets_.front().sent + limits_.max_age;
  }

 private:
  struct entry {
    audience_of to;  // rooms sorted, each once
    kept_packet packet;
    time_point sent;
    std::size_t bytes;
    std::vector<packet_offset> before;  // for each of the rooms, or for everybody: the packet before this one
  };
  using tracks = std::map<std::string, packet_offset, std::less<>>;

  packet_offset first() const noexcept { return last_ + 1 - packets_.size(); }
  const entry& at(packet_offset place) const { return packets_[static_cast<std::size_t>(place - first())]; }
  void link(entry& e);
  void drop_oldest();
  void collect(std::vector<packet_offset>& found, std::string_view room, packet_offset newest,
               packet_offset after) const;
  static bool excepted(const audience_of& to, const stays& rooms, packet_offset place);

  packet_log_limits limits_;
  packet_offset last_;
  std::deque<entry> packets_;
  std::size_t bytes_ = 0;
  packet_offset for_everybody_ = 0;  // the newest one
  tracks newest_;                    // of each room
  std::optional<gap> dropped_;
};

// ---- bodies

namespace detail {

// With what it costs to keep it.
inline std::size_t kept_size(const audience_of& to, const parser::encoded& packet) {
  std::size_t bytes = 256 + packet.head.size();
  for (const eio::encoded_packet& attachment : packet.attachments) bytes += 64 + attachment.size();
  for (const auto* names : {&to.rooms, &to.except})
    for (const std::string& name : *names) bytes += 128 + name.size();
  return bytes;
}

}  // namespace detail

inline void packet_log::append(audience_of to, kept_packet packet, time_point now) {
  sweep(now);
  std::sort(to.rooms.begin(), to.rooms.end());
  to.rooms.erase(std::unique(to.rooms.begin(), to.rooms.end()), to.rooms.end());
  const std::size_t bytes = detail::kept_size(to, *packet);
  packets_.push_back({std::move(to), std::move(packet), now, bytes, {}});
  ++last_;
  bytes_ += bytes;
  link(packets_.back());
  while (packets_.size() > limits_.max_packets || bytes_ > limits_.max_bytes) drop_oldest();
}

// Each room's packets form a chain, newest first, so that nobody who returns reads what was for others.
inline void packet_log::link(entry& e) {
  if (e.to.rooms.empty()) {
    e.before.push_back(std::exchange(for_everybody_, last_));
    return;
  }
  for (const std::string& room : e.to.rooms) e.before.push_back(std::exchange(newest_[room], last_));
}

inline void packet_log::drop_oldest() {
  const entry& oldest = packets_.front();
  dropped_ = gap{first(), oldest.sent};
  for (const std::string& room : oldest.to.rooms)
    if (const auto track = newest_.find(room); track->second == dropped_->at) newest_.erase(track);
  bytes_ -= oldest.bytes;
  packets_.pop_front();
}

inline void packet_log::collect(std::vector<packet_offset>& found, std::string_view room, packet_offset newest,
                                packet_offset after) const {
  for (packet_offset place = newest; place > after && place >= first();) {
    found.push_back(place);
    const entry& e = at(place);
    const auto which = std::lower_bound(e.to.rooms.begin(), e.to.rooms.end(), room) - e.to.rooms.begin();
    place = e.before[static_cast<std::size_t>(which)];
  }
}

inline bool packet_log::excepted(const audience_of& to, const stays& rooms, packet_offset place) {
  return std::any_of(to.except.begin(), to.except.end(), [&](const std::string& name) {
    const stay* s = find(rooms, name);
    return s && s->since < place;
  });
}

inline std::vector<kept_packet> packet_log::missed(const stays& rooms, packet_offset after) const {
  std::vector<packet_offset> found;
  collect(found, {}, for_everybody_, after);
  for (const stay& s : rooms)
    if (const auto track = newest_.find(s.room); track != newest_.end())
      collect(found, s.room, track->second, std::max(after, s.since));
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  std::vector<kept_packet> packets;
  for (const packet_offset place : found)
    if (const entry& e = at(place); !excepted(e.to, rooms, place)) packets.push_back(e.packet);
  return packets;
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
