// One listening socket of a loop, and the streams that it accepts.
#pragma once

#include <sio/net/loop.hpp>
#include <sio/net/socket_stream.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace net {

/// What becomes of a listener's streams and of its troubles.
struct listener_user {
  std::function<void(std::unique_ptr<stream>)> take;
  std::function<void(const std::error_code&)> report;
  std::shared_ptr<void> kept;  ///< goes when the listener closes
};

template <class Protocol>
class listener final : public resource, public std::enable_shared_from_this<listener<Protocol>> {
 public:
  using acceptor = typename Protocol::acceptor;

  listener(std::shared_ptr<net::loop> l, acceptor a)
      : loop_(std::move(l)), acceptor_(std::move(a)), retry_(loop_->timers(), [this] { accept(); }) {}
  ~listener() override { loop_->resources().remove(this); }

  /// Begins to accept; to be called on the loop. Accepting goes on after an error, a breath later.
  void start(listener_user user) {
    user_ = std::move(user);
    loop_->resources().add(this);
    accept();
  }
  void abandon() noexcept override;

 private:
  static constexpr std::chrono::milliseconds breath{100};

  void accept();
  void take(const std::error_code& ec, typename Protocol::socket socket);

  std::shared_ptr<net::loop> loop_;
  std::optional<acceptor> acceptor_;
  listener_user user_;
  timer retry_;
  bool troubled_ = false;  ///< the last attempt to accept failed
};

// ---- bodies

template <class Protocol>
void listener<Protocol>::accept() {
  if (!acceptor_) return;
  acceptor_->async_accept(
      [self = this->shared_from_this()](const std::error_code& ec, typename Protocol::socket socket) {
        if (self->loop_->abandoned() || !self->acceptor_) return;
        loop::turn now(*self->loop_);
        self->take(ec, std::move(socket));
      });
}

// Out of descriptors or memory: no busy loop; what lives goes on living, and accepting resumes when it can.
template <class Protocol>
void listener<Protocol>::take(const std::error_code& ec, typename Protocol::socket socket) {
  if (ec == asio::error::connection_aborted) return accept();
  const auto report = user_.report;  // it may close this
  if (ec) {
    retry_.expires_at(loop_->now() + breath);
    if (!std::exchange(troubled_, true)) report(ec);  // once, not ten times a second
    return;
  }
  troubled_ = false;
  try {
    user_.take(make_stream(std::move(socket)));
  } catch (const std::exception&) {
    report(asio::error::make_error_code(asio::error::no_memory));
  }
  accept();
}

template <class Protocol>
void listener<Protocol>::abandon() noexcept {
  loop_->resources().remove(this);
  retry_.cancel();
  const listener_user dying = std::exchange(user_, {});  // what it holds may hold this
  if (!acceptor_) return;
  std::error_code ignored;
  acceptor_->close(ignored);
  acceptor_.reset();
}

}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio
