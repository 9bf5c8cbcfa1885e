// What a `sio::nsp` stands for: a namespace's listeners, middlewares and audience, on its loop.
#pragma once

#include <sio/events/listeners.hpp>
#include <sio/events/middlewares.hpp>
#include <sio/nsp.hpp>
#include <sio/server/attendance.hpp>
#include <sio/server/gathering.hpp>
#include <sio/server/nsp_rules.hpp>
#include <sio/server/recovery_adapter.hpp>
#include <sio/server/room_listeners.hpp>
#include <sio/server/socket.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

/// Whether a namespace tells that event itself: nobody else may.
inline bool owns_event(std::string_view event) noexcept {
  return event == "connection" || event == "connect" || event == "new_namespace";
}

class nsp final : public adapter_host, public std::enable_shared_from_this<nsp> {
 public:
  nsp(std::string name, const nsp_rules& rules);

  // ---- before anybody else knows it

  void inherit(middleware_list middlewares, const std::vector<connection_listener>& listeners);
  /// `f` is called each time that nobody is there any more.
  void when_empty(attendance::listener f) { attendance_.when_empty(std::move(f)); }

  // ---- from any thread

  void add_listener(std::string event, listener_id id, handler run, bool once);
  void use(middleware m);
  void begin();
  /// Tells the "new_namespace" listeners.
  void announce(const std::shared_ptr<nsp>& made);
  void broadcast(broadcast_options to, event_packet packet);
  void broadcast_with_ack(broadcast_options to, event_packet packet, answers_handler done);
  void add_room_listener(std::string event, listener_id id, handler run, bool once);

  /// Runs `f(nsp&)` on the loop: at once, if the caller is on it.
  template <class F>
  void run(F f) {
    loop_->run([self = shared_from_this(), f = std::move(f)]() mutable { f(*self); });
  }
  /// The same, never before the caller returns.
  template <class F>
  void post(F f) {
    loop_->post([self = shared_from_this(), f = std::move(f)]() mutable { f(*self); });
  }

  // ---- on the loop

  events::listeners& listeners() noexcept { return listeners_; }
  events::listeners& room_listeners() noexcept { return room_listeners_; }
  /// Throws where a call is for handlers, and this thread runs none.
  nsp& on_its_loop(const char* call);
  /// Begun when first asked for.
  sio::adapter& adapter();

  /// Whoever holds it is there; null where nobody wants to know.
  std::shared_ptr<void> place() { return attendance_.place(*loop_, shared_from_this()); }
  /// Whether clients may come back.
  bool recovers() const noexcept { return recovery_ != nullptr; }
  bool recovered_skip_middlewares() const noexcept { return recovery_->skip_middlewares; }
  /// Leads a socket through the middlewares; `done` hears whether it may come in.
  void admit(const std::shared_ptr<socket>& who, events::passage::decided done);
  /// Takes in one that may, and tells the "connection" listeners.
  void take_in(const std::shared_ptr<socket>& who);
  /// Ends every socket for this reason, and lets go of everybody's lambdas.
  void end_all(reason why);
  /// Its last socket has left.
  void close();
  void drop() noexcept;

  // ---- for the adapter

  const std::string& name() const noexcept override { return audience_->nsp(); }
  asio::any_io_executor executor() const override { return loop_->lend_executor(); }
  void receive(array event, ack done) override;
  void watch_rooms(std::function<void(const room_change&)> f) override;
  void log(log_level level, std::string_view line) const noexcept override { (*log_)(level, line); }
  const std::shared_ptr<srv::audience>& audience() const noexcept override { return audience_; }

 private:
  std::unique_ptr<sio::adapter> make_adapter(const nsp_rules& rules);
  void report(std::string_view event, const std::string& why) const;
  void gather(const broadcast_options& to, event_packet packet, answers_handler done);

  std::shared_ptr<net::loop> loop_;
  std::shared_ptr<const ends::log> log_;
  std::shared_ptr<const recovery_rules> recovery_;
  std::shared_ptr<srv::audience> audience_;
  std::unique_ptr<sio::adapter> adapter_;
  recovery_adapter* recoveries_ = nullptr;  // if that is the adapter
  events::listeners listeners_;
  srv::room_listeners room_listeners_;
  middleware_list middlewares_;
  attendance attendance_;
  std::map<std::uint64_t, std::shared_ptr<gathering>> gatherings_;  // what is under way
  std::uint64_t next_gathering_ = 0;
  bool begun_ = false, watching_ = false;
};

// ---- bodies

inline nsp::nsp(std::string name, const nsp_rules& rules)
    : loop_(rules.loop), log_(rules.log), recovery_(rules.recovery),
      audience_(std::make_shared<srv::audience>(std::move(name), rules.codec)) {
  adapter_ = make_adapter(rules);
  if (!adapter_) throw std::invalid_argument("sio: option adapter: it made none for " + this->name());
}

inline std::unique_ptr<sio::adapter> nsp::make_adapter(const nsp_rules& rules) {
  if (rules.make_adapter) return rules.make_adapter(*this);
  if (!recovery_) return std::make_unique<memory_adapter>(*this);
  auto made = std::make_unique<recovery_adapter>(*this, loop_, *recovery_);
  recoveries_ = made.get();
  return made;
}

inline nsp& nsp::on_its_loop(const char* call) {
  if (loop_->here()) return *this;
  throw std::logic_error("sio: " + std::string(call) + " is for handlers: this thread does not run the server's loop");
}

// Has its adapter begin, before it is needed.
inline void nsp::begin() {
  run([](nsp& n) { n.adapter(); });
}

inline sio::adapter& nsp::adapter() {
  if (!std::exchange(begun_, true)) adapter_->init();
  return *adapter_;
}

inline void nsp::add_listener(std::string event, listener_id id, handler f, bool once) {
  run([event = std::move(event), id, f = std::move(f), once](nsp& n) mutable {
    n.listeners_.add(event, id, std::move(f), once);
  });
}

inline void nsp::use(middleware m) {
  run([m = std::move(m)](nsp& n) mutable { n.middlewares_ = with_one_more(n.middlewares_, std::move(m)); });
}

inline void nsp::inherit(middleware_list middlewares, const std::vector<connection_listener>& listeners) {
  middlewares_ = std::move(middlewares);
  for (const connection_listener& l : listeners) listeners_.add(l.event, l.id, l.run, l.once);
}

inline void nsp::announce(const std::shared_ptr<nsp>& made) {
  run([made](nsp& n) {
    const sio::nsp handle(made);
    event_call what{array{value(made->name())}, {}, nullptr, {}, &handle};
    n.listeners_.call("new_namespace", what, [&](const std::string& why) { n.report("new_namespace", why); });
  });
}

inline void nsp::broadcast(broadcast_options to, event_packet packet) {
  check_event_name(packet.event());
  const bool at_once = loop_->here();
  if (!recovery_) audience_->encode(packet);  // else its offset is known only when it is its turn
  run([to = std::move(to), packet = std::move(packet), at_once](nsp& n) mutable {
    if (at_once || !n.recovery_) return n.adapter().broadcast(std::move(packet), to);
    broadcast_later(n.adapter(), std::move(packet), to, [&](const std::string& why_not) { n.report("emit", why_not); });
  });
}

// Its waiting has an end even where nobody asked for one.
inline void nsp::broadcast_with_ack(broadcast_options to, event_packet packet, answers_handler done) {
  check_event_name(packet.event());
  audience_->encode(packet);  // what cannot be encoded throws here, not on the loop
  if (!to.flags.timeout) to.flags.timeout = std::chrono::seconds(20);
  run([to = std::move(to), packet = std::move(packet), done = std::move(done)](nsp& n) mutable {
    n.gather(to, std::move(packet), std::move(done));
  });
}

inline void nsp::gather(const broadcast_options& to, event_packet packet, answers_handler done) {
  const std::uint64_t place = next_gathering_++;
  const auto finished = [this, self = weak_from_this(), place, event = packet.event(), done = std::move(done)](
                            error_code ec, broadcast_answers& all) {
    const auto alive = self.lock();
    if (!alive) return;
    gatherings_.erase(place);
    const auto why_not = events::run_user_code([&] { return done(ec, all); });
    if (why_not) report(event, *why_not);
  };
  const auto all = std::make_shared<gathering>(loop_, *to.flags.timeout, finished);
  gatherings_.emplace(place, all);
  if (to.flags.local)
    all->expect(1);
  else
    adapter().server_count([all](error_code ec, std::size_t count) { all->expect(ec ? 1 : count); });
  adapter().broadcast_with_ack(std::move(packet), to, all);
}

inline void nsp::admit(const std::shared_ptr<socket>& who, events::passage::decided done) {
  if (who->recovered() && recovered_skip_middlewares()) return done(std::nullopt);
  const auto on_loop = [l = loop_](std::function<void()> f) { l->run(std::move(f)); };
  const auto run = [list = middlewares_, handle = sio::socket(who)](std::size_t i, const next& go_on) {
    (*list)[i](handle, go_on);
  };
  const std::size_t count = middlewares_ ? middlewares_->size() : 0;
  std::make_shared<events::passage>(count, run, on_loop, std::move(done))->start();
}

inline void nsp::take_in(const std::shared_ptr<socket>& who) {
  who->welcome();
  const sio::socket handle(who);
  for (const char* event : {"connect", "connection"}) {
    event_call what{array{value(nullptr)}, {}, &handle, {}};
    listeners_.call(event, what, [&](const std::string& why) { who->report(std::string(event) + ": " + why); });
  }
}

inline void nsp::report(std::string_view event, const std::string& why) const {
  (*log_)(log_level::warning, name() + ": " + std::string(event) + ": " + why);
}

// ["hello",1], said by another server.
inline void nsp::receive(array event, ack done) {
  const std::string* first = event.empty() ? nullptr : event.front().if_string();
  if (!first || owns_event(*first)) return;
  const std::string said = *first;
  event.erase(event.begin());
  event_call what{std::move(event), std::move(done), nullptr, {}};
  listeners_.call(said, what, [&](const std::string& why) { report(said, why); });
}

// ---- rooms

inline void nsp::watch_rooms(std::function<void(const room_change&)> f) { audience_->watch(std::move(f)); }

inline void nsp::add_room_listener(std::string event, listener_id id, handler f, bool once) {
  run([event = std::move(event), id, f = std::move(f), once](nsp& n) mutable {
    n.room_listeners_.add(event, id, std::move(f), once);
    if (!std::exchange(n.watching_, true))
      n.watch_rooms([&n](const room_change& c) {
        n.room_listeners_.tell(c, [&](std::string_view what, const std::string& why) { n.report(what, why); });
      });
  });
}

// ---- the end

inline void nsp::end_all(reason why) {
  const auto self = shared_from_this();
  std::vector<std::shared_ptr<socket>> all;
  audience_->for_each([&](receiver& r) { all.push_back(static_cast<socket&>(r).shared_from_this()); });
  for (const auto& who : all) who->end(why, {});
  close();
}

inline void nsp::close() {
  if (std::exchange(begun_, false)) adapter_->close();
  drop();
}

inline void nsp::drop() noexcept {
  if (recoveries_) recoveries_->stop();
  listeners_.clear();
  room_listeners_.clear();
  attendance_.clear();
  std::exchange(middlewares_, nullptr);
  std::exchange(gatherings_, {});
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
