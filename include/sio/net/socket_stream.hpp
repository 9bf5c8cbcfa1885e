// A stream over one socket of the system: TCP, or a local (Unix-domain) one.
#pragma once

#include <sio/net/stream.hpp>

#include <asio/ip/tcp.hpp>
#include <asio/local/stream_protocol.hpp>

#include <memory>
#include <string>
#include <system_error>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace net {

template <class Protocol>
class socket_stream final : public stream {
 public:
  using socket = typename Protocol::socket;

  socket_stream(socket s, std::string address) : socket_(std::move(s)), address_(std::move(address)) {
    std::error_code ignored;
    socket_.non_blocking(true, ignored);
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

  std::string remote_address() const override { return address_; }

 private:
  struct sequence {  // a const buffer sequence over what the output queue gathered
    using value_type = asio::const_buffer;
    using const_iterator = const asio::const_buffer*;
    const_iterator first, last;
    const_iterator begin() const noexcept { return first; }
    const_iterator end() const noexcept { return last; }
  };

  socket socket_;
  std::string address_;
};

// As Node writes it: an IPv4 client of an IPv6 socket is "::ffff:127.0.0.1".
template <class Executor>
std::string address_text(const asio::basic_socket<asio::ip::tcp, Executor>& s) {
  std::error_code ec;
  const auto peer = s.remote_endpoint(ec);
  if (ec) return {};
  const asio::ip::address address = peer.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    return "::ffff:" + asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
  return address.to_string();
}

inline std::unique_ptr<stream> make_stream(asio::ip::tcp::socket s) {
  std::error_code ignored;
  s.set_option(asio::ip::tcp::no_delay(true), ignored);
  std::string address = address_text(s);
  return std::make_unique<socket_stream<asio::ip::tcp>>(std::move(s), std::move(address));
}

#if defined(ASIO_HAS_LOCAL_SOCKETS)
/// Its peer has no address: an empty text.
inline std::unique_ptr<stream> make_stream(asio::local::stream_protocol::socket s) {
  return std::make_unique<socket_stream<asio::local::stream_protocol>>(std::move(s), std::string());
}
#endif

}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio
