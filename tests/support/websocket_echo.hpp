// A raw WebSocket echo made of the library's own layers: text as text, binary as binary, compressed if that was agreed.
#pragma once

#include <sio/http/request.hpp>
#include <sio/net/acceptor.hpp>
#include <sio/net/listener.hpp>
#include <sio/net/upgrade.hpp>

#include <memory>
#include <string>
#include <system_error>
#include <utility>

namespace test {

class websocket_echo : public sio::net::http_handler, public std::enable_shared_from_this<websocket_echo> {
 public:
  static constexpr std::size_t max_message = 64 * 1024 * 1024;

  explicit websocket_echo(asio::any_io_executor executor) : loop_(sio::net::loop::make(std::move(executor))) {}

  void listen(const std::string& address, unsigned short port) {
    std::error_code ec;
    auto acceptor = sio::net::open_tcp(loop_->executor(), address, port, ec);
    if (ec) throw std::system_error(ec, "cannot listen on " + address + ":" + std::to_string(port));
    listener_ = std::make_shared<sio::net::listener<asio::ip::tcp>>(loop_, std::move(acceptor));
    listener_->start({[self = shared_from_this()](std::unique_ptr<sio::net::stream> s) {
                        sio::net::serve_http(self->loop_, std::move(s), self, self->limits_);
                      },
                      [](const auto&) {}, nullptr});
  }

 private:
  struct echo final : sio::net::ws_owner {
    void on_message(sio::net::ws_channel& from, std::string_view message, bool binary) override {
      const auto bytes = std::make_shared<const std::string>(message);
      binary ? from.send_binary(bytes) : from.send_text(bytes);
    }
    void on_gone(sio::net::ws_channel&, std::string_view) override {}
  };

  int on_body_begins(const std::shared_ptr<sio::net::http_channel>&, const sio::http::head&) override { return 0; }
  sio::headers refusal_headers(const sio::http::head&) override { return {}; }

  void on_request(const std::shared_ptr<sio::net::http_channel>& from, const sio::http::head& head,
                  std::string) override {
    const sio::request asked = sio::http::to_request(head);
    if (!head.upgrade_websocket || asked.path != "/") return from->respond(404, {}, {});
    const auto ws = sio::net::upgrade(*from, asked, {max_message, 1'000'000}, 1024 * 1024, pool_);
    if (ws) ws->serve(std::make_shared<echo>());
  }

  std::shared_ptr<sio::net::loop> loop_;
  std::shared_ptr<sio::net::deflate_pool> pool_ =
      sio::ws::can_deflate ? std::make_shared<sio::net::deflate_pool>(loop_, sio::net::deflate_rules{}) : nullptr;
  std::shared_ptr<const sio::net::http_limits> limits_ = std::make_shared<const sio::net::http_limits>();
  std::shared_ptr<sio::net::listener<asio::ip::tcp>> listener_;
};

}  // namespace test
