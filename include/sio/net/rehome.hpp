// Brings what a host has accepted to the loop of a server.
#pragma once

#include <sio/net/async_stream.hpp>
#include <sio/net/socket_stream.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/execution/context.hpp>

#include <memory>
#include <stdexcept>
#include <system_error>
#include <type_traits>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace net {

// A socket belongs to its executor: on another one it is made anew of its descriptor.
template <class Socket>
std::unique_ptr<stream> rehome_socket(Socket s, const asio::any_io_executor& loop) {
  if (s.get_executor() == loop) return make_stream(std::move(s));
  std::error_code ec;
  const auto protocol = s.local_endpoint(ec).protocol();
  if (ec) throw std::system_error(ec, "sio: cannot adopt this socket");
  const auto descriptor = s.release(ec);
  if (ec) throw std::system_error(ec, "sio: cannot adopt this socket");
  Socket at_home(loop);
  at_home.assign(protocol, descriptor, ec);
  std::error_code ignored;
  if (ec) s.assign(protocol, descriptor, ignored);  // which closes it
  if (ec) throw std::system_error(ec, "sio: cannot adopt this socket");
  return make_stream(std::move(at_home));
}

/// Throws what `server::adopt` says.
template <class S>
std::unique_ptr<stream> rehome(S s, const asio::any_io_executor& loop) {
#if defined(ASIO_HAS_LOCAL_SOCKETS)
  constexpr bool is_local = std::is_same_v<S, asio::local::stream_protocol::socket>;
#else
  constexpr bool is_local = false;
#endif
  if constexpr (std::is_same_v<S, asio::ip::tcp::socket> || is_local) {
    return rehome_socket(std::move(s), loop);
  } else {
    const asio::any_io_executor from = s.get_executor();
    if (&asio::query(from, asio::execution::context) != &asio::query(loop, asio::execution::context))
      throw std::invalid_argument(
          "sio: a stream to adopt must live on its server's execution context, unless it is a socket");
    return std::make_unique<async_stream<S>>(std::move(s), loop);
  }
}

}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio
