// The options of a server: what cannot be is refused, and each layer gets its part.
#pragma once

#include <sio/eio/server_session.hpp>
#include <sio/ends/deflate_setup.hpp>
#include <sio/http/cookie.hpp>
#include <sio/net/http_handler.hpp>
#include <sio/options.hpp>
#include <sio/parser/packet.hpp>
#include <sio/server/recovery.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

// A time is added to now, so it has a bound; a count of none would let nobody in.
inline void check_ranges(const server_options& o) {
  const auto time = [](const char* name, std::chrono::milliseconds t) {
    ends::demand(t.count() > 0 && t <= std::chrono::hours(24 * 365),
                 std::string(name) + ": must be positive, a year at most");
  };
  const auto count = [](const char* name, std::size_t n) {
    ends::demand(n > 0, std::string(name) + ": must be positive");
  };
  time("ping_interval", o.ping_interval);
  time("ping_timeout", o.ping_timeout);
  time("upgrade_timeout", o.upgrade_timeout);
  time("connect_timeout", o.connect_timeout);
  time("head_timeout", o.head_timeout);
  time("request_timeout", o.request_timeout);
  time("keep_alive_timeout", o.keep_alive_timeout);
  count("max_http_buffer_size", o.max_http_buffer_size);
  count("max_target_size", o.max_target_size);
  count("max_header_fields", o.max_header_fields);
  count("max_fragments", o.max_fragments);
  count("max_json_depth", o.max_json_depth);
  count("max_packets_per_payload", o.max_packets_per_payload);
  count("max_namespaces", o.max_namespaces);
  count("max_namespace_length", o.max_namespace_length);
  count("max_child_namespaces", o.max_child_namespaces);
  count("max_buffered_bytes", o.max_buffered_bytes);
  count("high_water", o.high_water);
}

inline void check_ranges(const recovery_options& o) {
  const std::string name = "connection_state_recovery.";
  ends::demand(o.max_disconnection_duration.count() > 0 && o.max_disconnection_duration <= std::chrono::hours(24 * 365),
               name + "max_disconnection_duration: must be positive, a year at most");
  ends::demand(o.max_packets > 0, name + "max_packets: must be positive");
  ends::demand(o.max_bytes > 0, name + "max_bytes: must be positive");
  ends::demand(o.max_sessions > 0, name + "max_sessions: must be positive");
}

/// Throws std::invalid_argument for what cannot be.
inline void check(const server_options& o) {
  ends::demand(o.path.find_first_of("?# \t\r\n") == std::string::npos,
               "path: no query, fragment or blank belongs there");
  ends::demand(!o.transports.empty(), "transports: at least one is needed");
  ends::demand(o.max_head_size >= 1024, "max_head_size: at least 1024 bytes are needed");
  ends::demand(o.threads == 1, "threads: this version has one loop; run several servers, or give it a host's executor");
  check_ranges(o);
  if (o.cookie) http::check(*o.cookie);
  if (o.http_compression)
    ends::demand(-1 <= o.http_compression->level && o.http_compression->level <= 9,
                 "http_compression.level: must be -1 to 9");
  if (o.connection_state_recovery) check_ranges(*o.connection_state_recovery);
  if (o.per_message_deflate) {
    ends::demand(ws::can_deflate, "per_message_deflate: this build has no zlib");
    ends::check(*o.per_message_deflate);
  }
}

inline std::shared_ptr<const net::http_limits> make_http_limits(const server_options& o) {
  return std::make_shared<const net::http_limits>(
      net::http_limits{{o.max_head_size, o.max_target_size, o.max_header_fields},
                       o.max_http_buffer_size,
                       o.head_timeout,
                       o.request_timeout,
                       o.keep_alive_timeout});
}

/// Null if nothing is to be compressed.
inline parser::decoder_limits make_decoder_limits(const server_options& o) {
  parser::decoder_limits limits;
  limits.max_attachments = o.max_attachments;
  limits.max_attachment_bytes = o.max_attachments * o.max_http_buffer_size;
  limits.max_json_depth = o.max_json_depth;
  limits.max_nsp_length = o.max_namespace_length + (o.allow_eio3 ? o.max_target_size : 0);  // v2 clients add a query
  return limits;
}

// A ping is answered, or the connection closed, within these; closing it takes the grace at most.
inline std::shared_ptr<const recovery_rules> make_recovery_rules(const server_options& o) {
  if (!o.connection_state_recovery) return nullptr;
  const recovery_options& r = *o.connection_state_recovery;
  const auto max_silence = o.ping_interval + 4 * o.ping_timeout + eio::session_times{}.close_grace;
  return std::make_shared<const recovery_rules>(recovery_rules{r.max_disconnection_duration, max_silence,
                                                               r.skip_middlewares, r.max_packets, r.max_bytes,
                                                               r.max_sessions, o.max_buffered_bytes / 2});
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
