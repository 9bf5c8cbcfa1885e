// The handle of a client: one namespace of a server.
#pragma once

#include <sio/catch_all.hpp>
#include <sio/client_options.hpp>
#include <sio/completion.hpp>
#include <sio/error.hpp>

#include <asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {

namespace cln {
class socket;
class manager;
}  // namespace cln

class client;
class manager;
class flagged_client;

namespace detail {

/// Tells the "error" listeners, or the log. From any thread.
void report_error(const client& to, std::string what);
/// Where its handlers run, if that is an executor.
asio::any_io_executor coroutine_executor(const client& of);

}  // namespace detail

/// A client of a Socket.IO server, in one namespace (JS: the client's `Socket`). It is a handle: copies stand for the
/// same client, and when the last one goes, the client leaves its namespace without a handler being called, and its
/// connection ends if nobody else uses it. With a thread of its own, no handler runs any more when the last handle's
/// destructor returns; it waits for one that is running, unless it is called by that one. Calls may be made from any
/// thread and from any handler, unless said otherwise.
///
/// Handlers run one at a time: on the client's own thread, on the host's executor, or in `poll`. A handler that takes a
/// `sio::client` is given a handle that keeps nothing alive; do not capture other handles by value in a client's own
/// handlers: it would keep itself alive.
///
/// Events of its own: "connect", "disconnect" (reason, description), "connect_error" (message, data), and "error" (a
/// sentence: a handler threw, arguments did not fit one, or an event was dropped). Those of the connection are
/// `manager`'s.
class client : public emitter<client>, public catch_all<client> {
  template <class Signature, class... A>
  using asked = detail::asked_t<client, detail::ack_completion<Signature>, A...>;

 public:
  /// A client with a thread of its own. The URL's path is the namespace: "https://chat.example.com/admin". Throws
  /// `std::invalid_argument` with a sentence for a URL or an option that cannot be.
  explicit client(std::string_view url, client_options options = {});
  /// A client that lives on the host's executor and never runs it. If several threads run it, give a strand.
  client(asio::any_io_executor executor, std::string_view url, client_options options = {});
  client(const client& other) noexcept;
  client& operator=(const client& other) noexcept;
  ~client();

  // ---- connecting

  /// Connects; does nothing if it is connecting already. After `disconnect`, or when the server has refused it or sent
  /// it away, it connects anew.
  void connect() const;
  /// Leaves the namespace; what was emitted before leaves first. The connection ends if no other client uses it.
  void disconnect() const;
  /// The same.
  void close() const { disconnect(); }

  /// From "connect" until "disconnect".
  bool connected() const noexcept;
  /// Whether it connects by itself when its connection breaks: from `connect` until `disconnect`, a refusal, or until
  /// the server sends it away.
  bool active() const noexcept;
  /// Whether the last "connect" went on where the connection broke: nothing was missed.
  bool recovered() const noexcept;
  /// The server's id of it, another one after each "connect" that recovered nothing; empty while it is not connected.
  std::string id() const;
  /// Its namespace: "/admin".
  const std::string& nsp() const noexcept;
  /// The connection that carries it.
  sio::manager manager() const;

  /// What it shows the server at its next connections.
  void auth(sio::auth shown) const;

  // ---- events

  /// Sends an event, or keeps it until there is a connection (see `client_options::max_offline_events`). A lambda as
  /// the last argument receives the acknowledgement: `[](int answer)`, or `[](error_code ec, int answer)`, which also
  /// hears that none came. Throws `std::invalid_argument` for a reserved event name.
  template <class... A>
  void emit(std::string_view event, A&&... a) const {
    emit_with(emit_flags{}, event, std::forward<A>(a)...);
  }
  /// The same with a list whose elements are the event's arguments.
  void emit_array(std::string_view event, array arguments) const {
    emit_array(emit_flags{}, event, std::move(arguments), {});
  }
  /// The same with a lambda that receives the acknowledgement.
  template <class F>
  void emit_array(std::string_view event, array arguments, F&& heard) const {
    emit_list(emit_flags{}, event, std::move(arguments), std::forward<F>(heard));
  }
  /// `emit("message", …)`.
  template <class... A>
  void send(A&&... a) const {
    emit("message", std::forward<A>(a)...);
  }
  /// Sends an event and completes with its acknowledgement, as `void(error_code, R…)`: the last argument is a
  /// completion token of Asio's; in C++20 it may be left out: `int n = co_await io.emit_with_ack<int>("sum", 6, 7);`.
  /// Errors: `errc::timed_out`, `disconnected`, `dropped`, `unexpected_answer`.
  template <class... R, class... A>
  auto emit_with_ack(std::string_view event, A&&... a) const -> asked<void(error_code, R...), A...> {
    return ask<void(error_code, R...)>(emit_flags{}, event, std::forward<A>(a)...);
  }
  /// The next emit's acknowledgement must come within `d`.
  flagged_client timeout(std::chrono::milliseconds d) const;
  /// The next emit is dropped if it could not leave at once.
  flagged_client volatile_() const;
  /// Whether the next emit may be compressed, where the connection can; it may, unless told otherwise.
  flagged_client compress(bool on) const;

  /// Removes all listeners of an event, or one of them.
  void off(std::string_view event) const;
  void off(std::string_view event, listener_id id) const;
  /// Removes all listeners.
  void off() const;

  // ---- what waits for a connection (JS: `sendBuffer`)

  /// Shows `f` the events that wait, oldest first, on the client's thread.
  void offline_events(std::function<void(std::vector<offline_event>)> f) const;
  /// Forgets them; whoever waits for their acknowledgement hears `errc::dropped`.
  void clear_offline_events() const;

  // ---- threads

  /// With `delivery::poll`: runs what has happened since, at most `most` handlers, on this thread. Returns how many
  /// ran: none while another thread polls. Clients that share a connection share this, too. Throws `std::logic_error`
  /// with another delivery.
  std::size_t poll(std::size_t most = static_cast<std::size_t>(-1)) const;
  /// Where the connection lives, and with `delivery::loop` the handlers run. Empty once it has ended.
  asio::any_io_executor get_executor() const;

  friend bool operator==(const client& a, const client& b) noexcept { return a.impl_ == b.impl_; }
  friend bool operator!=(const client& a, const client& b) noexcept { return a.impl_ != b.impl_; }

  /// For the library: the handle of what it stands for; `keeps` if it counts.
  client(std::shared_ptr<cln::socket> impl, bool keeps) noexcept;

 private:
  friend class emitter<client>;
  friend class catch_all<client>;
  friend class flagged_client;
  template <class To, class Completion>
  friend class detail::ack_initiation;
  friend void detail::report_error(const client& to, std::string what);
  friend asio::any_io_executor detail::coroutine_executor(const client& of);

  template <class... A>
  void emit_with(const emit_flags& flags, std::string_view event, A&&... a) const {
    detail::with_arguments(
        [&](array arguments, ack_handler done) { emit_array(flags, event, std::move(arguments), std::move(done)); },
        std::forward<A>(a)...);
  }
  template <class F>
  void emit_list(const emit_flags& flags, std::string_view event, array arguments, F&& heard) const {
    static_assert(detail::ends_with_ack_receiver<F>, "sio: what follows the list is a lambda for the acknowledgement");
    detail::with_arguments(
        [&](const array&, ack_handler done) { emit_array(flags, event, std::move(arguments), std::move(done)); },
        std::forward<F>(heard));
  }
  template <class Signature, class... A>
  auto ask(const emit_flags& flags, std::string_view event, A&&... a) const -> asked<Signature, A...> {
    return detail::ask<detail::ack_completion<Signature>>(*this, flags, event, std::forward<A>(a)...);
  }
  void emit_array(const emit_flags& flags, std::string_view event, array arguments, ack_handler done) const;
  listener_id add_listener(std::string_view event, handler run, bool once) const;
  listener_id add_catch_all(catch_all_of which, handler run, bool first) const;
  void remove_catch_all(catch_all_of which, std::optional<listener_id> id) const;
  std::size_t count_catch_all(catch_all_of which) const;
  void release() noexcept;

  std::shared_ptr<cln::socket> impl_;
  bool keeps_ = true;
};

/// A client with flags for its next emit.
class flagged_client {
 public:
  template <class... A>
  void emit(std::string_view event, A&&... a) const {
    to_.emit_with(flags_, event, std::forward<A>(a)...);
  }
  void emit_array(std::string_view event, array arguments) const {
    to_.emit_array(flags_, event, std::move(arguments), {});
  }
  template <class F>
  void emit_array(std::string_view event, array arguments, F&& heard) const {
    to_.emit_list(flags_, event, std::move(arguments), std::forward<F>(heard));
  }
  template <class... A>
  void send(A&&... a) const {
    emit("message", std::forward<A>(a)...);
  }
  template <class... R, class... A>
  auto emit_with_ack(std::string_view event, A&&... a) const -> client::asked<void(error_code, R...), A...> {
    return to_.ask<void(error_code, R...)>(flags_, event, std::forward<A>(a)...);
  }

  flagged_client timeout(std::chrono::milliseconds d) const {
    return with([d](emit_flags& f) { f.timeout = d; });
  }
  flagged_client volatile_() const {
    return with([](emit_flags& f) { f.is_volatile = true; });
  }
  flagged_client compress(bool on) const {
    return with([on](emit_flags& f) { f.compress = on; });
  }

 private:
  friend class client;
  explicit flagged_client(client to) : to_(std::move(to)) {}

  template <class Change>
  flagged_client with(Change&& change) const {
    flagged_client next = *this;
    change(next.flags_);
    return next;
  }

  client to_;
  emit_flags flags_;
};

inline flagged_client client::timeout(std::chrono::milliseconds d) const { return flagged_client(*this).timeout(d); }
inline flagged_client client::volatile_() const { return flagged_client(*this).volatile_(); }
inline flagged_client client::compress(bool on) const { return flagged_client(*this).compress(on); }

}  // namespace SIO_ABI
}  // namespace sio
