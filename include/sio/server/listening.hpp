// Where a server listens, and what it does with the connections that come.
#pragma once

#include <sio/net/http_channel.hpp>
#include <sio/net/listener.hpp>
#include <sio/net/network.hpp>
#include <sio/server/doorkeeper.hpp>
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
            std::shared_ptr<net::http_handler> handler, std::shared_ptr<const net::http_limits> limits,
            std::shared_ptr<doorkeeper> keeper)
      : loop_(std::move(l)), log_(std::move(lg)), handler_(std::move(handler)), limits_(std::move(limits)),
        keeper_(std::move(keeper)) {}

  /// From any thread. Throws std::system_error with a sentence when that cannot be.
  void listen(const std::string& address, unsigned short port);
  /// The port that the last `listen` got.
  unsigned short port() const noexcept { return port_.load(); }

  /// Takes a connection; to be called on the loop.
  void serve(std::unique_ptr<net::stream> s);
  /// How many connections are open.
  std::size_t connections() const noexcept { return keeper_->connections(); }
  /// No further connection is taken; to be called on the loop.
  void close() noexcept;

 private:
  static constexpr long most_turned_away = 64;

  void start(const std::shared_ptr<net::listener>& made);
  void turn_away(std::unique_ptr<net::stream> s);

  std::shared_ptr<net::loop> loop_;
  std::shared_ptr<const srv::log> log_;
  std::shared_ptr<net::http_handler> handler_;
  std::shared_ptr<const net::http_limits> limits_;
  std::shared_ptr<doorkeeper> keeper_;
  std::shared_ptr<void> turned_away_ = std::make_shared<int>();  // who gets a 503 holds a copy
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

inline void listening::serve(std::unique_ptr<net::stream> s) {
  ++log_->counts().streams_accepted;
  std::shared_ptr<void> place = keeper_->admit(net::network_of(s->remote_address()), loop_->now());
  if (!place) return turn_away(std::move(s));
  s->keep(std::move(place));
  net::serve_http(loop_, std::move(s), handler_, limits_);
}

// With an answer, if there are not too many of those already.
inline void listening::turn_away(std::unique_ptr<net::stream> s) {
  log_->count(refusal::too_many_connections);
  if (turned_away_.use_count() > most_turned_away) return s->close();
  s->keep(turned_away_);
  const auto refused = std::make_shared<net::connection>(loop_, std::move(s));
  refused->write(
      "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  refused->close_gently(net::connection::hurried_grace);
}

inline void listening::close() noexcept {
  closed_ = true;
  for (const auto& l : std::exchange(listeners_, {})) l->close();
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
