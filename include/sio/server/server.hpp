// What a `sio::server` stands for: a loop, its listeners, its namespaces and the engine.
#pragma once

#include <sio/net/http_channel.hpp>
#include <sio/net/listener.hpp>
#include <sio/server/engine.hpp>
#include <sio/server/handshake.hpp>
#include <sio/server/limits.hpp>
#include <sio/server/nsp.hpp>
#include <sio/server/peer.hpp>
#include <sio/server/router.hpp>

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

class server : public std::enable_shared_from_this<server> {
 public:
  /// `executor` empty: with a loop of its own.
  server(asio::any_io_executor executor, server_options options);

  void start();
  void listen(const std::string& address, unsigned short port);
  unsigned short port() const noexcept { return port_.load(); }
  asio::any_io_executor executor() const { return loop_->lend_executor(); }
  void run();
  void close(std::function<void()> done);
  void stop();
  /// No handle is left: the same without a word to anybody's code, and nothing runs any more.
  void release();

  std::shared_ptr<nsp> of(std::string name);
  /// Takes a connection; to be called on the loop.
  void serve(std::unique_ptr<net::stream> s);
  net::loop& loop() noexcept { return *loop_; }
  void add(router::route r);
  void add(file_mount m);

 private:
  std::shared_ptr<nsp> find(const std::string& name);
  std::vector<std::shared_ptr<nsp>> nsps();
  std::shared_ptr<const peer_rules> make_peer_rules();
  void close_now(std::function<void()> done);
  void drop();
  void dismantle();
  void finish();
  bool begin_turning();
  bool end_turning();
  bool unattended();

  std::unique_ptr<asio::io_context> own_context_;
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> work_;
  std::shared_ptr<const server_options> options_;
  std::shared_ptr<const srv::log> log_;
  std::shared_ptr<net::loop> loop_;
  std::shared_ptr<const net::http_limits> http_limits_;
  std::shared_ptr<srv::engine> engine_;
  std::shared_ptr<srv::router> router_;
  std::vector<std::shared_ptr<net::listener>> listeners_;
  std::mutex nsps_mutex_;
  std::map<std::string, std::shared_ptr<nsp>> nsps_;
  std::atomic<unsigned short> port_{0};
  std::atomic<bool> closing_{false};
  bool over_ = false;
  std::vector<std::function<void()>> waiting_for_end_;
  std::mutex turning_mutex_;
  bool turning_ = false, released_ = false;  // whether a thread is in `run`, whether no handle is left
};

// ---- bodies

inline server::server(asio::any_io_executor executor, server_options options) {
  check(options);
  options_ = std::make_shared<const server_options>(std::move(options));
  log_ = std::make_shared<const srv::log>(options_->log, options_->min_log_level);
  if (!executor) {
    own_context_ = std::make_unique<asio::io_context>(1);
    work_.emplace(own_context_->get_executor());
    executor = own_context_->get_executor();
  }
  loop_ = net::loop::make(std::move(executor));
  http_limits_ = make_http_limits(*options_);
}

inline std::shared_ptr<const peer_rules> server::make_peer_rules() {
  const server_options& o = *options_;
  const auto find_nsp = [weak = weak_from_this()](const std::string& name) {
    const auto self = weak.lock();
    return self ? self->find(name) : nullptr;
  };
  return std::make_shared<const peer_rules>(
      peer_rules{find_nsp, log_, make_decoder_limits(o), o.connect_timeout, o.max_namespaces, o.max_namespace_length});
}

inline void server::start() {
  of("/");
  const auto rules = make_peer_rules();
  const auto make_user = [rules](const std::shared_ptr<link>& l, const request& asked) {
    const auto made = std::make_shared<peer>(rules, l, to_handshake(asked));
    if (l->protocol() == eio::protocol::v3) l->loop().post([made] { made->join_main(); });
    return made;
  };
  engine_ = std::make_shared<srv::engine>(loop_, options_, log_, make_user);
  router_ = std::make_shared<srv::router>(engine_, log_);
}

inline void server::listen(const std::string& address, unsigned short port) {
  const std::string where = (address.empty() ? "port " : address + ":") + std::to_string(port);
  if (closing_ || loop_->abandoned())
    throw std::logic_error("sio: cannot listen on " + where + ": this server was closed");
  std::error_code ec;
  const auto made = std::make_shared<net::listener>(loop_, address, port, ec);
  if (ec) throw std::system_error(ec, "sio: cannot listen on " + where);
  port_.store(made->port());
  loop_->run([self = shared_from_this(), made] {
    if (self->closing_) return;
    self->listeners_.push_back(made);
    made->start(
        [weak = self->weak_from_this()](std::unique_ptr<net::stream> s) {
          if (const auto alive = weak.lock()) alive->serve(std::move(s));
        },
        [log = self->log_](const std::error_code& trouble) {
          (*log)(log_level::warning, "cannot accept a connection: " + trouble.message());
        });
  });
}

inline void server::serve(std::unique_ptr<net::stream> s) {
  net::serve_http(loop_, std::move(s), router_, http_limits_);
}

inline void server::run() {
  if (!own_context_) throw std::logic_error("sio: this server lives on the host's executor, which the host runs");
  if (!begin_turning()) throw std::logic_error("sio: this server's loop turns already: run is for one thread");
  own_context_->run();
  if (end_turning()) dismantle();
}

inline bool server::begin_turning() {
  const std::lock_guard<std::mutex> lock(turning_mutex_);
  return !std::exchange(turning_, true);
}

// True if nobody needs this server any more.
inline bool server::end_turning() {
  const std::lock_guard<std::mutex> lock(turning_mutex_);
  turning_ = false;
  return released_;
}

inline std::shared_ptr<nsp> server::of(std::string name) {
  if (name.empty() || name.front() != '/') name.insert(0, "/");
  const std::lock_guard<std::mutex> lock(nsps_mutex_);
  std::shared_ptr<nsp>& found = nsps_[name];
  if (!found) found = std::make_shared<nsp>(name, loop_, log_);
  return found;
}

inline std::shared_ptr<nsp> server::find(const std::string& name) {
  const std::lock_guard<std::mutex> lock(nsps_mutex_);
  const auto found = nsps_.find(name);
  return found == nsps_.end() ? nullptr : found->second;
}

inline std::vector<std::shared_ptr<nsp>> server::nsps() {
  const std::lock_guard<std::mutex> lock(nsps_mutex_);
  std::vector<std::shared_ptr<nsp>> all;
  for (const auto& [name, n] : nsps_) all.push_back(n);
  return all;
}

inline void server::add(router::route r) {
  loop_->run([self = shared_from_this(), r = std::move(r)]() mutable { self->router_->add(std::move(r)); });
}

inline void server::add(file_mount m) {
  loop_->run([self = shared_from_this(), m = std::move(m)]() mutable { self->router_->add(std::move(m)); });
}

// ---- the end

inline void server::close(std::function<void()> done) {
  loop_->run([self = shared_from_this(), done = std::move(done)]() mutable { self->close_now(std::move(done)); });
}

// Every client hears of it; then every connection ends, at once or within the grace that a closing server grants.
inline void server::close_now(std::function<void()> done) {
  if (done) waiting_for_end_.push_back(std::move(done));
  if (over_) return finish();
  if (closing_.exchange(true)) return;
  for (const auto& l : std::exchange(listeners_, {})) l->close();
  for (const auto& n : nsps()) n->end_all(reason::server_shutting_down);
  engine_->close();
  loop_->post([self = shared_from_this()] {
    self->router_->clear();
    self->loop_->resources().hurry_all();
    self->loop_->when_empty([self] { self->finish(); });
  });
}

inline void server::stop() {
  loop_->run([self = shared_from_this()] {
    self->drop();
    self->finish();
  });
}

inline void server::drop() {
  closing_ = true;
  std::exchange(listeners_, {});
  router_->clear();
  for (const auto& n : nsps()) n->drop();
  loop_->resources().abandon_all();
}

inline void server::finish() {
  over_ = true;
  for (const auto& done : std::exchange(waiting_for_end_, {}))
    events::run_user_code([&]() -> std::optional<std::string> { return done(), std::nullopt; });
  work_.reset();
  if (own_context_) own_context_->stop();
}

inline void server::release() {
  if (unattended()) return dismantle();
  loop_->run([self = shared_from_this()] { self->dismantle(); });
}

// Whether no thread runs the loop, nor ever will.
inline bool server::unattended() {
  const std::lock_guard<std::mutex> lock(turning_mutex_);
  released_ = true;
  return own_context_ ? !turning_ : loop_->abandoned();
}

// What waits in a loop of its own keeps this server alive: it goes with the context, once nobody turns it.
inline void server::dismantle() {
  waiting_for_end_.clear();
  drop();
  finish();
  loop_->abandon();
  if (own_context_ && !turning_) own_context_.reset();
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
