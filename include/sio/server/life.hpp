// How a server lives and ends: turned, closed, stopped, or left by its last handle.
#pragma once

#include <sio/ends/turning.hpp>
#include <sio/events/listeners.hpp>
#include <sio/server/drain.hpp>
#include <sio/server/engine.hpp>
#include <sio/server/listening.hpp>
#include <sio/server/namespaces.hpp>
#include <sio/server/pulse.hpp>
#include <sio/server/router.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

/// What a server is made of.
struct parts {
  std::shared_ptr<srv::namespaces> namespaces;
  std::shared_ptr<srv::engine> engine;
  std::shared_ptr<srv::router> router;
  std::shared_ptr<srv::listening> listening;
  std::shared_ptr<srv::pulse> pulse;
};

class life : public std::enable_shared_from_this<life> {
 public:
  /// `host` empty: with a loop of its own.
  explicit life(asio::any_io_executor host) : turning_(std::move(host)) {}

  const std::shared_ptr<net::loop>& loop() const noexcept { return turning_.loop(); }
  void begin(srv::parts made);
  const srv::parts& parts() const noexcept { return parts_; }

  void run();
  void close(std::function<void()> done);
  void drain(std::chrono::milliseconds duration, drain_options how, drain_report report);
  void stop();
  /// No handle is left: the same without a word to anybody's code, and nothing runs any more.
  void release();

 private:
  void close_now(std::function<void()> done);
  void drain_now(std::chrono::milliseconds duration, const drain_options& how, drain_report report);
  void drop();
  void dismantle();
  void finish();

  ends::turning turning_;
  srv::parts parts_;
  std::shared_ptr<srv::drain> drain_;
  bool closing_ = false, over_ = false;
  std::vector<std::function<void()>> waiting_for_end_;
};

// ---- bodies

inline void life::begin(srv::parts made) {
  parts_ = std::move(made);
  loop()->run([self = shared_from_this()] {
    if (!self->closing_) self->parts_.pulse->start();
  });
}

inline void life::run() {
  if (turning_.run()) dismantle();
}

inline void life::close(std::function<void()> done) {
  loop()->run([self = shared_from_this(), done = std::move(done)]() mutable { self->close_now(std::move(done)); });
}

// Every client hears of it; then every connection ends, at once or within the grace that a closing server grants.
inline void life::close_now(std::function<void()> done) {
  if (done) waiting_for_end_.push_back(std::move(done));
  if (over_) return finish();
  if (std::exchange(closing_, true)) return;
  if (drain_) drain_->cancel();
  parts_.listening->close();
  parts_.pulse->stop();
  for (const auto& n : parts_.namespaces->all()) n->end_all(reason::server_shutting_down);
  parts_.namespaces->drop();  // lambdas of rules and of their future children may hold what holds them
  parts_.engine->close();
  loop()->post([self = shared_from_this()] {
    self->parts_.router->clear();
    self->parts_.engine->forget_host();
    self->loop()->resources().hurry_all();
    self->loop()->when_empty([self] { self->finish(); });
  });
}

inline void life::drain(std::chrono::milliseconds duration, drain_options how, drain_report report) {
  if (!how.event.empty()) check_event_name(how.event);
  using std::chrono::milliseconds;
  constexpr milliseconds most = std::chrono::hours(24 * 365);
  duration = std::clamp(duration, milliseconds(0), most);
  how.linger = std::clamp(how.linger, milliseconds(0), most);
  loop()->run([self = shared_from_this(), duration, how = std::move(how), report = std::move(report)]() mutable {
    self->drain_now(duration, how, std::move(report));
  });
}

// It goes on listening: those who poll come with further connections. But no session begins.
inline void life::drain_now(std::chrono::milliseconds duration, const drain_options& how, drain_report report) {
  const bool first = !drain_;
  if (first) {
    const auto ended = [weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->close_now({});
    };
    drain_ = std::make_shared<srv::drain>(loop(), duration, how.linger, ended);
    waiting_for_end_.push_back([d = drain_] { d->tell_over(); });
  }
  drain_->add(std::move(report));
  if (over_) return finish();
  if (!first || closing_) return;
  parts_.engine->turn_newcomers_away();
  if (!how.event.empty())
    for (const auto& n : parts_.namespaces->all()) n->broadcast({}, event_packet(how.event, how.arguments));
  drain_->start(parts_.engine->all(), [e = parts_.engine] { return e->count(); });
}

inline void life::stop() {
  loop()->run([self = shared_from_this()] {
    self->drop();
    self->finish();
  });
}

inline void life::drop() {
  closing_ = true;
  if (drain_) drain_->cancel();
  parts_.listening->close();
  parts_.pulse->stop();
  parts_.router->clear();
  parts_.engine->forget_host();
  parts_.namespaces->drop();
  loop()->resources().abandon_all();
}

inline void life::finish() {
  over_ = true;
  for (const auto& done : std::exchange(waiting_for_end_, {}))
    events::run_user_code([&]() -> std::optional<std::string> { return done(), std::nullopt; });
  turning_.end();
}

inline void life::release() {
  if (turning_.release()) return dismantle();
  loop()->run([self = shared_from_this()] { self->dismantle(); });
}

inline void life::dismantle() {
  waiting_for_end_.clear();
  drain_.reset();
  drop();
  finish();
  turning_.dismantle();
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
