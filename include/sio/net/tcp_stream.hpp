// A stream over one TCP socket.
#pragma once

#include <sio/net/stream.hpp>

#include <asio/ip/tcp.hpp>

#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace net {

class tcp_stream final : public stream {
 public:
  explicit tcp_stream(asio::ip::tcp::socket socket) : socket_(std::move(socket)) {
    std::error_code ignored;
    socket_.non_blocking(true, ignored);
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    const auto peer = socket_.remote_endpoint(ignored);
    if (!ignored) address_ = peer.address();
  }

  std::size_t read_some(char* data, std::size_t size, std::error_code& ec) override {
    return socket_.read_some(asio::mutable_buffer(data, size), ec);
  }

  std::size_t write_some(const asio::const_buffer* parts, std::size_t count, std::error_code& ec) override {
    return socket_.write_some(sequence{parts, parts + count}, ec);
  }

  void wait_readable(std::shared_ptr<owner> who) override {
    socket_.async_wait(asio::socket_base::wait_read,
                       [who = std::move(who)](const std::error_code& ec) { who->on_readable(ec); });
  }

  void wait_writable(std::shared_ptr<owner> who) override {
    socket_.async_wait(asio::socket_base::wait_write,
                       [who = std::move(who)](const std::error_code& ec) { who->on_writable(ec); });
  }

  void end_output() noexcept override {
    std::error_code ignored;
    socket_.shutdown(asio::socket_base::shutdown_send, ignored);
  }

  void close() noexcept override {
    std::error_code ignored;
    socket_.close(ignored);
  }

  std::string remote_address() const override {
    std::error_code ignored;
    if (address_.is_v6() && address_.to_v6().is_v4_mapped())
      return "::ffff:" + asio::ip::make_address_v4(asio::ip::v4_mapped, address_.to_v6()).to_string();
    return address_.to_string();
  }

 private:
  struct sequence {  // a const buffer sequence over what the output queue gathered
    using value_type = asio::const_buffer;
    using const_iterator = const asio::const_buffer*;
    const_iterator first, last;
    const_iterator begin() const noexcept { return first; }
    const_iterator end() const noexcept { return last; }
  };

  asio::ip::tcp::socket socket_;
  asio::ip::address address_;
};

}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio
