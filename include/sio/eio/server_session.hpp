// The server's end of one Engine.IO session: packets and times in; messages, an outbox and a deadline out.
#pragma once

#include <sio/eio/heartbeat.hpp>
#include <sio/eio/outbox.hpp>
#include <sio/eio/packet.hpp>
#include <sio/error.hpp>
#include <sio/options.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace eio {

/// The times that a session lives by.
struct session_times {
  milliseconds ping_interval, ping_timeout, upgrade_timeout;
  milliseconds noop_interval{100};   ///< how often a pending poll is released while the client probes
  milliseconds close_grace{30'000};  ///< how long a closing session waits for a poll that takes its close packet
};

class server_session {
 public:
  server_session(std::string sid, transport first, const session_times& times, time_point now,
                 eio::protocol spoken = eio::protocol::v4)
      : sid_(std::move(sid)), times_(times), heartbeat_(times.ping_interval, times.ping_timeout, now, spoken),
        protocol_(spoken), carrier_(first) {}

  const std::string& sid() const noexcept { return sid_; }
  eio::protocol protocol() const noexcept { return protocol_; }
  transport carrier() const noexcept { return carrier_; }
  bool is_open() const noexcept { return state_ == state::open; }
  /// Whether a WebSocket is on its way to take the session over.
  bool upgrading() const noexcept { return upgrade_ != upgrade_step::none; }
  /// Why it ended, once it has ended.
  std::optional<reason> closed() const noexcept { return closed_; }
  /// What the JS server hands out beside the reason; empty for most.
  std::string_view description() const noexcept { return description_; }

  // ---- packets in

  /// A packet from the transport that carries the session; what comes back is a message for the layer above.
  std::optional<packet> receive(const packet& p, time_point now);
  /// Something that is no packet came.
  void refuse() {
    if (state_ == state::open) end(reason::parse_error);
  }
  /// The transport broke, or broke a rule.
  void fail(std::string_view description) {
    description_ = description;
    end(reason::transport_error);
  }
  /// The peer closed the transport that carries the session.
  void lose() { end(reason::transport_close); }

  // ---- polling

  /// A GET waits. False if one waited already: that ends the session.
  bool begin_poll();
  bool polling() const noexcept { return poll_waits_; }
  /// The waiting GET went away unanswered.
  void abort_poll();

  // ---- upgrade

  /// A WebSocket asks to take the session over. False if it cannot.
  bool begin_upgrade(time_point now);
  enum class candidate_answer { pong, take_over, reject };
  /// A packet from that WebSocket.
  candidate_answer receive_candidate(const packet& p, time_point now);
  void end_upgrade() noexcept { upgrade_ = upgrade_step::none; }

  // ---- packets out

  void send(encoded_packet p, keep how = keep::always) {
    if (state_ == state::open) outbox_.push(std::move(p), how);
  }
  /// Forgets the oldest volatile event that waits; false if there is none.
  bool drop_oldest() { return outbox_.drop_oldest(); }
  bool empty() const noexcept { return outbox_.empty(); }
  std::size_t buffered_bytes() const noexcept { return outbox_.bytes(); }
  /// Whether the waiting GET can be answered now, and what with.
  bool poll_due() const noexcept;
  template <class Sink>
  void answer_poll(Sink&& sink);
  /// Whether the WebSocket that carries the session has something to send.
  bool has_frames() const noexcept {
    return carrier_ == transport::websocket && (!outbox_.empty() || state_ == state::closing);
  }
  /// Gives what the WebSocket that carries the session should send to `sink(encoded_packet)`.
  template <class Sink>
  void take_frames(Sink&& sink);

  // ---- closing and time

  /// Ends the session once everything sent before has been taken.
  void close(time_point now);
  /// Ends the session at once; what waits is forgotten.
  void discard() { end(reason::forced_close); }
  time_point deadline() const noexcept;
  void tick(time_point now);

 private:
  static constexpr unsigned max_pongs = 16;  // that wait for a v3 client, which waits for one at a time
  enum class state { open, closing, closed };
  enum class upgrade_step { none, opened, probed };

  void receive_heartbeat(packet_type type, time_point now);
  void end(reason why);

  std::string sid_;
  session_times times_;
  heartbeat heartbeat_;
  outbox outbox_;
  time_point upgrade_by_{}, noop_at_{}, close_by_{};
  std::optional<reason> closed_;
  std::string_view description_;
  eio::protocol protocol_;
  transport carrier_;
  state state_ = state::open;
  upgrade_step upgrade_ = upgrade_step::none;
  unsigned pongs_ = 0;  ///< in the outbox
  bool poll_waits_ = false;
  bool poll_is_late_ = false;  ///< it came when the session was closing already
  bool release_poll_ = false;  ///< answer it with a noop if there is nothing else
};

// ---- bodies

inline std::optional<packet> server_session::receive(const packet& p, time_point now) {
  if (state_ != state::open) return std::nullopt;
  if (p.type != packet_type::pong) heartbeat_.other_packet(now);
  switch (p.type) {
    case packet_type::message: return p;
    case packet_type::pong:
    case packet_type::ping: receive_heartbeat(p.type, now); return std::nullopt;
    case packet_type::close:
      // Over WebSocket the client is expected to close the WebSocket itself; the packet says nothing more.
      if (carrier_ != transport::polling) return std::nullopt;
      release_poll_ = poll_waits_;
      lose();
      return std::nullopt;
    default: return std::nullopt;  // open, upgrade and noop mean nothing on an established transport
  }
}

// In v4 the server pings, in v3 the client.
inline void server_session::receive_heartbeat(packet_type type, time_point now) {
  static const encoded_packet& pong = fixed_packet("3");
  if ((type == packet_type::ping) != (protocol_ == eio::protocol::v3)) return fail("invalid heartbeat direction");
  if (type == packet_type::pong) return heartbeat_.pong(now);
  heartbeat_.ping(now);
  if (pongs_ == max_pongs) return;
  outbox_.push(pong);
  ++pongs_;
}

inline bool server_session::begin_poll() {
  if (poll_waits_) {
    fail("overlap from client");
    return false;
  }
  poll_is_late_ = state_ == state::closing;
  return poll_waits_ = true;
}

inline void server_session::abort_poll() {
  if (!poll_waits_) return;
  poll_waits_ = false;
  fail("poll connection closed prematurely");
}

inline bool server_session::begin_upgrade(time_point now) {
  if (state_ != state::open || carrier_ != transport::polling || upgrading()) return false;
  upgrade_ = upgrade_step::opened;
  upgrade_by_ = now + times_.upgrade_timeout;
  return true;
}

inline server_session::candidate_answer server_session::receive_candidate(const packet& p, time_point now) {
  if (p.type == packet_type::ping && p.data == "probe" && !p.binary) {
    upgrade_ = upgrade_step::probed;
    noop_at_ = now;
    return candidate_answer::pong;
  }
  if (p.type == packet_type::upgrade && state_ != state::closed) {
    end_upgrade();
    carrier_ = transport::websocket;
    release_poll_ = poll_waits_;
    return candidate_answer::take_over;
  }
  end_upgrade();
  return candidate_answer::reject;
}

inline bool server_session::poll_due() const noexcept {
  return poll_waits_ && (release_poll_ || state_ != state::open || carrier_ != transport::polling || !outbox_.empty());
}

template <class Sink>
void server_session::answer_poll(Sink&& sink) {
  static const encoded_packet& noop = fixed_packet("6");
  static const encoded_packet& close_packet = fixed_packet("1");
  poll_waits_ = false;
  pongs_ = 0;
  const bool released = std::exchange(release_poll_, false);
  if (carrier_ != transport::polling) return sink(noop);  // the upgrade left it behind
  // Messages go alone: JS clients forget those that a close came with.
  if (!outbox_.empty()) return outbox_.drain(sink);
  if (released || poll_is_late_) sink(noop);
  if (released || state_ == state::open) return;
  sink(close_packet);
  end(reason::forced_close);
}

template <class Sink>
void server_session::take_frames(Sink&& sink) {
  if (carrier_ != transport::websocket) return;
  outbox_.drain(sink);
  pongs_ = 0;
  if (state_ == state::closing) end(reason::forced_close);
}

inline void server_session::close(time_point now) {
  if (state_ != state::open) return;
  state_ = state::closing;
  close_by_ = now + times_.close_grace;
  if (carrier_ == transport::websocket && outbox_.empty()) end(reason::forced_close);
}

inline void server_session::end(reason why) {
  if (state_ == state::closed) return;
  state_ = state::closed;
  closed_ = why;
  end_upgrade();
  if (!poll_waits_) outbox_.clear();
}

inline time_point server_session::deadline() const noexcept {
  if (state_ == state::closed) return time_point::max();
  time_point due = state_ == state::open ? heartbeat_.deadline() : close_by_;
  if (upgrading()) due = std::min(due, upgrade_by_);
  if (upgrade_ == upgrade_step::probed) due = std::min(due, noop_at_);
  return due;
}

inline void server_session::tick(time_point now) {
  static const encoded_packet& ping = fixed_packet("2");
  if (state_ == state::closed) return;
  if (state_ == state::closing) {
    if (now >= close_by_) end(reason::forced_close);
  } else {
    const heartbeat::action due = heartbeat_.tick(now);
    if (due == heartbeat::action::ping) outbox_.push(ping);
    if (due == heartbeat::action::give_up) return end(reason::ping_timeout);
  }
  if (upgrading() && now >= upgrade_by_) end_upgrade();
  if (upgrade_ != upgrade_step::probed || now < noop_at_) return;
  release_poll_ = poll_waits_;
  noop_at_ = now + times_.noop_interval;
}

}  // namespace eio
}  // namespace SIO_ABI
}  // namespace sio
