// What counts as one source of connections: an IPv4 address, or the 64 bits of an IPv6 address that a customer has.
#pragma once

#include <sio/config.hpp>

#include <asio/ip/address.hpp>

#include <algorithm>
#include <string>
#include <system_error>

namespace sio {
inline namespace SIO_ABI {
namespace net {

/// "192.0.2.7" (also as "::ffff:192.0.2.7") -> "192.0.2.7"; "2001:db8:1:2::7" -> "2001:db8:1:2::". What is no address,
/// as that of a Unix-domain stream, stands for itself.
inline std::string network_of(const std::string& address) {
  std::error_code ec;
  const asio::ip::address given = asio::ip::make_address(address, ec);
  if (ec || given.is_v4()) return address;
  const asio::ip::address_v6 v6 = given.to_v6();
  if (v6.is_v4_mapped()) return asio::ip::make_address_v4(asio::ip::v4_mapped, v6).to_string();
  asio::ip::address_v6::bytes_type bytes = v6.to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
  return asio::ip::address_v6(bytes).to_string();
}

}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio
