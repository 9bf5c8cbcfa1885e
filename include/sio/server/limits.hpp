// The options of a server: what cannot be is refused, and each layer gets its part.
#pragma once

#include <sio/http/cookie.hpp>
#include <sio/net/http_channel.hpp>
#include <sio/options.hpp>
#include <sio/parser/header.hpp>

#include <memory>
#include <stdexcept>
#include <string>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

/// Throws std::invalid_argument for what cannot be.
inline void check(const server_options& o) {
  const auto demand = [](bool fine, const char* what) {
    if (!fine) throw std::invalid_argument(std::string("sio: option ") + what);
  };
  demand(o.path.find_first_of("?# \t\r\n") == std::string::npos, "path: no query, fragment or blank belongs there");
  demand(!o.transports.empty(), "transports: at least one is needed");
  demand(o.ping_interval.count() > 0 && o.ping_timeout.count() > 0, "ping_interval, ping_timeout: must be positive");
  demand(o.upgrade_timeout.count() > 0, "upgrade_timeout: must be positive");
  demand(o.connect_timeout.count() > 0, "connect_timeout: must be positive");
  demand(o.head_timeout.count() > 0 && o.request_timeout.count() > 0 && o.keep_alive_timeout.count() > 0,
         "head_timeout, request_timeout, keep_alive_timeout: must be positive");
  demand(o.max_http_buffer_size > 0, "max_http_buffer_size: must be positive");
  demand(o.max_head_size >= 1024, "max_head_size: at least 1024 bytes are needed");
  demand(o.max_json_depth > 0 && o.max_namespaces > 0 && o.max_packets_per_payload > 0,
         "max_json_depth, max_namespaces, max_packets_per_payload: must be positive");
  demand(o.threads == 1, "threads: this version has one loop; run several servers, or give it a host's executor");
  if (o.cookie) http::check(*o.cookie);
}

inline std::shared_ptr<const net::http_limits> make_http_limits(const server_options& o) {
  return std::make_shared<const net::http_limits>(
      net::http_limits{{o.max_head_size, o.max_target_size, o.max_header_fields},
                       o.max_http_buffer_size,
                       o.head_timeout,
                       o.request_timeout,
                       o.keep_alive_timeout});
}

inline parser::decoder_limits make_decoder_limits(const server_options& o) {
  parser::decoder_limits limits;
  limits.max_attachments = o.max_attachments;
  limits.max_attachment_bytes = o.max_attachments * o.max_http_buffer_size;
  limits.max_json_depth = o.max_json_depth;
  limits.max_nsp_length = o.max_namespace_length;
  return limits;
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
