// The WebSocket half of a link: the one that carries the session, and the candidate that asks to take it over.
#pragma once

#include <sio/eio/payload.hpp>
#include <sio/eio/server_session.hpp>
#include <sio/eio/v3_packet.hpp>
#include <sio/net/ws_channel.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

class websockets {
 public:
  using channel = std::shared_ptr<net::ws_channel>;

  explicit websockets(eio::protocol spoken) noexcept : protocol_(spoken) {}

  // ---- the one that carries the session

  /// `base64`: its client takes no binary frames.
  void carry(channel ws, bool base64) {
    carrier_ = std::move(ws);
    base64_ = base64;
  }
  bool carries() const noexcept { return carrier_ != nullptr; }
  bool carries(const net::ws_channel& ws) const noexcept { return carrier_.get() == &ws; }
  bool writable() const noexcept { return carrier_ && carrier_->writable(); }
  std::size_t buffered_bytes() const noexcept { return carrier_ ? carrier_->connection().buffered_bytes() : 0; }
  void write(const eio::encoded_packet& p);
  bool blocked() const noexcept { return carrier_ && carrier_->connection().blocked(); }
  void hold_reading() noexcept {
    if (carrier_) carrier_->hold_reading();
  }
  void let_read() {
    if (carrier_) carrier_->let_read();
  }
  void abort() noexcept {
    if (const channel left = std::exchange(carrier_, nullptr)) left->abort();
  }

  // ---- the candidate

  void offer(channel ws, bool base64) {
    candidate_ = std::move(ws);
    base64_ = base64;
  }
  bool has_candidate() const noexcept { return candidate_ != nullptr; }
  bool offers(const net::ws_channel& ws) const noexcept { return candidate_.get() == &ws; }
  /// What the candidate sent, if it was a packet. True when it has taken the session over.
  bool answer_candidate(const std::optional<eio::packet>& p, eio::server_session& session, eio::time_point now);
  void drop_candidate() {
    if (const channel dropped = std::exchange(candidate_, nullptr)) dropped->close();
  }

  // ---- both

  /// The packet that one message is; it views the message, or a buffer that the next call writes anew.
  std::optional<eio::packet> read(std::string_view message, bool binary) {
    if (protocol_ == eio::protocol::v3)
      return binary ? eio::v3::decode_binary(message) : eio::v3::decode(message, scratch_);
    return binary ? eio::packet{eio::packet_type::message, message, true} : eio::decode(message, scratch_);
  }
  /// One of them went away by itself; true if it broke a rule, which `error` names.
  bool lose(const net::ws_channel& from, std::string_view error, eio::server_session& session);
  void close() {
    if (const channel left = std::exchange(carrier_, nullptr)) left->close();
    drop_candidate();
  }
  /// The loop dies.
  void abandon() noexcept {
    carrier_.reset();
    candidate_.reset();
  }

 private:
  channel carrier_, candidate_;
  std::string scratch_;  // base64 that arrived
  std::string error_;    // the session views it
  eio::protocol protocol_;
  bool base64_ = false;
};

// ---- bodies

inline bool websockets::answer_candidate(const std::optional<eio::packet>& p, eio::server_session& session,
                                         eio::time_point now) {
  using answer = eio::server_session::candidate_answer;
  const answer what = p ? session.receive_candidate(*p, now) : answer::reject;
  if (what == answer::pong) candidate_->send_text("3probe");
  if (what == answer::take_over) carrier_ = std::exchange(candidate_, nullptr);
  if (what == answer::reject) {
    session.end_upgrade();
    drop_candidate();
  }
  return what == answer::take_over;
}

inline bool websockets::lose(const net::ws_channel& from, std::string_view error, eio::server_session& session) {
  if (offers(from)) {
    candidate_.reset();
    session.end_upgrade();
    return false;
  }
  if (!carries(from)) return false;
  carrier_.reset();
  error_ = error;
  error.empty() ? session.lose() : session.fail(error_);
  return !error.empty();
}

inline void websockets::write(const eio::encoded_packet& p) {
  if (!p.binary()) return carrier_->send_text(p.shared(), p.compressible());
  const bool v4 = protocol_ == eio::protocol::v4;
  if (!base64_ && v4) return carrier_->send_binary(p.shared(), p.compressible());
  std::string framed;
  v4 ? eio::append(framed, p) : base64_ ? eio::v3::append_text(framed, p) : eio::v3::append_binary(framed, p);
  const auto bytes = std::make_shared<const std::string>(std::move(framed));
  base64_ ? carrier_->send_text(bytes, p.compressible()) : carrier_->send_binary(bytes, p.compressible());
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
