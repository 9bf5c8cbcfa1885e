// How a client reaches its server: a name, its addresses, perhaps a proxy, perhaps TLS; at the end a ready stream.
#pragma once

#include <sio/http/proxy_rules.hpp>
#include <sio/net/address_race.hpp>
#include <sio/net/dial_step.hpp>
#include <sio/net/loop.hpp>
#include <sio/net/name_lookup.hpp>
#include <sio/net/proxy_tunnel.hpp>
#include <sio/net/tls_handshake.hpp>
#include <sio/proxy.hpp>
#include <sio/tls.hpp>

#include <asio/error.hpp>
#include <asio/local/stream_protocol.hpp>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace net {

/// What to reach.
struct destination {
  std::string host;  ///< a name, or an address without brackets
  unsigned short port = 80;
  bool secure = false;
  std::string unix_path;  ///< of a Unix-domain socket, which is reached instead, without a proxy
};

struct dialer_options {
  /// Of one dial with all its steps; 0: as long as it takes.
  std::chrono::milliseconds timeout{0};
  /// How long one address is tried alone.
  std::chrono::milliseconds attempt_delay{250};
  proxy_options proxy;
  client_tls_options tls;
  lookup_function lookup = &ask_system;
};

class dialer;

/// One dial under way. It goes on if nobody holds it.
class dialing final : public resource, public std::enable_shared_from_this<dialing> {
 public:
  using report = std::function<void(dialled)>;

  dialing(std::shared_ptr<const dialer> how, destination to, report done);
  ~dialing() override;

  /// On the loop: closes everything; the report is not called any more.
  void cancel() noexcept;
  void abandon() noexcept override { cancel(); }

 private:
  friend class dialer;

  void begin();
  void reach_path();
  void look_up();
  void connect(const addresses& found);
  void tunnel(std::unique_ptr<stream> s);
  void secure(std::unique_ptr<stream> s);
  void finish(dialled came_out);

  template <class Step, class... Args>
  void take(Args&&... args);
  void drop_step() noexcept;
  dial_step::report then(void (dialing::*next)(std::unique_ptr<stream>));
  std::string target() const { return place(to_.host, to_.port); }
  /// Where the first connection goes.
  const std::string& first_host() const noexcept { return proxy_.host.empty() ? to_.host : proxy_.host; }
  unsigned short first_port() const noexcept { return proxy_.host.empty() ? to_.port : proxy_.port; }
  std::string first_target() const {
    return (proxy_.host.empty() ? "" : "the proxy ") + place(first_host(), first_port());
  }

  std::shared_ptr<const dialer> dialer_;
  std::shared_ptr<net::loop> loop_;
  destination to_;
  http::proxy_address proxy_;
  report done_;
  timer deadline_;
  std::shared_ptr<dial_step> step_;
};

/// Lives on a loop.
class dialer final : public std::enable_shared_from_this<dialer> {
 public:
  /// Throws std::invalid_argument with a sentence for what cannot be.
  dialer(std::shared_ptr<net::loop> l, dialer_options options)
      : loop_(std::move(l)), options_(std::move(options)), tls_(std::make_shared<tls_handshake::context>(options_.tls)),
        proxies_(http::settle(options_.proxy, &variable)) {}

  /// On the loop; `done` is called there, after this has returned.
  std::shared_ptr<dialing> dial(destination to, dialing::report done) const {
    const auto made = std::make_shared<dialing>(shared_from_this(), std::move(to), std::move(done));
    loop_->post([made] { made->begin(); });
    return made;
  }

 private:
  friend class dialing;

  static std::string variable(const char* name) {
    const char* const found = std::getenv(name);
    return found ? found : "";
  }

  std::shared_ptr<net::loop> loop_;
  dialer_options options_;
  std::shared_ptr<tls_handshake::context> tls_;
  http::proxy_settings proxies_;
};

// ---- bodies

inline dialing::dialing(std::shared_ptr<const dialer> how, destination to, report done)
    : dialer_(std::move(how)), loop_(dialer_->loop_), to_(std::move(to)), done_(std::move(done)),
      deadline_(loop_->timers(), [this] { finish(dialled::failed(step_->too_late(), asio::error::timed_out)); }) {
  loop_->resources().add(this);
}

inline dialing::~dialing() { loop_->resources().remove(this); }

inline void dialing::cancel() noexcept {
  const std::shared_ptr<dialing> self = weak_from_this().lock();  // perhaps only its step holds it
  loop_->resources().remove(this);
  deadline_.cancel();
  const report dying = std::exchange(done_, nullptr);
  drop_step();
}

// What is on the stack may be in the step.
inline void dialing::drop_step() noexcept {
  const std::shared_ptr<dial_step> old = std::exchange(step_, nullptr);
  if (!old) return;
  old->cancel();
  loop_->bury(old);
}

template <class Step, class... Args>
void dialing::take(Args&&... args) {
  const auto next = std::make_shared<Step>(std::forward<Args>(args)...);
  drop_step();
  step_ = next;
  next->start();
}

inline dial_step::report dialing::then(void (dialing::*next)(std::unique_ptr<stream>)) {
  return [self = shared_from_this(), next](dialled came_out) {
    if (!came_out.stream) return self->finish(std::move(came_out));
    ((*self).*next)(std::move(came_out.stream));
  };
}

inline void dialing::finish(dialled came_out) {
  const report done = std::exchange(done_, nullptr);
  cancel();
  if (done) done(std::move(came_out));
}

// What goes to a proxy as it is must not end its line.
inline bool is_host(const std::string& text) {
  return !text.empty() && http::detail::all_of_class(text, http::detail::host_bit);
}

inline void dialing::begin() {
  if (!done_) return;
  const std::chrono::milliseconds timeout = dialer_->options_.timeout;
  if (timeout.count() != 0) deadline_.expires_at(loop_->now() + timeout);
  if (!to_.unix_path.empty()) return reach_path();
  if (!is_host(to_.host)) return finish(dialled::failed("the URL names no host", asio::error::invalid_argument));
  proxy_ = http::choose_proxy(dialer_->proxies_, to_.secure, to_.host, to_.port);
  if (!proxy_.error.empty()) return finish(dialled::failed(proxy_.error, asio::error::invalid_argument));
  std::error_code is_name;
  const asio::ip::address literal = asio::ip::make_address(first_host(), is_name);
  is_name ? look_up() : connect({literal});
}

inline void dialing::reach_path() {
  const std::string& path = to_.unix_path;
#if defined(ASIO_HAS_LOCAL_SOCKETS)
  using protocol = asio::local::stream_protocol;
  std::error_code ec;
  if (path.size() >= sizeof(sockaddr_un::sun_path)) ec = asio::error::name_too_long;
  if (ec) return finish(dialled::failed("cannot connect to " + path + ": " + ec.message(), ec));
  take<address_race<protocol>>(loop_, path, std::vector{protocol::endpoint(path)}, dialer_->options_.attempt_delay,
                               then(&dialing::secure));
#else
  finish(dialled::failed("cannot connect to " + path + ": this system has no Unix-domain sockets",
                         asio::error::operation_not_supported));
#endif
}

inline void dialing::look_up() {
  const auto found = [self = shared_from_this()](const addresses& all, const std::error_code& ec) {
    if (!ec && !all.empty()) return self->connect(all);
    const std::error_code code = ec ? ec : asio::error::host_not_found;
    self->finish(dialled::failed("cannot find " + self->first_host() + ": " + code.message(), code));
  };
  try {
    take<name_lookup>(loop_, first_host(), dialer_->options_.lookup, found);
  } catch (const std::system_error& no_thread) {
    finish(dialled::failed("cannot find " + first_host() + ": " + no_thread.what(), no_thread.code()));
  }
}

inline void dialing::connect(const addresses& found) {
  std::vector<asio::ip::tcp::endpoint> to;
  for (const asio::ip::address& one : interleaved(found)) to.emplace_back(one, first_port());
  take<address_race<asio::ip::tcp>>(loop_, first_target(), std::move(to), dialer_->options_.attempt_delay,
                                    then(proxy_.host.empty() ? &dialing::secure : &dialing::tunnel));
}

inline void dialing::tunnel(std::unique_ptr<stream> s) {
  take<proxy_tunnel>(loop_, std::move(s), proxy_, target(), then(&dialing::secure));
}

inline void dialing::secure(std::unique_ptr<stream> s) {
  if (!to_.secure) return finish({std::move(s), {}, {}});
  take<tls_handshake>(loop_, std::move(s), *dialer_->tls_, to_.host, target(),
                      [self = shared_from_this()](dialled came_out) { self->finish(std::move(came_out)); });
}

}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio
