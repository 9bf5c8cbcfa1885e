// The client's end of one Engine.IO session: packets and times in; messages, an outbox and a deadline out.
#pragma once

#include <sio/eio/client_fault.hpp>
#include <sio/eio/client_handshake.hpp>
#include <sio/eio/client_outbox.hpp>
#include <sio/eio/client_upgrade.hpp>
#include <sio/eio/packet.hpp>
#include <sio/eio/times.hpp>
#include <sio/error.hpp>
#include <sio/options.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace eio {

/// How long a client waits for what JS's waits for without an end.
struct client_patience {
  milliseconds upgrade_timeout{10'000};  ///< for the WebSocket that may take over to answer the probe
  milliseconds close_grace{30'000};      ///< for what was sent before `close` to leave
};

class client_session {
 public:
  explicit client_session(transport first, const client_patience& patience = {})
      : patience_(patience), carrier_(first) {}
  /// The same with another transport, if the first could not open; what was sent waits for it.
  void start_over(transport next) noexcept;

  /// Empty until it is open.
  const std::string& sid() const noexcept { return terms_.sid; }
  transport carrier() const noexcept { return carrier_; }
  /// Whether it is open and nobody closes it.
  bool is_open() const noexcept { return state_ == state::open && !closing_; }
  /// Whether the server has opened it, ever.
  bool was_open() const noexcept { return !terms_.sid.empty(); }
  /// Why it ended, once it has ended.
  std::optional<reason> closed() const noexcept { return closed_; }
  /// What the transport, or the server, did wrong; without a message if neither did.
  const client_fault& fault() const noexcept { return fault_; }
  /// What JS gives beside the reason; empty if nothing.
  const std::string& description() const noexcept { return description_; }
  /// Whether the server would like to hear that it ended: a POST of `1`, a close frame.
  bool owes_farewell() const noexcept { return closed_ && was_open() && !broken_; }

  // ---- packets in

  enum class event { none, open, message, ping };
  /// A packet from the transport that carries the session, and what it means to the layer above.
  event receive(const packet& p, time_point now);
  /// Something that is no packet came, or too many packets at once.
  void refuse() { end_by_fault({"server error", "the server sent something that is no Engine.IO packet", 0, {}}); }
  /// The transport broke.
  void fail(client_fault why);
  /// The server closed the transport.
  void lose(std::string_view description);

  // ---- polling

  /// Whether a GET is to be sent.
  bool poll_due() const noexcept;
  void begin_poll() noexcept { polling_ = true; }
  /// It was answered, and all packets of the answer were received.
  void end_poll();
  bool post_due() const noexcept;
  /// The body of the next POST.
  std::string take_post();
  void end_post();

  // ---- upgrade

  /// Whether a WebSocket is to be opened that may take the session over.
  bool probe_due() const noexcept { return upgrade_.due() && is_open(); }
  void begin_probe(time_point now) noexcept { upgrade_.begin(now + patience_.upgrade_timeout); }
  /// Whether such a WebSocket is on its way.
  bool upgrading() const noexcept { return upgrade_.under_way(); }
  /// What it answered to `2probe`. False if that is not `3probe`: it is of no use.
  bool receive_probe(const packet& p) noexcept { return upgrade_.receive(p); }
  /// Whether the last GET and POST have ended, so that it can take over: it sends `5` first.
  bool take_over_due() const noexcept { return upgrade_.pausing() && !polling_ && !posting_; }
  void take_over();
  /// It is of no use; polling goes on.
  void end_probe() noexcept;

  // ---- packets out

  void send(encoded_packet p) {
    if (state_ != state::closed && !closing_) outbox_.push(std::move(p));
  }
  /// Whether all that was sent has been taken, and every POST been answered.
  bool empty() const noexcept { return outbox_.empty() && !posting_; }
  /// Whether what is sent now is the next to leave.
  bool writable() const noexcept { return is_open() && empty() && !upgrade_.pausing(); }
  std::size_t buffered_bytes() const noexcept { return outbox_.bytes() + posted_; }
  /// Whether the WebSocket that carries the session has something to send.
  bool has_frames() const noexcept {
    return carrier_ == transport::websocket && state_ == state::open && !outbox_.empty();
  }
  /// Gives it to `sink(encoded_packet)`.
  template <class Sink>
  void take_frames(Sink&& sink);

  // ---- closing and time

  /// Ends the session once everything sent before has left, and an upgrade on its way has come to its end.
  void close(time_point now);
  /// Ends the session at once.
  void discard() { end(reason::forced_close); }
  time_point deadline() const noexcept;
  void tick(time_point now);
  /// Whether the server's ping is overdue, though `tick` may not have been called: the machine was asleep.
  bool expired(time_point now) const noexcept { return state_ == state::open && now > ping_by_; }

 private:
  static constexpr unsigned max_pongs = 16;  // that wait: a server that pings faster than we can answer is mad
  enum class state { opening, open, closed };

  event open(std::string_view data, time_point now);
  void answer_ping(time_point now);
  void expect_ping(time_point now) { ping_by_ = now + terms_.ping_interval + terms_.ping_timeout; }
  void end_by_fault(client_fault why);
  void end(reason why);
  void end_if_done();

  client_patience patience_;
  server_terms terms_;
  client_outbox outbox_;
  client_upgrade upgrade_;
  time_point ping_by_ = time_point::max(), close_by_ = time_point::max();
  std::optional<reason> closed_;
  client_fault fault_;
  std::string description_;
  std::size_t posted_ = 0;  // bytes of the POST that is under way
  transport carrier_;
  state state_ = state::opening;
  unsigned pongs_ = 0;  // in the outbox
  bool polling_ = false, posting_ = false;
  bool closing_ = false;
  bool broken_ = false;  // the transport: it carries no last word
};

// ---- bodies

inline void client_session::start_over(transport next) noexcept {
  if (was_open()) return;
  carrier_ = next;
  state_ = state::opening;
  closed_.reset();
  fault_ = {};
  description_.clear();
  polling_ = broken_ = false;
}

inline client_session::event client_session::receive(const packet& p, time_point now) {
  if (state_ == state::closed) return event::none;
  if (state_ == state::opening) return open(p.type == packet_type::open ? p.data : std::string_view(), now);
  switch (p.type) {
    case packet_type::message: return event::message;
    case packet_type::ping: answer_ping(now); return event::ping;
    case packet_type::close:
      // Over WebSocket the server closes the WebSocket itself; the packet says nothing more.
      if (carrier_ == transport::polling) lose("transport closed by the server");
      return event::none;
    default: return event::none;  // open, pong, upgrade and noop mean nothing on an established transport
  }
}

inline client_session::event client_session::open(std::string_view data, time_point now) {
  std::string why;
  std::optional<server_terms> terms = read_open_packet(data, why);
  if (!terms) {
    end_by_fault({"server error", data.empty() ? "the server sent no handshake" : std::move(why), 0, {}});
    return event::none;
  }
  terms_ = std::move(*terms);
  state_ = state::open;
  expect_ping(now);
  if (carrier_ == transport::polling && terms_.offers_websocket) upgrade_.offer();
  return closing_ ? event::none : event::open;
}

inline void client_session::answer_ping(time_point now) {
  static const encoded_packet& pong = fixed_packet("3");
  expect_ping(now);
  if (closing_ || pongs_ == max_pongs) return;
  outbox_.push(pong);
  ++pongs_;
}

inline void client_session::fail(client_fault why) {
  if (state_ == state::closed) return;
  broken_ = true;
  end_by_fault(std::move(why));
}

inline void client_session::lose(std::string_view description) {
  if (state_ == state::closed) return;
  broken_ = true;
  description_ = description;
  end(reason::transport_close);
}

inline bool client_session::poll_due() const noexcept {
  if (state_ == state::closed || carrier_ != transport::polling) return false;
  return !polling_ && !upgrade_.pausing();
}

inline void client_session::end_poll() {
  polling_ = false;
  if (state_ == state::opening) open({}, {});
}

inline bool client_session::post_due() const noexcept {
  if (state_ != state::open || carrier_ != transport::polling) return false;
  return !posting_ && !outbox_.empty() && !upgrade_.pausing();
}

inline std::string client_session::take_post() {
  const std::size_t before = outbox_.bytes();
  posting_ = true;
  std::string body = outbox_.take_payload(terms_.max_payload);
  posted_ = before - outbox_.bytes();
  pongs_ = 0;
  return body;
}

inline void client_session::end_post() {
  posting_ = false;
  posted_ = 0;
  end_if_done();
}

inline void client_session::take_over() {
  carrier_ = transport::websocket;
  upgrade_.end();
  end_if_done();
}

inline void client_session::end_probe() noexcept {
  upgrade_.end();
  end_if_done();
}

template <class Sink>
void client_session::take_frames(Sink&& sink) {
  outbox_.drain(sink);
  pongs_ = 0;
  end_if_done();
}

inline void client_session::close(time_point now) {
  if (state_ == state::closed || closing_) return;
  closing_ = true;
  close_by_ = now + patience_.close_grace;
  end_if_done();
}

inline void client_session::end_if_done() {
  if (closing_ && empty() && !upgrade_.pausing()) end(reason::forced_close);
}

inline void client_session::end_by_fault(client_fault why) {
  if (state_ == state::closed) return;
  description_ = to_text(why);
  fault_ = std::move(why);
  end(reason::transport_error);
}

inline void client_session::end(reason why) {
  if (state_ == state::closed) return;
  if (state_ == state::open) outbox_.clear();
  state_ = state::closed;
  closed_ = why;
  upgrade_.end();
}

inline time_point client_session::deadline() const noexcept {
  if (state_ == state::closed) return time_point::max();
  return std::min({ping_by_, close_by_, upgrade_.deadline()});
}

inline void client_session::tick(time_point now) {
  if (state_ == state::closed) return;
  if (now >= ping_by_) return end(reason::ping_timeout);
  if (now >= close_by_) return end(reason::forced_close);
  if (now >= upgrade_.deadline()) end_probe();
}

}  // namespace eio
}  // namespace SIO_ABI
}  // namespace sio
