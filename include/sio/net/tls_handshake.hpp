// A client's handshake over a stream that is connected: at its end a TLS stream, whose server is the one it should be.
#pragma once

#include <sio/net/dial_step.hpp>
#include <sio/net/loop.hpp>
#include <sio/tls.hpp>

#if defined(SIO_WITH_TLS)
#include <sio/net/tls_client_context.hpp>
#include <sio/net/tls_stream.hpp>
#endif

#include <asio/error.hpp>

#include <exception>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace net {

#if defined(SIO_WITH_TLS)

class tls_handshake final : public dial_step, public stream::owner, public std::enable_shared_from_this<tls_handshake> {
 public:
  using context = tls::client_context;

  tls_handshake(std::shared_ptr<net::loop> l, std::unique_ptr<stream> below, context& rules, const std::string& host,
                std::string target, report done)
      : loop_(std::move(l)), below_(std::move(below)), check_(rules.check_of(host, std::move(target))),
        done_(std::move(done)) {}

  void start();
  void cancel() noexcept override {
    if (below_) below_->close();
    if (stream_) stream_->close();
    const report dying = std::exchange(done_, nullptr);  // what it holds may hold this
  }
  std::string too_late() const override { return begin() + "timed out"; }

 private:
  std::string begin() const { return "TLS handshake with " + check_->place + " failed: "; }
  void on_readable(const std::error_code& ec) override {
    if (loop_->abandoned() || !done_) return;
    loop::turn now(*loop_);
    ec ? fail(ec) : go_on();
  }
  void on_writable(const std::error_code&) override {}
  void go_on();
  void fail(std::error_code ec);

  std::shared_ptr<net::loop> loop_;
  std::unique_ptr<stream> below_;
  std::shared_ptr<tls::server_check> check_;
  std::unique_ptr<tls_stream> stream_;
  report done_;
};

// ---- bodies

inline void tls_handshake::start() {
  try {
    stream_ = std::make_unique<tls_stream>(
        std::move(below_), loop_, check_->context->make(*check_), check_,
        [check = check_.get()](const std::string&, const std::string& why) {
          check->fault = why == "wrong version number" ? why + ": the server does not speak TLS there" : why;
        });
  } catch (const std::exception& e) {
    return std::exchange(done_, nullptr)(dialled::failed(e.what(), asio::error::invalid_argument));
  }
  go_on();
}

// The user's verify callback may have cancelled this meanwhile.
inline void tls_handshake::go_on() {
  std::error_code ec;
  stream_->shake_hands(ec);
  if (!done_) return;
  if (!ec) return std::exchange(done_, nullptr)({std::move(stream_), {}, {}});
  if (!is_blocked(ec)) return fail(ec);
  stream_->wait_readable(shared_from_this());
}

inline void tls_handshake::fail(std::error_code ec) {
  std::string why = check_->error;
  if (!why.empty()) ec = asio::error::access_denied;
  if (why.empty() && !check_->fault.empty()) why = begin() + check_->fault;
  if (why.empty()) why = begin() + (ec == asio::error::eof ? "the server closed the connection" : ec.message());
  std::exchange(done_, nullptr)(dialled::failed(std::move(why), ec));
}

#else

/// This build has no TLS, and says so.
class tls_handshake final : public dial_step {
 public:
  struct context {
    explicit context(const client_tls_options&) {}
  };

  tls_handshake(const std::shared_ptr<net::loop>&, std::unique_ptr<stream>, context&, const std::string&,
                const std::string& target, report done)
      : target_(target), done_(std::move(done)) {}

  void start() {
    std::exchange(done_, nullptr)(
        dialled::failed(target_ + " wants TLS, which this build does not have: build it with SIO_WITH_TLS and OpenSSL",
                        asio::error::operation_not_supported));
  }
  void cancel() noexcept override { done_ = nullptr; }
  std::string too_late() const override { return {}; }

 private:
  std::string target_;
  report done_;
};

#endif

}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio
