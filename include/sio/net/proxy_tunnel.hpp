// Asks an HTTP proxy for a way through to a server: CONNECT, and its answer.
//
//   CONNECT example.com:443 HTTP/1.1 CRLF  Host: example.com:443 CRLF  Proxy-Authorization: Basic … CRLF  CRLF
#pragma once

#include <sio/eio/base64.hpp>
#include <sio/http/connect_answer.hpp>
#include <sio/http/proxy_rules.hpp>
#include <sio/net/dial_step.hpp>
#include <sio/net/loop.hpp>

#include <asio/error.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace net {

class proxy_tunnel final : public dial_step, public stream::owner, public std::enable_shared_from_this<proxy_tunnel> {
 public:
  /// `target` is the server, as "example.com:443". Its report gets the same stream again.
  proxy_tunnel(std::shared_ptr<net::loop> l, std::unique_ptr<net::stream> s, const http::proxy_address& by,
               const std::string& target, report done)
      : loop_(std::move(l)), stream_(std::move(s)), proxy_("the proxy " + place(by.host, by.port)),
        question_(question(by, target)), done_(std::move(done)) {}

  void start() { write(); }
  void cancel() noexcept override {
    if (stream_) stream_->close();
    const report dying = std::exchange(done_, nullptr);  // what it holds may hold this
  }
  std::string too_late() const override { return proxy_ + " did not answer in time"; }

 private:
  using outcome = http::connect_answer::outcome;

  static std::string question(const http::proxy_address& by, const std::string& target);
  void on_readable(const std::error_code& ec) override { go_on(ec, &proxy_tunnel::read); }
  void on_writable(const std::error_code& ec) override { go_on(ec, &proxy_tunnel::write); }
  void go_on(const std::error_code& ec, void (proxy_tunnel::*next)());
  void write();
  void read();
  void judge(outcome so_far);
  void broke(const std::error_code& ec);
  void fail(const std::string& why, std::error_code code) {
    std::exchange(done_, nullptr)(dialled::failed(proxy_ + why, code));
  }

  std::shared_ptr<net::loop> loop_;
  std::unique_ptr<net::stream> stream_;
  std::string proxy_, question_;
  http::connect_answer answer_;
  report done_;
};

// ---- bodies

inline std::string proxy_tunnel::question(const http::proxy_address& by, const std::string& target) {
  std::string out = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n";
  if (by.credentials) {
    out += "Proxy-Authorization: Basic ";
    eio::base64::encode(out, *by.credentials);
    out += "\r\n";
  }
  return out + "\r\n";
}

inline void proxy_tunnel::go_on(const std::error_code& ec, void (proxy_tunnel::*next)()) {
  if (loop_->abandoned() || !done_) return;
  loop::turn now(*loop_);
  ec ? broke(ec) : (this->*next)();
}

inline void proxy_tunnel::broke(const std::error_code& ec) {
  if (ec == asio::error::eof) return fail(" closed the connection without an answer", ec);
  fail(" cannot be asked: " + ec.message(), ec);
}

inline void proxy_tunnel::write() {
  std::error_code ec;
  while (!question_.empty() && !ec) {
    const asio::const_buffer rest = asio::buffer(question_);
    question_.erase(0, stream_->write_some(&rest, 1, ec));
  }
  if (question_.empty()) return stream_->wait_readable(shared_from_this());
  if (!is_blocked(ec)) return broke(ec);
  stream_->wait_writable(shared_from_this());
}

inline void proxy_tunnel::read() {
  char bytes[2];
  for (;;) {
    std::error_code ec;
    const std::size_t n = stream_->read_some(bytes, answer_.wanted(), ec);
    if (is_blocked(ec)) return stream_->wait_readable(shared_from_this());
    if (ec) return broke(ec);
    const outcome so_far = answer_.receive({bytes, n});
    if (so_far != outcome::need_more) return judge(so_far);
  }
}

inline void proxy_tunnel::judge(outcome so_far) {
  if (so_far == outcome::open) return std::exchange(done_, nullptr)({std::move(stream_), {}, {}});
  if (so_far == outcome::refused) return fail(" refused: " + answer_.status(), asio::error::access_denied);
  fail(" gave an answer that is none", std::make_error_code(std::errc::protocol_error));
}

}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio
