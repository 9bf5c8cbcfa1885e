// Connection state recovery of one namespace: who is away, what they miss, and whether it is all there.
#pragma once

#include <sio/server/packet_log.hpp>
#include <sio/server/session_store.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

struct recovery_rules {
  std::chrono::milliseconds max_disconnection_duration;
  /// How long a dead connection may go unnoticed: what was sent before that has arrived.
  std::chrono::milliseconds max_silence;
  bool skip_middlewares;
  std::size_t max_packets, max_bytes, max_sessions;
  /// A client that missed more than so many bytes begins anew.
  std::size_t max_missed_bytes;
};

class recovery {
 public:
  /// `begin`: microseconds since 1970, so that a client that brings an offset of an earlier process brings a smaller
  /// one, however fast that process sent.
  recovery(const recovery_rules& rules, packet_offset begin)
      : rules_(rules),
        log_({rules.max_packets, rules.max_bytes, rules.max_disconnection_duration + rules.max_silence}, begin),
        sessions_(rules.max_sessions, rules.max_disconnection_duration) {}

  packet_log& log() noexcept { return log_; }
  session_store& sessions() noexcept { return sessions_; }

  /// The session of that pid, which is nobody else's from now on. Nothing if there is none, if the offset is none of
  /// ours, or if a packet that it needs is gone. `text` is the last packet that the client has, and empty if it has
  /// none.
  std::optional<kept_session> take(std::string_view pid, std::string_view text, time_point now);

  /// What the session's client misses; nothing (the optional) if some of that is gone or it is too much.
  std::optional<std::vector<kept_packet>> missed(const kept_session& s) const;

  void sweep(time_point now) {
    log_.sweep(now);
    sessions_.sweep(now);
  }
  /// When `sweep` has something to drop.
  time_point deadline() const noexcept { return std::min(log_.deadline(), sessions_.deadline()); }

 private:
  bool complete(const kept_session& s) const;

  recovery_rules rules_;
  packet_log log_;
  session_store sessions_;
};

// ---- bodies

// A client keeps its last offset when it gets a new session: one from before that means that nothing came since.
inline std::optional<kept_session> recovery::take(std::string_view pid, std::string_view text, time_point now) {
  const std::optional<packet_offset> given = text.empty() ? packet_offset{0} : to_offset(text);
  std::optional<kept_session> s = sessions_.take(pid, now);
  if (!s || !given || *given > log_.last()) return std::nullopt;
  s->since = std::max(s->since, *given);
  if (!missed(*s)) return std::nullopt;
  return s;
}

// What was dropped does not matter to who has it: because it has a later one, or because a connection that lived on
// for so long has brought it.
inline bool recovery::complete(const kept_session& s) const {
  const auto& gap = log_.dropped();
  if (!gap || gap->at <= s.since) return true;
  return std::max(gap->sent, s.welcomed_at) + rules_.max_silence <= s.left_at;
}

inline std::optional<std::vector<kept_packet>> recovery::missed(const kept_session& s) const {
  if (!complete(s)) return std::nullopt;
  auto packets = log_.missed(s.rooms, s.since);
  std::size_t bytes = 0;
  for (const kept_packet& p : packets) {
    bytes += p->head.size();
    for (const eio::encoded_packet& attachment : p->attachments) bytes += attachment.size();
  }
  if (bytes > rules_.max_missed_bytes) return std::nullopt;
  return packets;
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
