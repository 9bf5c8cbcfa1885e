// What a `sio::server` stands for: its parts, put together.
#pragma once

#include <sio/server/engine.hpp>
#include <sio/server/figures.hpp>
#include <sio/server/handshake.hpp>
#include <sio/server/life.hpp>
#include <sio/server/limits.hpp>
#include <sio/server/listening.hpp>
#include <sio/server/namespace_search.hpp>
#include <sio/server/namespaces.hpp>
#include <sio/server/peer.hpp>
#include <sio/server/router.hpp>
#include <sio/stream.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

class server {
 public:
  /// `executor` empty: with a loop of its own.
  server(asio::any_io_executor executor, server_options options);

  asio::any_io_executor executor() const { return life_->loop()->lend_executor(); }
  net::loop& loop() noexcept { return *life_->loop(); }
  const std::shared_ptr<srv::life>& life() const noexcept { return life_; }
  srv::listening& listening() noexcept { return *parts_.listening; }
  std::shared_ptr<parent> add_parent(namespace_rule rule) { return parts_.namespaces->add_parent(std::move(rule)); }
  const std::shared_ptr<srv::engine>& engine() const noexcept { return parts_.engine; }
  /// Calls `f` on the loop with figures of that moment.
  void measure(std::function<void(metrics)> f);

  std::shared_ptr<nsp> of(std::string name) { return parts_.namespaces->of(std::move(name)); }

  bool wants(std::string_view target) const { return parts_.engine->owns(target); }
  void adopt(const stream& s, std::string already_read);

  template <class RouteOrMount>
  void add(RouteOrMount added) {
    life_->loop()->run([r = parts_.router, added = std::move(added)]() mutable { r->add(std::move(added)); });
  }

 private:
  void serve_metrics();
  std::shared_ptr<const peer_rules> make_peer_rules() const;
  srv::engine::user_factory make_user_factory() const;

  std::shared_ptr<const server_options> options_;
  std::shared_ptr<const ends::log> log_;
  std::shared_ptr<const ends::codec> codec_;
  std::shared_ptr<srv::life> life_;
  nsp_rules rules_;
  srv::parts parts_;
};

// ---- bodies

inline server::server(asio::any_io_executor executor, server_options options) {
  check(options);
  options_ = std::make_shared<const server_options>(std::move(options));
  log_ = std::make_shared<const ends::log>(options_->log, options_->min_log_level);
  codec_ = std::make_shared<const ends::codec>(options_->parser, make_decoder_limits(*options_), log_);
  life_ = std::make_shared<srv::life>(std::move(executor));
  const auto& loop = life_->loop();
  rules_ = {loop, log_, codec_, make_recovery_rules(*options_), options_->adapter};
  parts_.namespaces = std::make_shared<srv::namespaces>(
      rules_, child_rules{options_->cleanup_empty_child_namespaces, options_->max_child_namespaces});
  parts_.engine = std::make_shared<srv::engine>(loop, options_, log_, make_user_factory());
  parts_.router = std::make_shared<srv::router>(parts_.engine, log_);
  parts_.listening = std::make_shared<srv::listening>(loop, log_, parts_.router, make_http_limits(*options_),
                                                      std::make_shared<doorkeeper>(options_));
  parts_.pulse = std::make_shared<srv::pulse>(loop, options_->lag_interval, log_);
  of("/");
  life_->begin(parts_);
  if (!options_->metrics_path.empty()) serve_metrics();
}

inline void server::measure(std::function<void(metrics)> f) {
  life_->loop()->run([l = life_, lg = log_, f = std::move(f)] {
    const auto why_not = events::run_user_code(
        [&]() -> std::optional<std::string> { return f(srv::measure(l->parts(), *lg)), std::nullopt; });
    if (why_not) (*lg)(log_level::error, "metrics: " + *why_not);
  });
}

inline void server::serve_metrics() {
  const auto answer = [weak = std::weak_ptr(life_), lg = log_,
                       path = options_->metrics_path](const request& asked) -> std::optional<response> {
    const auto alive = asked.path == path ? weak.lock() : nullptr;
    if (!alive) return std::nullopt;
    return response{200,
                    {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}, {"Cache-Control", "no-store"}},
                    to_prometheus(srv::measure(alive->parts(), *lg))};
  };
  add(router::route(answer));
}

// On an executor of none, that of a server that has ended, nothing can live.
inline void server::adopt(const stream& s, std::string already_read) {
  const auto home = executor();
  if (!home) return;
  life_->loop()->run([l = parts_.listening, adopted = s.open(home), bytes = std::move(already_read)]() mutable {
    l->serve(std::move(adopted), std::move(bytes));
  });
}

inline std::shared_ptr<const peer_rules> server::make_peer_rules() const {
  const server_options& o = *options_;
  const auto find_nsp = [weak = std::weak_ptr(parts_.namespaces)](const std::string& name) {
    const auto all = weak.lock();
    return all ? all->find(name) : nullptr;
  };
  const auto search_nsp = [weak = std::weak_ptr(parts_.namespaces), rules = rules_](
                              const std::string& name, const value& auth, peer_rules::found done) {
    const auto all = weak.lock();
    if (!all || all->parents()->empty()) return done(nullptr);
    std::make_shared<namespace_search>(all, rules, name, auth, std::move(done))->start();
  };
  return std::make_shared<const peer_rules>(
      peer_rules{find_nsp, search_nsp, log_, codec_, o.connect_timeout, o.max_namespaces, o.max_namespace_length});
}

inline srv::engine::user_factory server::make_user_factory() const {
  return [rules = make_peer_rules()](const std::shared_ptr<link>& l, const request& asked) {
    const auto made = std::make_shared<peer>(rules, l, to_handshake(asked));
    if (l->protocol() == eio::protocol::v3) l->loop().post([made] { made->join_main(); });
    return made;
  };
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
