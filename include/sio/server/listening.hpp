// Where a server listens, and what it does with the connections that come.
#pragma once

#include <sio/net/http_channel.hpp>
#include <sio/net/listener.hpp>
#include <sio/server/log.hpp>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

class listening : public std::enable_shared_from_this<listening> {
 public:
  listening(std::shared_ptr<net::loop> l, std::shared_ptr<const srv::log> lg,
            std::shared_ptr<net::http_handler> handler, std::shared_ptr<const net::http_limits> limits)
      : loop_(std::move(l)), log_(std::move(lg)), handler_(std::move(handler)), limits_(std::move(limits)) {}

  /// From any thread. Throws std::system_error with a sentence when that cannot be.
  void listen(const std::string& address, unsigned short port);
  /// The port that the last `listen` got.
  unsigned short port() const noexcept { return port_.load(); }

  /// Takes a connection; to be called on the loop.
  void serve(std::unique_ptr<net::stream> s) { net::serve_http(loop_, std::move(s), handler_, limits_); }
  /// No further connection is taken; to be called on the loop.
  void close() noexcept;

 private:
  void start(const std::shared_ptr<net::listener>& made);

  std::shared_ptr<net::loop> loop_;
  std::shared_ptr<const srv::log> log_;
  std::shared_ptr<net::http_handler> handler_;
  std::shared_ptr<const net::http_limits> limits_;
  std::vector<std::shared_ptr<net::listener>> listeners_;
  std::atomic<unsigned short> port_{0};
  std::atomic<bool> closed_{false};
};

// ---- bodies

inline void listening::listen(const std::string& address, unsigned short port) {
  const std::string where = (address.empty() ? "port " : address + ":") + std::to_string(port);
  if (closed_ || loop_->abandoned())
    throw std::logic_error("sio: cannot listen on " + where + ": this server was closed");
  std::error_code ec;
  const auto made = std::make_shared<net::listener>(loop_, address, port, ec);
  if (ec) throw std::system_error(ec, "sio: cannot listen on " + where);
  port_.store(made->port());
  loop_->run([self = shared_from_this(), made] { self->start(made); });
}

inline void listening::start(const std::shared_ptr<net::listener>& made) {
  if (closed_) return;
  listeners_.push_back(made);
  made->start(
      [weak = weak_from_this()](std::unique_ptr<net::stream> s) {
        if (const auto alive = weak.lock()) alive->serve(std::move(s));
      },
      [log = log_](const std::error_code& trouble) {
        (*log)(log_level::warning, "cannot accept a connection: " + trouble.message());
      });
}

inline void listening::close() noexcept {
  closed_ = true;
  for (const auto& l : std::exchange(listeners_, {})) l->close();
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
