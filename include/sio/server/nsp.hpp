// What a `sio::nsp` stands for: a namespace's listeners, middlewares and audience, on its loop.
#pragma once

#include <sio/events/listeners.hpp>
#include <sio/events/middlewares.hpp>
#include <sio/nsp.hpp>
#include <sio/server/socket.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

class nsp : public std::enable_shared_from_this<nsp> {
 public:
  nsp(std::string name, std::shared_ptr<net::loop> l, std::shared_ptr<const srv::log> lg,
      std::shared_ptr<const srv::codec> c)
      : loop_(std::move(l)), log_(std::move(lg)),
        audience_(std::make_shared<srv::audience>(std::move(name), std::move(c))) {}

  const std::string& name() const noexcept { return audience_->nsp(); }
  const std::shared_ptr<srv::audience>& audience() const noexcept { return audience_; }

  // ---- from any thread

  void add_listener(std::string event, listener_id id, handler run, bool once);
  void off(std::optional<std::string> event, std::optional<listener_id> id);
  void use(middleware m);
  void broadcast(address to, std::string_view event, const array& arguments, bool is_volatile);

  // ---- on the loop

  /// Leads a socket through the middlewares; `done` hears whether it may come in.
  void admit(const std::shared_ptr<socket>& who, events::admission::decided done);
  /// Takes in one that may, and tells the "connection" listeners.
  void take_in(const std::shared_ptr<socket>& who);
  /// Ends every socket for this reason, and lets go of everybody's lambdas.
  void end_all(reason why);
  void drop() noexcept;

 private:
  template <class F>
  void run(F f) {
    loop_->run([self = shared_from_this(), f = std::move(f)]() mutable { f(*self); });
  }

  std::shared_ptr<net::loop> loop_;
  std::shared_ptr<const srv::log> log_;
  std::shared_ptr<srv::audience> audience_;
  events::listeners listeners_;
  events::middleware_list middlewares_;
};

// ---- bodies

inline void nsp::add_listener(std::string event, listener_id id, handler f, bool once) {
  run([event = std::move(event), id, f = std::move(f), once](nsp& n) mutable {
    n.listeners_.add(event, id, std::move(f), once);
  });
}

inline void nsp::off(std::optional<std::string> event, std::optional<listener_id> id) {
  run([event = std::move(event), id](nsp& n) {
    if (!event) return n.listeners_.clear();
    id ? n.listeners_.remove(*event, *id) : n.listeners_.remove(*event);
  });
}

// Copied on write: a socket goes through the middlewares that there were when it came.
inline void nsp::use(middleware m) {
  run([m = std::move(m)](nsp& n) mutable {
    auto more = n.middlewares_ ? std::make_shared<std::vector<middleware>>(*n.middlewares_)
                               : std::make_shared<std::vector<middleware>>();
    more->push_back(std::move(m));
    n.middlewares_ = std::move(more);
  });
}

inline void nsp::broadcast(address to, std::string_view event, const array& arguments, bool is_volatile) {
  check_event_name(event);
  parser::encoded packet = audience_->codec().event(name(), std::nullopt, event, arguments);
  run([to = std::move(to), packet = std::move(packet), is_volatile](nsp& n) {
    n.audience_->broadcast(to, packet, is_volatile);
  });
}

inline void nsp::admit(const std::shared_ptr<socket>& who, events::admission::decided done) {
  const auto on_loop = [l = loop_](std::function<void()> f) { l->run(std::move(f)); };
  std::make_shared<events::admission>(middlewares_, sio::socket(who), on_loop, std::move(done))->start();
}

inline void nsp::take_in(const std::shared_ptr<socket>& who) {
  who->welcome();
  const sio::socket handle(who);
  for (const char* event : {"connect", "connection"}) {
    event_call what{array{value(nullptr)}, {}, &handle};
    listeners_.call(event, what, [&](const std::string& why) { who->report(std::string(event) + ": " + why); });
  }
}

inline void nsp::end_all(reason why) {
  const auto self = shared_from_this();
  std::vector<std::shared_ptr<socket>> all;
  audience_->for_each([&](receiver& r) { all.push_back(static_cast<socket&>(r).shared_from_this()); });
  for (const auto& who : all) who->end(why, {});
  drop();
}

inline void nsp::drop() noexcept {
  listeners_.clear();
  std::exchange(middlewares_, nullptr);
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
