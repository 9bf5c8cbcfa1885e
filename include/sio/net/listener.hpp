// One listening TCP socket of a loop.
#pragma once

#include <sio/net/connection.hpp>
#include <sio/net/tcp_stream.hpp>

#include <asio/ip/tcp.hpp>
#include <asio/ip/v6_only.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace net {

class listener final : public resource, public std::enable_shared_from_this<listener> {
 public:
  using accepted = std::function<void(std::unique_ptr<stream>)>;
  using troubled = std::function<void(const std::error_code&)>;

  /// Binds at once. An empty address means every address of this machine, IPv6 and IPv4.
  listener(std::shared_ptr<net::loop> l, const std::string& address, unsigned short port, std::error_code& ec);
  ~listener() override { loop_->resources().remove(this); }

  unsigned short port() const noexcept { return port_; }

  /// Begins to accept; to be called on the loop. Accepting goes on after an error, a breath later.
  void start(accepted take, troubled report);
  void close() noexcept { abandon(); }
  void abandon() noexcept override;

 private:
  static constexpr std::chrono::milliseconds breath{100};

  void open(const asio::ip::tcp::endpoint& at, bool both_families, std::error_code& ec);
  void open_anywhere(unsigned short port, std::error_code& ec);
  void accept();
  void take(const std::error_code& ec, asio::ip::tcp::socket socket);

  std::shared_ptr<net::loop> loop_;
  std::optional<asio::ip::tcp::acceptor> acceptor_;
  accepted take_;
  troubled report_;
  timer retry_;
  unsigned short port_ = 0;
  bool troubled_ = false;  ///< the last attempt to accept failed
};

// ---- bodies

inline listener::listener(std::shared_ptr<net::loop> l, const std::string& address, unsigned short port,
                          std::error_code& ec)
    : loop_(std::move(l)), acceptor_(std::in_place, loop_->executor()), retry_(loop_->timers(), [this] { accept(); }) {
  const asio::ip::address at = address.empty() ? asio::ip::address() : asio::ip::make_address(address, ec);
  if (address.empty())
    open_anywhere(port, ec);
  else if (!ec)
    open({at, port}, false, ec);
}

// A machine without IPv6 listens on IPv4 alone.
inline void listener::open_anywhere(unsigned short port, std::error_code& ec) {
  open({asio::ip::address_v6::any(), port}, true, ec);
  if (ec == asio::error::address_family_not_supported || ec == asio::error::operation_not_supported ||
      ec == std::errc::address_not_available)
    open({asio::ip::address_v4::any(), port}, false, ec);
}

inline void listener::open(const asio::ip::tcp::endpoint& at, bool both_families, std::error_code& ec) {
  std::error_code ignored;
  acceptor_->close(ignored);
  acceptor_->open(at.protocol(), ec);
  acceptor_->set_option(asio::socket_base::reuse_address(true), ignored);
  if (both_families) acceptor_->set_option(asio::ip::v6_only(false), ignored);
  if (!ec) acceptor_->bind(at, ec);
  if (!ec) acceptor_->listen(asio::socket_base::max_listen_connections, ec);
  if (!ec) port_ = acceptor_->local_endpoint(ec).port();
}

inline void listener::start(accepted take, troubled report) {
  take_ = std::move(take);
  report_ = std::move(report);
  loop_->resources().add(this);
  accept();
}

inline void listener::accept() {
  if (!acceptor_) return;
  acceptor_->async_accept([self = shared_from_this()](const std::error_code& ec, asio::ip::tcp::socket socket) {
    if (self->loop_->abandoned() || !self->acceptor_) return;
    loop::turn now(*self->loop_);
    self->take(ec, std::move(socket));
  });
}

// Out of descriptors or memory: no busy loop; what lives goes on living, and accepting resumes when it can.
inline void listener::take(const std::error_code& ec, asio::ip::tcp::socket socket) {
  if (ec == asio::error::connection_aborted) return accept();
  if (ec) {
    retry_.expires_at(loop_->now() + breath);
    const troubled report = report_;                  // it may close this
    if (!std::exchange(troubled_, true)) report(ec);  // once, not ten times a second
    return;
  }
  troubled_ = false;
  try {
    take_(std::make_unique<tcp_stream>(std::move(socket)));
  } catch (const std::exception&) {
    report_(asio::error::make_error_code(asio::error::no_memory));
  }
  accept();
}

inline void listener::abandon() noexcept {
  loop_->resources().remove(this);
  retry_.cancel();
  take_ = nullptr;  // what they hold may hold this
  report_ = nullptr;
  if (!acceptor_) return;
  std::error_code ignored;
  acceptor_->close(ignored);
  acceptor_.reset();
}

}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio
