// By which HTTP proxy a client leaves its network.
#pragma once

#include <sio/config.hpp>

#include <string>

namespace sio {
inline namespace SIO_ABI {

/// The proxy is asked to CONNECT, for polling and WebSocket, with TLS and without.
struct proxy_options {
  /// "http://user:password@proxy:3128"; what is special in user and password as percent escapes. Without a port: 80.
  /// Empty: what the environment says.
  std::string url;
  /// Whether `https_proxy` (for TLS) or `http_proxy`, then `all_proxy`, and `no_proxy` count where nothing is given
  /// here; also in capitals, but for HTTP_PROXY, which whoever asks a CGI program can set. They are read once, when the
  /// client is made.
  bool from_environment = true;
  /// Hosts that are reached without: "example.com" (and all below it), "host:8080", "10.0.0.0/8", separated by commas;
  /// "*" for all. This machine is no exception unless it is named.
  std::string no_proxy;
};

}  // namespace SIO_ABI
}  // namespace sio
