// What a socket's user gave it to call: catch-all listeners, then middlewares, then the event's listeners.
#pragma once

#include <sio/events/listeners.hpp>
#include <sio/events/middlewares.hpp>
#include <sio/server/surroundings.hpp>
#include <sio/socket.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

/// Lives in its socket, on the loop. Each call gets the socket's handle, which keeps it alive meanwhile.
class socket_events {
 public:
  explicit socket_events(const surroundings& where) : where_(where) {}

  events::listeners& listeners() noexcept { return listeners_; }
  events::listener_list& catch_all(catch_all_of which) noexcept {
    return which == catch_all_of::incoming ? incoming_ : outgoing_;
  }
  void use(event_middleware m);

  /// An event from the client.
  void receive(const sio::socket& self, std::string event, event_call what);
  /// An event of the socket's own.
  void call(const sio::socket& self, std::string_view event, event_call what);
  void show_outgoing(const sio::socket& self, const std::string& event, const array& arguments);

  /// Tells the "error" listeners, or the log if there are none.
  void report(const sio::socket& self, std::string_view what);
  /// How its data looks to others; what a conversion throws is reported.
  value shown(const sio::socket& self, const socket_data& data);
  bool tell_error(const sio::socket& self, array what);

  /// Lets go of everybody's lambdas.
  void clear() noexcept;

 private:
  struct held_event {
    std::string name;
    array args;
    ack done;
  };

  void show(const sio::socket& self, const events::listener_list& to, event_call& what);
  void lead_through(const sio::socket& self, std::string event, event_call what);
  void pass(const sio::socket& self, held_event& event, const std::optional<connect_error>& refusal);

  const surroundings& where_;
  events::listeners listeners_;
  events::listener_list incoming_, outgoing_;
  std::shared_ptr<const std::vector<event_middleware>> middlewares_;
  bool showing_outgoing_ = false;
};

// ---- bodies

// Copied on write: an event goes through the middlewares that there were when it came.
inline void socket_events::use(event_middleware m) {
  using list = std::vector<event_middleware>;
  auto more = middlewares_ ? std::make_shared<list>(*middlewares_) : std::make_shared<list>();
  more->push_back(std::move(m));
  middlewares_ = std::move(more);
}

inline void socket_events::receive(const sio::socket& self, std::string event, event_call what) {
  if (!incoming_.empty()) {
    event_call shown{{value(event)}, what.done, &self, event};
    shown.args.insert(shown.args.end(), what.args.begin(), what.args.end());
    show(self, incoming_, shown);
    if (!self.connected()) return;
  }
  middlewares_ ? lead_through(self, std::move(event), std::move(what)) : call(self, event, std::move(what));
}

inline void socket_events::show(const sio::socket& self, const events::listener_list& to, event_call& what) {
  const events::listener_list now = to;
  const auto complain = [&](const std::string& why) { report(self, std::string(what.event) + ": " + why); };
  now.run(what, complain, [](listener_id) {});
}

// What such a listener emits itself is not shown: it would show itself what it emits without end.
inline void socket_events::show_outgoing(const sio::socket& self, const std::string& event, const array& arguments) {
  if (outgoing_.empty() || std::exchange(showing_outgoing_, true)) return;
  event_call shown{{value(event)}, {}, &self, event};
  shown.args.insert(shown.args.end(), arguments.begin(), arguments.end());
  show(self, outgoing_, shown);
  showing_outgoing_ = false;
}

inline void socket_events::lead_through(const sio::socket& self, std::string event, event_call what) {
  const auto held = std::make_shared<held_event>(held_event{std::move(event), std::move(what.args), what.done});
  const auto run = [list = middlewares_, self, held](std::size_t i, const next& go_on) {
    (*list)[i](self, held->name, held->args, go_on);
  };
  const auto on_loop = [l = where_.loop](std::function<void()> f) { l->run(std::move(f)); };
  const auto decided = [this, self, held](const std::optional<connect_error>& refusal) { pass(self, *held, refusal); };
  std::make_shared<events::passage>(middlewares_->size(), run, on_loop, decided)->start();
}

inline void socket_events::pass(const sio::socket& self, held_event& event,
                                const std::optional<connect_error>& refusal) {
  if (!self.connected()) return;
  if (!refusal) return call(self, event.name, {std::move(event.args), std::move(event.done), nullptr, {}});
  array error{value(refusal->message())};
  if (refusal->data()) error.push_back(*refusal->data());
  if (!tell_error(self, std::move(error))) report(self, event.name + ": " + refusal->message());
}

inline void socket_events::call(const sio::socket& self, std::string_view event, event_call what) {
  what.self = &self;
  listeners_.call(event, what, [&](const std::string& why) {
    ++where_.log->counts().handler_errors;
    const std::string line = std::string(event) + ": " + why;
    event == "error" ? (*where_.log)(log_level::warning, line) : report(self, line);
  });
}

inline value socket_events::shown(const sio::socket& self, const socket_data& data) {
  value out = object();
  const auto why_not = events::run_user_code([&]() -> std::optional<std::string> {
    out = data.shown();
    return std::nullopt;
  });
  if (why_not) report(self, "data: " + *why_not);
  return out;
}

inline void socket_events::report(const sio::socket& self, std::string_view what) {
  if (!tell_error(self, {value(what)}))
    (*where_.log)(log_level::warning, where_.audience->nsp() + ": " + std::string(what));
}

inline bool socket_events::tell_error(const sio::socket& self, array what) {
  if (!listeners_.has("error")) return false;
  call(self, "error", {std::move(what), {}, nullptr, {}});
  return true;
}

inline void socket_events::clear() noexcept {
  listeners_.clear();
  incoming_.clear();
  outgoing_.clear();
  std::exchange(middlewares_, nullptr);
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
