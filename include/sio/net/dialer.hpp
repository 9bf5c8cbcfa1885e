// How a client reaches its server: a name, its addresses, perhaps a proxy, perhaps TLS; at the end a ready stream.
#pragma once

#include <sio/net/address_race.hpp>
#include <sio/net/dial_step.hpp>
#include <sio/net/loop.hpp>
#include <sio/net/name_lookup.hpp>
#include <sio/proxy.hpp>
#include <sio/tls.hpp>

#include <asio/error.hpp>
#include <asio/local/stream_protocol.hpp>

#include <chrono>
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
  template <class Step>
  void take(std::shared_ptr<Step> next);
  void drop_step() noexcept;
  void connected(dialled came_out);
  void finish(dialled came_out);

  std::shared_ptr<const dialer> dialer_;
  std::shared_ptr<net::loop> loop_;
  destination to_;
  report done_;
  timer deadline_;
  std::shared_ptr<dial_step> step_;
};

/// Lives on a loop.
class dialer final : public std::enable_shared_from_this<dialer> {
 public:
  /// Throws std::invalid_argument with a sentence for what cannot be.
  dialer(std::shared_ptr<net::loop> l, dialer_options options) : loop_(std::move(l)), options_(std::move(options)) {}

  /// On the loop; `done` is called there, after this has returned.
  std::shared_ptr<dialing> dial(destination to, dialing::report done) const {
    const auto made = std::make_shared<dialing>(shared_from_this(), std::move(to), std::move(done));
    loop_->post([made] { made->begin(); });
    return made;
  }

 private:
  friend class dialing;

  std::shared_ptr<net::loop> loop_;
  dialer_options options_;
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

template <class Step>
void dialing::take(std::shared_ptr<Step> next) {
  drop_step();
  step_ = next;
  next->start();
}

inline void dialing::finish(dialled came_out) {
  const report done = std::exchange(done_, nullptr);
  cancel();
  if (done) done(std::move(came_out));
}

inline void dialing::begin() {
  if (!done_) return;
  const std::chrono::milliseconds timeout = dialer_->options_.timeout;
  if (timeout.count() != 0) deadline_.expires_at(loop_->now() + timeout);
  if (!to_.unix_path.empty()) return reach_path();
  std::error_code no_literal;
  const asio::ip::address literal = asio::ip::make_address(to_.host, no_literal);
  no_literal ? look_up() : connect({literal});
}

inline void dialing::reach_path() {
#if defined(ASIO_HAS_LOCAL_SOCKETS)
  using protocol = asio::local::stream_protocol;
  std::error_code ec;
  if (to_.unix_path.size() >= sizeof(sockaddr_un::sun_path)) ec = asio::error::name_too_long;
  if (ec) return finish(dialled::failed("cannot connect to " + to_.unix_path + ": " + ec.message(), ec));
  take(std::make_shared<address_race<protocol>>(
      loop_, to_.unix_path, std::vector{protocol::endpoint(to_.unix_path)}, dialer_->options_.attempt_delay,
      [self = shared_from_this()](dialled r) { self->connected(std::move(r)); }));
#else
  finish(dialled::failed("cannot connect to " + to_.unix_path + ": this system has no Unix-domain sockets",
                         asio::error::operation_not_supported));
#endif
}

inline void dialing::look_up() {
  const auto found = [self = shared_from_this()](const addresses& all, const std::error_code& ec) {
    if (!ec && !all.empty()) return self->connect(all);
    const std::error_code code = ec ? ec : asio::error::host_not_found;
    self->finish(dialled::failed("cannot find " + self->to_.host + ": " + code.message(), code));
  };
  try {
    take(std::make_shared<name_lookup>(loop_, to_.host, dialer_->options_.lookup, found));
  } catch (const std::system_error& no_thread) {
    finish(dialled::failed("cannot find " + to_.host + ": " + no_thread.what(), no_thread.code()));
  }
}

inline void dialing::connect(const addresses& found) {
  std::vector<asio::ip::tcp::endpoint> to;
  for (const asio::ip::address& one : interleaved(found)) to.emplace_back(one, to_.port);
  take(std::make_shared<address_race<asio::ip::tcp>>(
      loop_, place(to_.host, to_.port), std::move(to), dialer_->options_.attempt_delay,
      [self = shared_from_this()](dialled r) { self->connected(std::move(r)); }));
}

inline void dialing::connected(dialled came_out) { finish(std::move(came_out)); }

}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio
