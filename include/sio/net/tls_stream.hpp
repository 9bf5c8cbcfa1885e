// A TLS stream over any other, by OpenSSL, without a buffer of its own: the server's end or the client's.
#pragma once

#if defined(SIO_WITH_TLS)

#include <sio/net/loop.hpp>
#include <sio/net/stream.hpp>
#include <sio/net/tls_bio.hpp>
#include <sio/net/tls_certificate.hpp>
#include <sio/net/tls_context.hpp>

#include <algorithm>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace net {

class tls_stream final : public stream {
 public:
  /// Hears why a handshake came to nothing, unless the peer just left.
  using report = std::function<void(const std::string& peer, const std::string& why)>;

  /// The server's end: shakes hands as it is read.
  tls_stream(std::unique_ptr<stream> below, std::shared_ptr<net::loop> l,
             const std::shared_ptr<const tls::context>& context, report failed)
      : tls_stream(std::move(below), std::move(l), context->make(), context, std::move(failed)) {}
  /// Either end; what `made` needs goes with it.
  tls_stream(std::unique_ptr<stream> below, std::shared_ptr<net::loop> l, tls::ssl_ptr made,
             std::shared_ptr<const void> rules, report failed)
      : below_(std::move(below)), end_{*below_, {}}, loop_(std::move(l)), rules_(std::move(rules)),
        failed_(std::move(failed)), ssl_(std::move(made)) {
    BIO* const bio = tls::lower_end::make_bio(&end_);
    SSL_set_bio(ssl_.get(), bio, bio);
  }

  /// The client's first step: goes on with the handshake. `would_block`: call it again when this can be read.
  void shake_hands(std::error_code& ec);
  std::size_t read_some(char* data, std::size_t size, std::error_code& ec) override;
  std::size_t write_some(const asio::const_buffer* parts, std::size_t count, std::error_code& ec) override;
  void wait_readable(std::shared_ptr<owner> who) override;
  void wait_writable(std::shared_ptr<owner> who) override { below_->wait_writable(std::move(who)); }
  void end_output() noexcept override {
    say_goodbye();
    below_->end_output();
  }
  void close() noexcept override {
    say_goodbye();
    below_->close();
  }

  std::string remote_address() const override { return below_->remote_address(); }
  bool secure() const noexcept override { return true; }
  std::shared_ptr<const certificate> client_certificate() const override { return certificate_; }

 private:
  static constexpr std::size_t record = 16 * 1024;  ///< most bytes of one TLS record

  class reader;  // waits for room to write, so as to read on

  void settle(const std::error_code& ec);
  std::error_code why_not(int result);
  std::error_code break_off();
  void answer_in_clear() noexcept;
  void say_goodbye() noexcept;

  std::unique_ptr<stream> below_;
  tls::lower_end end_;
  std::shared_ptr<net::loop> loop_;
  std::shared_ptr<const void> rules_;
  report failed_;
  tls::ssl_ptr ssl_;
  std::shared_ptr<const certificate> certificate_;
  std::error_code later_;          ///< came up behind bytes that were read: told at the next read
  bool shaken_ = false;            ///< the handshake is done
  bool broken_ = false;            ///< OpenSSL must not be asked any more
  bool more_ = false;              ///< there may be more to read without a word from below
  bool reads_by_writing_ = false;  ///< reading goes on when there is room to write
  bool said_goodbye_ = false;
};

// ---- bodies

inline void tls_stream::shake_hands(std::error_code& ec) {
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_.get());
  ec = result > 0 ? std::error_code() : why_not(result);
  settle(ec);
}

// Says whether the handshake is done by now, and what reading on would have to wait for.
inline void tls_stream::settle(const std::error_code& ec) {
  if (!shaken_ && !broken_ && SSL_is_init_finished(ssl_.get())) {
    shaken_ = true;
    if (SSL_is_server(ssl_.get())) certificate_ = tls::peer_certificate(ssl_.get());
  }
  more_ = !is_blocked(ec);
  reads_by_writing_ = !more_ && SSL_want_write(ssl_.get());
}

inline std::size_t tls_stream::read_some(char* data, std::size_t size, std::error_code& ec) {
  ec = std::exchange(later_, {});
  if (broken_ && !ec) ec = asio::error::connection_aborted;
  std::size_t n = 0;
  while (n != size && !ec) {
    ERR_clear_error();
    const int result = SSL_read(ssl_.get(), data + n, static_cast<int>(size - n));
    if (result > 0) n += static_cast<std::size_t>(result);
    if (result <= 0) ec = why_not(result);
  }
  settle(ec);
  if (n != 0) later_ = is_blocked(ec) ? std::error_code() : ec, ec = {};
  return n;
}

class tls_stream::reader final : public stream::owner {
 public:
  explicit reader(std::shared_ptr<owner> who) : who_(std::move(who)) {}
  void on_readable(const std::error_code&) override {}
  void on_writable(const std::error_code& ec) override { who_->on_readable(ec); }

 private:
  std::shared_ptr<owner> who_;
};

inline void tls_stream::wait_readable(std::shared_ptr<owner> who) {
  if (more_) return loop_->post([who = std::move(who)] { who->on_readable({}); });
  if (reads_by_writing_) return below_->wait_writable(std::make_shared<reader>(std::move(who)));
  below_->wait_readable(std::move(who));
}

namespace tls {

/// The first bytes of some parts, less those that have left: in place where one part fills a record, else joined.
inline std::string_view next_record(const asio::const_buffer* parts, std::size_t count, std::size_t left, char* room,
                                    std::size_t most) {
  std::size_t size = 0;
  for (; count != 0 && size != most; ++parts, --count) {
    const std::size_t skipped = std::min(left, parts->size());
    const std::size_t n = std::min(parts->size() - skipped, most - size);
    const char* const data = static_cast<const char*>(parts->data()) + skipped;
    left -= skipped;
    if (n == most) return {data, n};
    if (n != 0) std::memcpy(room + size, data, n);
    size += n;
  }
  return {room, size};
}

}  // namespace tls

// What could not leave is given again by the caller, with what came since behind it: that is all OpenSSL asks for.
inline std::size_t tls_stream::write_some(const asio::const_buffer* parts, std::size_t count, std::error_code& ec) {
  if (!shaken_ || broken_) return ec = asio::error::not_connected, 0;
  char room[record];
  std::size_t written = 0;
  for (;;) {
    const std::string_view next = tls::next_record(parts, count, written, room, record);
    if (next.empty()) return written;
    ERR_clear_error();
    const int result = SSL_write(ssl_.get(), next.data(), static_cast<int>(next.size()));
    if (result <= 0) return ec = SSL_want_read(ssl_.get()) ? break_off() : why_not(result), written;
    written += static_cast<std::size_t>(result);
  }
}

inline std::error_code tls_stream::why_not(int result) {
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE: return asio::error::would_block;
    case SSL_ERROR_ZERO_RETURN: return asio::error::eof;
    default: return break_off();
  }
}

// The stream below broke, or the peer broke a rule of TLS. OpenSSL has sent its alert.
inline std::error_code tls_stream::break_off() {
  broken_ = true;
  if (end_.ec && !is_blocked(end_.ec)) return ERR_clear_error(), end_.ec;
  if (!shaken_ && ERR_GET_REASON(ERR_peek_error()) == SSL_R_HTTP_REQUEST) answer_in_clear();
  const long verdict = SSL_get_verify_result(ssl_.get());
  std::string why = tls::take_error();
  if (verdict != X509_V_OK) why += std::string(": ") + X509_verify_cert_error_string(verdict);
  if (!shaken_) failed_(remote_address(), why);
  return std::make_error_code(std::errc::protocol_error);
}

inline void tls_stream::answer_in_clear() noexcept {
  static constexpr std::string_view answer =
      "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 28\r\nConnection: close\r\n\r\n"
      "HTTP was sent to a TLS port\n";
  const asio::const_buffer part(answer.data(), answer.size());
  std::error_code ignored;
  below_->write_some(&part, 1, ignored);
}

inline void tls_stream::say_goodbye() noexcept {
  if (!shaken_ || broken_ || std::exchange(said_goodbye_, true)) return;
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio

#endif
