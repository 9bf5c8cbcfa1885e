// The Socket.IO server.
#pragma once

#include <sio/drain.hpp>
#include <sio/engine.hpp>
#include <sio/metrics.hpp>
#include <sio/nsp.hpp>
#include <sio/options.hpp>
#include <sio/parent_nsp.hpp>
#include <sio/request.hpp>
#include <sio/tls.hpp>

#include <asio/any_io_executor.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace sio {
inline namespace SIO_ABI {

namespace srv {
class server;
}

class stream;  // in sio/stream.hpp

/// A Socket.IO server. It is a handle: copies stand for the same server, and when the last one goes, the server goes,
/// and its clients are disconnected without a handler being called; `close` it first if they should be called. Calls
/// may be made from any thread and from any handler, unless said otherwise. Do not capture a server by value in one
/// of its own handlers: it would keep itself alive.
class server : public emitter<server> {
 public:
  /// A server with a loop of its own, which turns in `run`. Throws `std::invalid_argument` for an option that cannot
  /// be.
  explicit server(server_options options = {});
  /// A server that lives on the host's executor and never runs it. If several threads run it, give a strand.
  explicit server(asio::any_io_executor executor, server_options options = {});
  // Copied only: one that was moved from would stand for nothing.
  server(const server&) = default;
  server& operator=(const server&) = default;

  // ---- listening and life

  /// Listens on all addresses of this machine, or on one; 0 lets the system choose a port. May be called several
  /// times. Throws `std::system_error` with a sentence when that cannot be.
  void listen(unsigned short port);
  void listen(const std::string& address, unsigned short port);
  /// The same over TLS. Throws `std::invalid_argument` with a sentence for a certificate or key that cannot be used,
  /// and where this library was built without TLS.
  void listen(unsigned short port, tls_options tls);
  void listen(const std::string& address, unsigned short port, tls_options tls);
  /// From now on new connections to the TLS ports are shown what the certificate files say now, or other certificates;
  /// those that exist go on. Throws `std::invalid_argument` for one that cannot be used: then all stays as it was.
  void reload_tls();
  void reload_tls(tls_options tls);
  /// Listens at a path of the file system (a Unix-domain socket), for those whom the permissions let in. What a dead
  /// server left there is replaced; the path goes when the server closes. Clients have an empty address. Throws
  /// `std::system_error`, on Windows always.
  void listen_unix(const std::string& path, unsigned permissions = 0600);
  /// The port that the last `listen` got; 0 before.
  unsigned short port() const noexcept;

  // ---- beside an HTTP server of the host's own

  /// Whether a request with that target ("/socket.io/?EIO=4…") is for this server: Socket.IO's, or its client bundle.
  bool wants(std::string_view target) const;
  /// Takes over a connection that the host has accepted, and perhaps read from: `already_read` are those bytes, all of
  /// them; include `sio/stream.hpp` for this. The stream is used by nobody else from now on. A socket may live on any
  /// executor, another stream only on the context that this server lives on, else `std::invalid_argument` is thrown.
  /// Later requests on that connection come here, too: `on_request` answers those that are not Socket.IO's. After
  /// `close` the connection is closed.
  void adopt(stream s, std::string already_read = {});

  /// Where the handlers run: for timers and sockets of your own. Empty once the server has ended.
  asio::any_io_executor get_executor() const;
  /// Turns the server's own loop until `close` or `stop`. Throws `std::logic_error` on a host's executor.
  void run();
  /// Disconnects every socket ("server shutting down"), closes every connection, stops listening. Then calls `done`
  /// on the loop, and `run` returns.
  void close(std::function<void()> done = {});
  /// Empties the server, then closes it. No session begins any more (a handshake is answered with 503), and in the
  /// course of `duration`, a few at a time and in no order, each client is disconnected ("server shutting down") once
  /// it has what was sent to it; official clients reconnect, perhaps to another server. `report` hears how far it is,
  /// again and again, and at last that it is over: then `run` returns. Of several calls the first counts, and all their
  /// reports are called; `close` and `stop` cut it short. Throws `std::invalid_argument` for a reserved event name.
  void drain(std::chrono::milliseconds duration, drain_options options = {}, drain_report report = {});
  /// Ends at once: nothing more is sent, no handler is called. `run` returns.
  void stop();

  // ---- namespaces; the calls without a name are for "/"

  /// The namespace of that name, made when first asked for; "admin" means "/admin".
  sio::nsp of(std::string_view name) const;
  /// Calls `on_connection` for each socket that joins it, too.
  template <class F>
  sio::nsp of(std::string_view name, F&& on_connection) const {
    sio::nsp n = of(name);
    n.on("connection", std::forward<F>(on_connection));
    return n;
  }
  /// Lets clients make namespaces by naming them: those whose name fits a `sio::pattern` or a `std::regex` (anywhere in
  /// it, unless anchored; no name longer than 256 bytes), or that a lambda allows: `(std::string name)` or
  /// `(std::string name, sio::value auth)` returning bool, or `(std::string name, sio::value auth, sio::allow)`, which
  /// may answer later. Rules are asked in the order of these calls; the first that allows makes the namespace.
  template <class Rule, std::enable_if_t<!std::is_convertible_v<Rule, std::string_view>, int> = 0>
  parent_nsp of(Rule&& rule) const {
    return add_parent(detail::make_namespace_rule(std::decay_t<Rule>(std::forward<Rule>(rule))));
  }
  sio::nsp sockets() const { return of("/"); }

  template <class F>
  const server& use(F&& f) const {
    sockets().use(std::forward<F>(f));
    return *this;
  }
  template <class... A>
  void emit(std::string_view event, A&&... a) const {
    sockets().emit(event, std::forward<A>(a)...);
  }
  template <class... A>
  void send(A&&... a) const {
    sockets().send(std::forward<A>(a)...);
  }
  template <class R = broadcast_answers, class... A>
  auto emit_with_ack(std::string_view event, A&&... a) const
      -> decltype(broadcast().template emit_with_ack<R>(event, std::forward<A>(a)...)) {
    return sockets().template emit_with_ack<R>(event, std::forward<A>(a)...);
  }
  broadcast to(const room_list& rooms) const { return sockets().to(rooms); }
  broadcast in(const room_list& rooms) const { return sockets().to(rooms); }
  broadcast except(const room_list& rooms) const { return sockets().except(rooms); }
  broadcast volatile_() const { return sockets().volatile_(); }
  broadcast compress(bool on) const { return sockets().compress(on); }
  broadcast local() const { return sockets().local(); }
  broadcast timeout(std::chrono::milliseconds d) const { return sockets().timeout(d); }
  template <class Token>
  auto fetch_sockets(Token&& token) const {
    return sockets().fetch_sockets(std::forward<Token>(token));
  }
  void sockets_join(const room_list& rooms) const { sockets().sockets_join(rooms); }
  void sockets_leave(const room_list& rooms) const { sockets().sockets_leave(rooms); }
  void disconnect_sockets(bool close = false) const { sockets().disconnect_sockets(close); }
  template <class... A>
  void server_side_emit(std::string_view event, A&&... a) const {
    sockets().server_side_emit(event, std::forward<A>(a)...);
  }
  template <class R = value, class... A>
  auto server_side_emit_with_ack(std::string_view event, A&&... a) const {
    return sockets().template server_side_emit_with_ack<R>(event, std::forward<A>(a)...);
  }
  void off(std::string_view event) const { sockets().off(event); }
  void off(std::string_view event, listener_id id) const { sockets().off(event, id); }
  void off() const { sockets().off(); }

  /// Measures the server and calls `f` on its loop: for figures of your own. `server_options::metrics_path` serves them
  /// for Prometheus.
  void metrics(std::function<void(sio::metrics)> f) const;
  /// The HTTP half of the server: middlewares, ids, headers, and who was refused.
  sio::engine engine() const;

  // ---- plain HTTP beside Socket.IO

  /// Serves the files of `directory` below `prefix`: `serve_files("/", "public")`. Never one outside of it. Throws
  /// `std::invalid_argument` when there is no such directory.
  void serve_files(std::string prefix, const std::string& directory);
  /// Answers requests for exactly that path (decoded, without the query).
  void on_request(std::string path, std::function<response(const request&)> answer);
  /// Asked for each request that is not Socket.IO's, in the order of these calls and before files; nothing means:
  /// not mine. What it throws is answered with 500.
  void on_request(std::function<std::optional<response>(const request&)> answer);

 private:
  friend class emitter<server>;
  parent_nsp add_parent(namespace_rule rule) const;
  listener_id add_listener(std::string_view event, handler run, bool once) const;

  std::shared_ptr<srv::server> impl_;
};

}  // namespace SIO_ABI
}  // namespace sio

#if !defined(SIO_SEPARATE_COMPILATION)
#include <sio/impl/sio.ipp>  // header-only: the bodies of the whole door, once all of it is known
#endif
