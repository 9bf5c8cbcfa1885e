// Listening sockets: on a TCP port, or at a path of the file system.
#pragma once

#include <sio/config.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/ip/v6_only.hpp>
#include <asio/local/stream_protocol.hpp>

#if defined(ASIO_HAS_LOCAL_SOCKETS) && !defined(_WIN32)
#include <sys/stat.h>
#endif

#include <cstdio>
#include <string>
#include <system_error>

namespace sio {
inline namespace SIO_ABI {
namespace net {

inline void open_at(asio::ip::tcp::acceptor& a, const asio::ip::tcp::endpoint& at, bool both_families,
                    std::error_code& ec) {
  std::error_code ignored;
  a.close(ignored);
  a.open(at.protocol(), ec);
  a.set_option(asio::socket_base::reuse_address(true), ignored);
  if (both_families) a.set_option(asio::ip::v6_only(false), ignored);
  if (!ec) a.bind(at, ec);
  if (!ec) a.listen(asio::socket_base::max_listen_connections, ec);
}

// A machine without IPv6 listens on IPv4 alone.
inline void open_anywhere(asio::ip::tcp::acceptor& a, unsigned short port, std::error_code& ec) {
  open_at(a, {asio::ip::address_v6::any(), port}, true, ec);
  if (ec == asio::error::address_family_not_supported || ec == asio::error::operation_not_supported ||
      ec == std::errc::address_not_available)
    open_at(a, {asio::ip::address_v4::any(), port}, false, ec);
}

/// Listens on a port. An empty address means every address of this machine, IPv6 and IPv4.
inline asio::ip::tcp::acceptor open_tcp(const asio::any_io_executor& executor, const std::string& address,
                                        unsigned short port, std::error_code& ec) {
  asio::ip::tcp::acceptor made(executor);
  if (address.empty()) return open_anywhere(made, port, ec), std::move(made);
  const asio::ip::address at = asio::ip::make_address(address, ec);
  if (!ec) open_at(made, {at, port}, false, ec);
  return made;
}

#if defined(ASIO_HAS_LOCAL_SOCKETS) && !defined(_WIN32)

// Whether a socket lies there that nobody listens at any more: its server did not come to a proper end.
inline bool is_stale(const asio::any_io_executor& executor, const asio::local::stream_protocol::endpoint& at) {
  struct stat found {};
  if (::lstat(at.path().c_str(), &found) != 0 || !S_ISSOCK(found.st_mode)) return false;
  asio::local::stream_protocol::socket probe(executor);
  std::error_code ec;
  probe.connect(at, ec);
  return ec == asio::error::connection_refused;
}

/// Listens at a path, for those whom `permissions` let in from the first moment. A stale socket there is replaced.
inline asio::local::stream_protocol::acceptor open_local(const asio::any_io_executor& executor, const std::string& path,
                                                         unsigned permissions, std::error_code& ec) {
  asio::local::stream_protocol::acceptor made(executor);
  if (path.size() >= sizeof(sockaddr_un::sun_path)) return ec = asio::error::name_too_long, std::move(made);
  const asio::local::stream_protocol::endpoint at(path);
  made.open(at.protocol(), ec);
  if (!ec) made.bind(at, ec);
  if (ec == asio::error::address_in_use && is_stale(executor, at)) {
    std::remove(path.c_str());
    made.bind(at, ec);
  }
  if (ec) return made;
  if (::chmod(path.c_str(), static_cast<mode_t>(permissions)) != 0) ec.assign(errno, std::generic_category());
  if (!ec) made.listen(asio::socket_base::max_listen_connections, ec);
  if (ec) std::remove(path.c_str());
  return made;
}

#endif

}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio
