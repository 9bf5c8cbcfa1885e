// Where a server listens, and what it does with the connections that come.
#pragma once

#include <sio/ends/log.hpp>
#include <sio/net/acceptor.hpp>
#include <sio/net/http_channel.hpp>
#include <sio/net/listener.hpp>
#include <sio/net/network.hpp>
#include <sio/net/tls_gate.hpp>
#include <sio/server/doorkeeper.hpp>

#include <atomic>
#include <cstdio>
#include <memory>
#include <mutex>
#include <optional>
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
  listening(std::shared_ptr<net::loop> l, std::shared_ptr<const ends::log> lg,
            std::shared_ptr<net::http_handler> handler, std::shared_ptr<const net::http_limits> limits,
            std::shared_ptr<doorkeeper> keeper)
      : loop_(std::move(l)), log_(std::move(lg)), handler_(std::move(handler)), limits_(std::move(limits)),
        keeper_(std::move(keeper)) {}

  // From any thread. They throw std::system_error with a sentence when that cannot be, and std::invalid_argument for
  // what cannot be of the options.
  void listen(const std::string& address, unsigned short port);
  void listen(const std::string& address, unsigned short port, tls_options options);
  void listen_unix(const std::string& path, unsigned permissions);
  /// The port that the last `listen` got.
  unsigned short port() const noexcept { return port_.load(); }

  /// All TLS listeners take these options, or what their files say now. From any thread. Throws std::invalid_argument
  /// for what cannot be, and then nothing has changed.
  void renew(const std::optional<tls_options>& options);

  /// Takes a connection; to be called on the loop.
  void serve(std::unique_ptr<net::stream> s, std::string already_read = {});
  /// How many connections are open.
  std::size_t connections() const noexcept { return keeper_->connections(); }
  /// No further connection is taken; to be called on the loop.
  void close() noexcept;

 private:
  using gate = std::shared_ptr<net::tls_gate>;
  static constexpr long most_turned_away = 64;

  void turn_away(std::unique_ptr<net::stream> s);
  void demand_open(const std::string& where) const;
  void listen_through(const gate& through, const std::string& address, unsigned short port);
  template <class Protocol>
  void start(typename Protocol::acceptor acceptor, net::listener_user user);
  net::listener_user make_user(const gate& through);

  std::shared_ptr<net::loop> loop_;
  std::shared_ptr<const ends::log> log_;
  std::shared_ptr<net::http_handler> handler_;
  std::shared_ptr<const net::http_limits> limits_;
  std::shared_ptr<doorkeeper> keeper_;
  std::shared_ptr<void> turned_away_ = std::make_shared<int>();  // who gets a 503 holds a copy
  std::vector<std::shared_ptr<net::resource>> listeners_;
  std::mutex gates_mutex_;
  std::vector<gate> gates_;
  std::atomic<unsigned short> port_{0};
  std::atomic<bool> closed_{false};
};

// ---- bodies

inline void listening::demand_open(const std::string& where) const {
  if (closed_ || loop_->abandoned()) throw std::logic_error("sio: cannot listen " + where + ": this server was closed");
}

inline void listening::listen(const std::string& address, unsigned short port) {
  listen_through(nullptr, address, port);
}

inline void listening::listen_through(const gate& through, const std::string& address, unsigned short port) {
  const std::string where = "on " + (address.empty() ? "port " : address + ":") + std::to_string(port);
  demand_open(where);
  std::error_code ec;
  auto acceptor = net::open_tcp(loop_->executor(), address, port, ec);
  if (!ec) port = acceptor.local_endpoint(ec).port();
  if (ec) throw std::system_error(ec, "sio: cannot listen " + where);
  port_.store(port);
  start<asio::ip::tcp>(std::move(acceptor), make_user(through));
}

#if defined(ASIO_HAS_LOCAL_SOCKETS) && !defined(_WIN32)

inline void listening::listen_unix(const std::string& path, unsigned permissions) {
  demand_open("at " + path);
  std::error_code ec;
  auto acceptor = net::open_local(loop_->executor(), path, permissions, ec);
  if (ec) throw std::system_error(ec, "sio: cannot listen at " + path);
  net::listener_user user = make_user(nullptr);
  user.kept = std::shared_ptr<void>(nullptr, [path](void*) { std::remove(path.c_str()); });
  start<asio::local::stream_protocol>(std::move(acceptor), std::move(user));
}

#else

inline void listening::listen_unix(const std::string& path, unsigned) {
  const std::error_code ec = std::make_error_code(std::errc::operation_not_supported);
  throw std::system_error(ec, "sio: cannot listen at " + path + ": no Unix-domain sockets here");
}

#endif

template <class Protocol>
void listening::start(typename Protocol::acceptor acceptor, net::listener_user user) {
  auto made = std::make_shared<net::listener<Protocol>>(loop_, std::move(acceptor));
  loop_->run([self = shared_from_this(), made = std::move(made), user = std::move(user)]() mutable {
    if (self->closed_) return;
    self->listeners_.push_back(made);
    made->start(std::move(user));
  });
}

inline net::listener_user listening::make_user(const gate& through) {
  net::listener_user user;
  user.take = [weak = weak_from_this(), through](std::unique_ptr<net::stream> s) {
    const auto alive = weak.lock();
    if (alive) alive->serve(through ? through->pass(std::move(s), alive->loop_) : std::move(s));
  };
  user.report = [log = log_](const std::error_code& trouble) {
    (*log)(log_level::warning, "cannot accept a connection: " + trouble.message());
  };
  return user;
}

inline void listening::serve(std::unique_ptr<net::stream> s, std::string already_read) {
  if (closed_) return;
  ++log_->counts().streams_accepted;
  std::shared_ptr<void> place = keeper_->admit(net::network_of(s->remote_address()), loop_->now());
  if (!place) return turn_away(std::move(s));
  s->keep(std::move(place));
  net::serve_http(loop_, std::move(s), handler_, limits_, std::move(already_read));
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
  for (const auto& l : std::exchange(listeners_, {})) l->abandon();
}

// ---- TLS

inline void listening::listen(const std::string& address, unsigned short port, tls_options options) {
  const auto made = std::make_shared<net::tls_gate>(std::move(options), [log = log_](const std::string& why) {
    (*log)(log_level::debug, why);
    log->count(refusal::bad_tls);
  });
  listen_through(made, address, port);
  const std::lock_guard<std::mutex> lock(gates_mutex_);
  gates_.push_back(made);
}

inline void listening::renew(const std::optional<tls_options>& options) {
  const std::lock_guard<std::mutex> lock(gates_mutex_);
  std::vector<net::tls_gate::context> prepared;
  for (const gate& g : gates_) prepared.push_back(net::tls_gate::prepare(options ? *options : g->options()));
  for (std::size_t i = 0; i != gates_.size(); ++i)
    gates_[i]->renew(options ? *options : gates_[i]->options(), prepared[i]);
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
