// One byte stream of a loop: reads into the loop's buffer, hands bytes to its channel, writes once per turn.
#pragma once

#include <sio/net/loop.hpp>
#include <sio/net/output.hpp>
#include <sio/net/stream.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace net {

class connection;

/// What speaks a protocol over a connection: HTTP first, perhaps WebSocket later.
class channel {
 public:
  virtual ~channel() = default;
  /// Bytes came; they may be changed in place, and are gone when this returns.
  virtual void receive(char* data, std::size_t size) = 0;
  /// The peer sends no more, or the stream broke. Called once; nothing is received after it.
  virtual void ended(const std::error_code& ec) = 0;
  /// Everything written has left.
  virtual void drained() {}
  /// Only some of it has left.
  virtual void stalled() {}
};

class connection final : public stream::owner,
                         public flushable,
                         public resource,
                         public std::enable_shared_from_this<connection> {
 public:
  connection(std::shared_ptr<net::loop> l, std::unique_ptr<net::stream> s)
      : loop_(std::move(l)), stream_(std::move(s)), address_(stream_->remote_address()), secure_(stream_->secure()),
        close_timer_(loop_->timers(), [this] { abort(); }) {
    loop_->resources().add(this);
  }
  ~connection() override { loop_->resources().remove(this); }

  net::loop& loop() noexcept { return *loop_; }
  const std::string& address() const noexcept { return address_; }
  bool secure() const noexcept { return secure_; }
  std::shared_ptr<const certificate> client_certificate() const {
    return stream_ ? stream_->client_certificate() : nullptr;
  }
  bool is_open() const noexcept { return stream_ != nullptr; }

  /// Begins to read for `first`; `already_read` are bytes that came before.
  void start(std::shared_ptr<channel> first, std::string already_read = {});
  /// From now on `next` receives, beginning with `left_over`.
  void become(std::shared_ptr<channel> next, std::string left_over);
  void pause_reading() noexcept { paused_ = true; }
  void resume_reading();
  /// Takes what has come already, the end too, without a wait; within a turn.
  void look();

  // ---- writing: collected now, written at the end of the turn

  void write(std::string_view bytes) {
    if (can_write()) output_.append(bytes), mark();
  }
  void write(const std::shared_ptr<const std::string>& bytes) {
    if (can_write()) output_.append(bytes), mark();
  }
  std::size_t buffered_bytes() const noexcept { return output_.size(); }
  /// Whether the peer must read before more can leave.
  bool blocked() const noexcept { return writing_; }

  // ---- closing

  static constexpr std::chrono::milliseconds hurried_grace{500};
  /// Writes what waits, then ends the output, drops what still comes, and closes within `grace`.
  void close_gently(std::chrono::milliseconds grace);
  /// Closes at once; its channel hears nothing of it.
  void abort() noexcept;

  void flush() override;
  void lose() noexcept override;
  void abandon() noexcept override { abort(); }
  void hurry() override;
  void weigh(workload& all) const override {
    all.bytes += output_.size();
    if (stream_ && closing_) ++all.closing;
  }

 private:
  void on_readable(const std::error_code& ec) override;
  void on_writable(const std::error_code& ec) override;

  bool can_write() const noexcept { return stream_ && !closing_; }
  void mark() { loop_->mark(shared_from_this()); }
  void wait_readable();
  void read();
  void deliver(char* data, std::size_t size);
  void end(const std::error_code& ec);
  void write_what_waits();
  void after_write();
  void finish_output();

  std::shared_ptr<net::loop> loop_;
  std::unique_ptr<net::stream> stream_;
  std::shared_ptr<channel> channel_;
  net::output output_;
  std::string address_;
  bool secure_;
  timer close_timer_;
  bool reading_ = false;  ///< a wait for input is under way
  bool writing_ = false;  ///< a wait for room to write is under way
  bool paused_ = false, closing_ = false, output_ended_ = false;
};

// ---- bodies

inline void connection::start(std::shared_ptr<channel> first, std::string already_read) {
  become(std::move(first), std::move(already_read));
  wait_readable();
}

inline void connection::become(std::shared_ptr<channel> next, std::string left_over) {
  channel_ = std::move(next);
  if (!left_over.empty()) deliver(left_over.data(), left_over.size());
}

inline void connection::resume_reading() {
  paused_ = false;
  wait_readable();
}

inline void connection::wait_readable() {
  if (!stream_ || reading_ || paused_) return;
  reading_ = true;
  stream_->wait_readable(shared_from_this());
}

inline void connection::on_readable(const std::error_code& ec) {
  if (loop_->abandoned()) return;
  net::loop::turn now(*loop_);
  reading_ = false;
  if (ec) return end(ec);
  look();
}

inline void connection::look() {
  try {
    read();
  } catch (const std::exception&) {  // no memory: this connection is lost, not the process
    lose();
  }
}

inline void connection::read() {
  if (!stream_ || paused_) return;
  std::error_code ec;
  net::loop::read_buffer buffer(*loop_);
  const std::size_t size = stream_->read_some(buffer.data(), buffer.size, ec);
  if (ec && ec != asio::error::would_block && ec != asio::error::try_again) return end(ec);
  if (size != 0) deliver(buffer.data(), size);
  wait_readable();
}

inline void connection::deliver(char* data, std::size_t size) {
  if (closing_ || !channel_) return;
  const std::shared_ptr<channel> receiver = channel_;  // it may be replaced while it receives
  receiver->receive(data, size);
}

inline void connection::end(const std::error_code& ec) {
  const std::shared_ptr<channel> receiver = std::exchange(channel_, nullptr);
  loop_->bury(receiver);
  if (closing_ && ec == asio::error::eof && !output_.empty()) return;  // half closed: it still reads our last words
  if (closing_ || !receiver) return abort();
  receiver->ended(ec);
}

inline void connection::flush() {
  if (stream_ && !writing_) write_what_waits();
}

inline void connection::lose() noexcept {
  try {
    end(asio::error::make_error_code(asio::error::no_memory));
  } catch (const std::exception&) {
    abort();
  }
}

inline void connection::write_what_waits() {
  std::error_code ec;
  while (!output_.empty() && !ec) {
    std::array<asio::const_buffer, output::max_parts> parts;
    const std::size_t count = output_.gather(parts);
    output_.consume(stream_->write_some(parts.data(), count, ec));
  }
  if (ec && ec != asio::error::would_block && ec != asio::error::try_again) return end(ec);
  if (output_.empty()) return after_write();
  writing_ = true;
  stream_->wait_writable(shared_from_this());
  const std::shared_ptr<channel> writer = channel_;
  if (writer) writer->stalled();
}

inline void connection::on_writable(const std::error_code& ec) {
  if (loop_->abandoned()) return;
  net::loop::turn now(*loop_);
  writing_ = false;
  if (ec) return end(ec);
  mark();
}

inline void connection::after_write() {
  if (closing_) return finish_output();
  const std::shared_ptr<channel> writer = channel_;
  if (writer) writer->drained();
}

inline void connection::close_gently(std::chrono::milliseconds grace) {
  if (!stream_ || closing_) return;
  closing_ = true;
  close_timer_.expires_at(loop_->now() + grace);
  mark();
  resume_reading();  // what still comes is dropped; an unread rest would reset the connection under our last words
}

inline void connection::finish_output() {
  if (std::exchange(output_ended_, true) || !stream_) return;
  stream_->end_output();
  if (!channel_) abort();  // the peer has ended already
}

inline void connection::hurry() {
  close_gently(hurried_grace);
  if (stream_) close_timer_.expires_at(loop_->now() + hurried_grace);
}

inline void connection::abort() noexcept {
  loop_->resources().remove(this);
  close_timer_.cancel();
  output_.clear();
  if (channel_) loop_->bury(std::exchange(channel_, nullptr));
  if (const auto dying = std::exchange(stream_, nullptr)) dying->close();
}

}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio
