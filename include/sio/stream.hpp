// Streams that a host has accepted, for `server::adopt`. To be included where it is called: it brings in Asio's
// sockets.
#pragma once

#include <sio/net/rehome.hpp>
#include <sio/net/stream.hpp>

#include <asio/any_io_executor.hpp>

#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace sio {
inline namespace SIO_ABI {

/// A stream of any kind: `asio::ip::tcp::socket`, `asio::local::stream_protocol::socket`, `asio::ssl::stream` behind
/// its handshake, or whatever has `get_executor`, `async_read_some`, `async_write_some` and `close` (or
/// `lowest_layer`).
class stream {
 public:
  template <class S, class = std::enable_if_t<!std::is_same_v<std::decay_t<S>, stream>>>
  stream(S&& s) {
    static_assert(!std::is_lvalue_reference_v<S>, "sio: a stream to adopt is given away: adopt(std::move(stream))");
    open_ = [kept = std::make_shared<S>(std::move(s))](const asio::any_io_executor& loop) {
      return net::rehome(std::move(*kept), loop);
    };
  }

  /// Used up by the call.
  std::unique_ptr<net::stream> open(const asio::any_io_executor& loop) const { return open_(loop); }

 private:
  std::function<std::unique_ptr<net::stream>(const asio::any_io_executor&)> open_;
};

}  // namespace SIO_ABI
}  // namespace sio
