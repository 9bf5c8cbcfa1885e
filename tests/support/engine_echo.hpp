// An Engine.IO server without Socket.IO: every message comes back as it came.
#pragma once

#include <sio/net/acceptor.hpp>
#include <sio/net/listener.hpp>
#include <sio/server/engine.hpp>
#include <sio/server/server.hpp>

#include <memory>
#include <string>
#include <system_error>
#include <utility>

namespace test {

class engine_echo {
 public:
  engine_echo(asio::any_io_executor executor, sio::server_options options)
      : loop_(sio::net::loop::make(std::move(executor))),
        options_(std::make_shared<const sio::server_options>(std::move(options))),
        log_(std::make_shared<const sio::ends::log>(options_->log)),
        engine_(std::make_shared<sio::srv::engine>(loop_, options_, log_, make_user)),
        router_(std::make_shared<sio::srv::router>(engine_, log_)), limits_(sio::srv::make_http_limits(*options_)) {}

  /// The port, where 0 was asked for.
  unsigned short listen(const std::string& address, unsigned short port) {
    std::error_code ec;
    auto acceptor = sio::net::open_tcp(loop_->executor(), address, port, ec);
    if (ec) throw std::system_error(ec, "cannot listen on " + address + ":" + std::to_string(port));
    port = acceptor.local_endpoint().port();
    listener_ = std::make_shared<sio::net::listener<asio::ip::tcp>>(loop_, std::move(acceptor));
    listener_->start(
        {[this](std::unique_ptr<sio::net::stream> s) { sio::net::serve_http(loop_, std::move(s), router_, limits_); },
         [](const auto&) {}, nullptr});
    return port;
  }

 private:
  struct user final : sio::srv::link_user {
    explicit user(std::weak_ptr<sio::srv::link> to) : link(std::move(to)) {}

    void on_message(std::string_view message, bool binary) override {
      const auto to = link.lock();
      if (!to) return;
      if (binary) return to->send({std::make_shared<const std::string>(message), true});
      to->send(sio::eio::encoded_packet("4" + std::string(message)));
    }
    void on_closed(sio::reason, std::string_view) override {}
    void on_dropped() noexcept override {}

    std::weak_ptr<sio::srv::link> link;
  };

  static std::shared_ptr<sio::srv::link_user> make_user(const std::shared_ptr<sio::srv::link>& l, const sio::request&) {
    return std::make_shared<user>(l);
  }

  std::shared_ptr<sio::net::loop> loop_;
  std::shared_ptr<const sio::server_options> options_;
  std::shared_ptr<const sio::ends::log> log_;
  std::shared_ptr<sio::srv::engine> engine_;
  std::shared_ptr<sio::srv::router> router_;
  std::shared_ptr<const sio::net::http_limits> limits_;
  std::shared_ptr<sio::net::listener<asio::ip::tcp>> listener_;
};

}  // namespace test
