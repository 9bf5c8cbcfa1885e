// What answers the requests below one path, and a request as the host's code sees it.
#pragma once

#include <sio/http/request.hpp>
#include <sio/net/http_channel.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

/// A request as the host's code sees it.
inline request to_request(net::connection& from, const http::head& head, std::string body) {
  request out = http::to_request(head);
  out.body = std::move(body);
  out.address = from.address();
  out.secure = from.secure();
  if (out.secure) out.client_certificate = from.client_certificate();
  return out;
}

/// What answers the requests below one path before the host's routes are asked.
class http_service : public net::http_handler {
 public:
  /// Whether a request is its own, by the raw target.
  virtual bool owns(std::string_view target) const = 0;
};

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
