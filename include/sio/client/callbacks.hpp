// What the users of a client, or of a manager, gave it to call.
#pragma once

#include <sio/client/mailbox.hpp>
#include <sio/client_handle.hpp>
#include <sio/ends/log.hpp>
#include <sio/events/listeners.hpp>
#include <sio/net/loop.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace cln {

/// What all users' code of one connection shares.
struct user_side {
  std::shared_ptr<net::loop> loop;
  std::shared_ptr<cln::mailbox> mailbox;
  std::shared_ptr<const ends::log> log;
};

/// Lives on the loop, where its lists are changed.
class callbacks : public std::enable_shared_from_this<callbacks> {
 public:
  /// Makes the handle that listeners see, if there is one for them.
  using handle_maker = std::function<std::optional<sio::client>()>;

  /// `name` stands before what is logged.
  callbacks(
      user_side where, std::string name, handle_maker self = [] { return std::nullopt; })
      : where_(std::move(where)), name_(std::move(name)), self_(std::move(self)) {}

  events::listeners& listeners() noexcept { return listeners_; }
  events::listener_list& catch_all(catch_all_of which) noexcept {
    return which == catch_all_of::incoming ? incoming_ : outgoing_;
  }

  /// An event from the server.
  void receive(std::string event, event_call what);
  /// One of its own.
  void call(std::string event, event_call what);
  void show_outgoing(const std::string& event, const array& arguments);
  /// Tells the "error" listeners, or the log if there are none. On any thread.
  void report(std::string what);

  /// Lets go of everybody's lambdas.
  void clear() {
    listeners_.clear();
    incoming_.clear();
    outgoing_.clear();
  }

 private:
  struct delivered {
    std::string event;
    event_call what;
    events::listener_list shown, called;
  };

  void show(const events::listener_list& to, const std::string& event, const array& arguments, ack done);
  void run(const events::listener_list& called, const std::string& event, event_call& what);
  void deliver(delivered d);
  void forget(const std::string& event, listener_id id);

  user_side where_;
  std::string name_;
  handle_maker self_;
  events::listeners listeners_;
  events::listener_list incoming_, outgoing_;
  bool showing_outgoing_ = false;
};

// ---- bodies

inline void callbacks::receive(std::string event, event_call what) {
  deliver({std::move(event), std::move(what), incoming_, {}});
}

inline void callbacks::call(std::string event, event_call what) {
  deliver({std::move(event), std::move(what), {}, {}});
}

// On another thread the lists may change meanwhile: it gets those of now.
inline void callbacks::deliver(delivered d) {
  d.called = where_.mailbox->direct() ? listeners_.of(d.event) : listeners_.snapshot(d.event);
  if (!where_.mailbox->direct()) d.shown = d.shown.snapshot();
  if (d.shown.empty() && d.called.empty()) return;
  where_.mailbox->run([self = shared_from_this(), d = std::move(d)]() mutable {
    if (!d.shown.empty()) self->show(d.shown, d.event, d.what.args, d.what.done);
    self->run(d.called, d.event, d.what);
  });
}

inline void callbacks::show(const events::listener_list& to, const std::string& event, const array& arguments,
                            ack done) {
  const std::optional<sio::client> self = self_();
  event_call shown{{value(event)}, std::move(done), nullptr, event, nullptr, self ? &*self : nullptr};
  shown.args.insert(shown.args.end(), arguments.begin(), arguments.end());
  to.run(
      shown, [&](const std::string& why) { report(event + ": " + why); }, [](listener_id) {});
}

inline void callbacks::run(const events::listener_list& called, const std::string& event, event_call& what) {
  const std::optional<sio::client> self = self_();
  what.event = event;
  what.at = self ? &*self : nullptr;
  const auto complain = [&](const std::string& why) {
    const std::string line = event + ": " + why;
    event == "error" ? (*where_.log)(log_level::warning, name_ + ": " + line) : report(line);
  };
  called.run(what, complain, [&](listener_id id) { forget(event, id); });
}

inline void callbacks::forget(const std::string& event, listener_id id) {
  where_.loop->run([self = shared_from_this(), event, id] { self->listeners_.remove(event, id); });
}

// What such a listener emits itself is not shown: it would show itself what it emits without end.
inline void callbacks::show_outgoing(const std::string& event, const array& arguments) {
  if (outgoing_.empty() || std::exchange(showing_outgoing_, true)) return;
  const events::listener_list now = where_.mailbox->direct() ? outgoing_ : outgoing_.snapshot();
  where_.mailbox->run([self = shared_from_this(), now, event, arguments] { self->show(now, event, arguments, {}); });
  showing_outgoing_ = false;
}

inline void callbacks::report(std::string what) {
  where_.loop->run([self = shared_from_this(), what = std::move(what)]() mutable {
    if (!self->listeners_.has("error"))
      (*self->where_.log)(log_level::warning, self->name_ + ": " + what);
    else
      self->call("error", {{value(std::move(what))}, {}, nullptr, {}});
  });
}

}  // namespace cln
}  // namespace SIO_ABI
}  // namespace sio
