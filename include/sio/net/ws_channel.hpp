// A WebSocket over one connection (RFC 6455): messages in and out, pings answered, the closing handshake.
#pragma once

#include <sio/net/connection.hpp>
#include <sio/net/deflate_pool.hpp>
#include <sio/net/random.hpp>
#include <sio/ws/frame.hpp>
#include <sio/ws/reader.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace net {

class ws_channel;

/// Whom a WebSocket serves.
class ws_owner {
 public:
  virtual ~ws_owner() = default;
  virtual void on_message(ws_channel& from, std::string_view message, bool binary) = 0;
  /// It is closed, or broke; `error` says what rule the peer broke, if it broke one. Called at most once.
  virtual void on_gone(ws_channel& from, std::string_view error) = 0;
  /// Of what was sent some has left, or all.
  virtual void on_written(ws_channel&) {}
};

class ws_channel final : public channel, public std::enable_shared_from_this<ws_channel> {
 public:
  /// How long a closing peer may take to read our last words and close its end.
  static constexpr std::chrono::milliseconds close_grace{30'000};

  /// `early` are bytes that came right behind the handshake. Nothing is read while more than `max_buffered` bytes wait
  /// to be written. If compression was `agreed`, it is done by `pool`. As a client it masks what it sends.
  ws_channel(std::shared_ptr<net::connection> c, std::string early, const ws::limits& limits, std::size_t max_buffered,
             const std::optional<ws::deflate_terms>& agreed = std::nullopt,
             std::shared_ptr<deflate_pool> pool = nullptr, ws::role me = ws::role::server)
      : connection_(std::move(c)), early_(std::move(early)), reader_(me, limits, agreed), max_buffered_(max_buffered),
        role_(me) {
    if (agreed) deflate_ = std::make_unique<outgoing_deflate>(std::move(pool), me, *agreed);
  }

  net::connection& connection() noexcept { return *connection_; }
  /// From now on the connection speaks WebSocket, and its messages go to `owner`.
  void serve(std::shared_ptr<ws_owner> owner) {
    owner_ = std::move(owner);
    connection_->become(shared_from_this(), std::exchange(early_, {}));
  }

  void send_text(std::string_view text) { send(ws::opcode::text, text); }
  /// Shared payloads are compressed where that was agreed, is wanted, and pays.
  void send_text(const std::shared_ptr<const std::string>& text, bool compress = true) {
    send(ws::opcode::text, text, compress);
  }
  void send_binary(const std::shared_ptr<const std::string>& bytes, bool compress = true) {
    send(ws::opcode::binary, bytes, compress);
  }
  /// What the peer's close frame said: 1005 if it named no code, 1006 as long as there was none.
  std::uint16_t close_code() const noexcept { return close_code_; }
  bool writable() const noexcept { return connection_->buffered_bytes() == 0; }

  /// Reads nothing until `let_read`.
  void hold_reading() noexcept {
    held_ = true;
    connection_->pause_reading();
  }
  void let_read() {
    held_ = false;
    connection_->resume_reading();
  }

  /// Sends a close frame, without a code if none is given, and closes once the peer has read it. Its owner is left.
  void close(std::optional<std::uint16_t> code = std::nullopt, std::string_view why = {});
  /// Closes the connection at once. Its owner is left.
  void abort() noexcept;

  void receive(char* data, std::size_t size) override;
  void ended(const std::error_code&) override { gone({}); }
  void drained() override {
    if (!held_) connection_->resume_reading();
    written();
  }
  void stalled() override { written(); }

 private:
  void send(ws::opcode op, std::string_view payload) { write_frame(op, payload, payload.size(), false); }
  void send(ws::opcode op, const std::shared_ptr<const std::string>& payload, bool compress);
  template <class Payload>
  void write_frame(ws::opcode op, const Payload& payload, std::size_t size, bool compressed);
  void write_masked(ws::opcode op, std::string_view payload, bool compressed);
  std::optional<ws::mask_key> mask() const;
  static std::string_view view_of(std::string_view bytes) noexcept { return bytes; }
  static std::string_view view_of(const std::shared_ptr<const std::string>& bytes) noexcept {
    return bytes ? std::string_view(*bytes) : std::string_view();
  }
  bool take(const ws::received& event);
  void gone(std::string_view error);
  void written() {
    const std::shared_ptr<ws_owner> owner = owner_;
    if (owner) owner->on_written(*this);
  }

  std::shared_ptr<net::connection> connection_;
  std::shared_ptr<ws_owner> owner_;
  std::string early_;
  ws::reader reader_;
  std::unique_ptr<outgoing_deflate> deflate_;  // if compression was agreed
  std::size_t max_buffered_;
  std::uint16_t close_code_ = 1006;
  ws::role role_;
  bool closing_ = false, held_ = false;
};

// ---- bodies

inline void ws_channel::send(ws::opcode op, const std::shared_ptr<const std::string>& payload, bool compress) {
  if (deflate_ && compress && !closing_)
    if (const auto smaller = deflate_->compressed(payload)) return write_frame(op, smaller, smaller->size(), true);
  write_frame(op, payload, payload ? payload->size() : 0, false);
}

template <class Payload>
void ws_channel::write_frame(ws::opcode op, const Payload& payload, std::size_t size, bool compressed) {
  if (closing_) return;
  if (role_ == ws::role::client) return write_masked(op, view_of(payload), compressed);
  char header[ws::max_header];
  connection_->write(std::string_view(header, ws::write_header(header, op, size, std::nullopt, compressed)));
  connection_->write(payload);
}

// In one piece: a mask is new for each frame, so no two of them share their bytes.
inline void ws_channel::write_masked(ws::opcode op, std::string_view payload, bool compressed) {
  std::string frame;
  frame.reserve(ws::max_header + payload.size());
  ws::append_frame(frame, op, payload, mask(), compressed);
  connection_->write(std::make_shared<const std::string>(std::move(frame)));
}

// RFC 6455, 10.3: one that nobody can guess.
inline std::optional<ws::mask_key> ws_channel::mask() const {
  if (role_ == ws::role::server) return std::nullopt;
  ws::mask_key key;
  secure_random(key.data(), key.size());
  return key;
}

inline void ws_channel::receive(char* data, std::size_t size) {
  const auto self = shared_from_this();
  while (size != 0 && !closing_) {
    const std::size_t used = reader_.consume(data, size);
    data += used;
    size -= used;
    if (const auto code = reader_.error()) {
      const std::string why = reader_.error_text();
      const auto owner = std::exchange(owner_, nullptr);
      close(*code);
      if (owner) owner->on_gone(*this, why);
      return;
    }
    const ws::received* event = reader_.take();
    if (event && !take(*event)) return;
  }
  // A peer that does not read our answers is not read either.
  if (connection_->buffered_bytes() > max_buffered_) connection_->pause_reading();
}

// False when the connection is on its way out.
inline bool ws_channel::take(const ws::received& event) {
  using kind = ws::received::kind;
  switch (event.type) {
    case kind::ping: send(ws::opcode::pong, event.payload); return true;
    case kind::pong: return true;
    case kind::close: {
      close_code_ = event.close_code;
      const auto owner = std::exchange(owner_, nullptr);
      close(event.close_code == 1005 ? std::nullopt : std::optional<std::uint16_t>(event.close_code));
      if (owner) owner->on_gone(*this, {});
      return false;
    }
    default: break;
  }
  const std::shared_ptr<ws_owner> owner = owner_;
  if (owner) owner->on_message(*this, event.payload, event.type == kind::binary);
  return !closing_;
}

inline void ws_channel::close(std::optional<std::uint16_t> code, std::string_view why) {
  owner_.reset();
  if (std::exchange(closing_, true)) return;
  connection_->write(ws::close_frame(code, why, mask()));
  deflate_.reset();
  connection_->close_gently(close_grace);
}

inline void ws_channel::abort() noexcept {
  closing_ = true;
  if (owner_) connection_->loop().bury(std::exchange(owner_, nullptr));
  connection_->abort();
}

inline void ws_channel::gone(std::string_view error) {
  const auto owner = std::exchange(owner_, nullptr);
  abort();
  if (owner) owner->on_gone(*this, error);
}

}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio
