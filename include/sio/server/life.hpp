// How a server lives and ends: turned, closed, stopped, or left by its last handle.
#pragma once

#include <sio/events/listeners.hpp>
#include <sio/server/engine.hpp>
#include <sio/server/listening.hpp>
#include <sio/server/namespaces.hpp>
#include <sio/server/router.hpp>
#include <sio/server/turning.hpp>

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
};

class life : public std::enable_shared_from_this<life> {
 public:
  /// `host` empty: with a loop of its own.
  explicit life(asio::any_io_executor host) : turning_(std::move(host)) {}

  const std::shared_ptr<net::loop>& loop() const noexcept { return turning_.loop(); }
  void begin(srv::parts made) { parts_ = std::move(made); }

  void run();
  void close(std::function<void()> done);
  void stop();
  /// No handle is left: the same without a word to anybody's code, and nothing runs any more.
  void release();

 private:
  void close_now(std::function<void()> done);
  void drop();
  void dismantle();
  void finish();

  srv::turning turning_;
  srv::parts parts_;
  bool closing_ = false, over_ = false;
  std::vector<std::function<void()>> waiting_for_end_;
};

// ---- bodies

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
  parts_.listening->close();
  for (const auto& n : parts_.namespaces->all()) n->end_all(reason::server_shutting_down);
  parts_.engine->close();
  loop()->post([self = shared_from_this()] {
    self->parts_.router->clear();
    self->loop()->resources().hurry_all();
    self->loop()->when_empty([self] { self->finish(); });
  });
}

inline void life::stop() {
  loop()->run([self = shared_from_this()] {
    self->drop();
    self->finish();
  });
}

inline void life::drop() {
  closing_ = true;
  parts_.listening->close();
  parts_.router->clear();
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
  drop();
  finish();
  turning_.dismantle();
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
