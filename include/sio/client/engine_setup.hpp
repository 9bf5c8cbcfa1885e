// From a URL and a client's options to what its layers go by.
#pragma once

#include <sio/client/carrier.hpp>
#include <sio/client/engine_options.hpp>
#include <sio/client_options.hpp>
#include <sio/ends/deflate_setup.hpp>
#include <sio/http/query.hpp>
#include <sio/http/request_text.hpp>
#include <sio/http/url.hpp>
#include <sio/net/dialer.hpp>
#include <sio/net/route.hpp>
#include <sio/parser/packet.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace cln {

// A time is added to now, so it has a bound.
inline void check_time(const char* name, std::chrono::milliseconds t) {
  ends::demand(t.count() >= 0 && t <= std::chrono::hours(24 * 365),
               std::string(name) + ": must not be negative, a year at most");
}

/// Throws std::invalid_argument for what cannot be.
inline void check(const client_options& o) {
  ends::demand(o.path.find_first_of("?# \t\r\n") == std::string::npos,
               "path: no query, fragment or blank belongs there");
  http::check_fields(o.extra_headers);
  ends::demand(!o.transports.empty(), "transports: at least one is needed");
  ends::demand(o.randomization_factor >= 0 && o.randomization_factor <= 1, "randomization_factor: must be 0 to 1");
  check_time("timeout", o.timeout);
  check_time("request_timeout", o.request_timeout);
  check_time("reconnection_delay", o.reconnection_delay);
  check_time("reconnection_delay_max", o.reconnection_delay_max);
  check_time("linger", o.linger);
  if (o.ack_timeout) check_time("ack_timeout", *o.ack_timeout);
  ends::demand(o.max_message_size > 0, "max_message_size: must be positive");
  ends::demand(o.max_json_depth > 0, "max_json_depth: must be positive");
  ends::demand(o.max_buffered_bytes > 0, "max_buffered_bytes: must be positive");
  if (o.per_message_deflate && ws::can_deflate) ends::check(*o.per_message_deflate);
}

inline parser::decoder_limits make_decoder_limits(const client_options& o) {
  parser::decoder_limits limits;
  limits.max_attachments = o.max_attachments;
  limits.max_attachment_bytes = o.max_message_size;
  limits.max_json_depth = o.max_json_depth;
  return limits;
}

// /socket.io -> /socket.io/
inline std::string engine_path(const client_options& o) {
  std::string path = o.path;
  if (!path.empty() && path.back() == '/') path.pop_back();
  if (path.empty() || path.front() != '/') path.insert(path.begin(), '/');
  return o.add_trailing_slash ? path + '/' : path;
}

inline ground make_ground(std::shared_ptr<net::loop> l, const std::shared_ptr<const client_options>& o) {
  auto log = std::make_shared<const ends::log>(o->log, o->min_log_level);
  auto codec = std::make_shared<const ends::codec>(o->parser, make_decoder_limits(*o), log);
  return {{std::move(l), std::make_shared<mailbox>(*o), std::move(log)}, o, std::move(codec)};
}

inline engine_options set_up_engine(const std::shared_ptr<net::loop>& loop, const http::url& url,
                                    const client_options& o) {
  engine_options made;
  net::dialer_options dial;
  dial.proxy = o.proxy;
  dial.tls = o.tls;
  made.route = net::route_to(std::make_shared<net::dialer>(loop, std::move(dial)),
                             {url.host, url.port, url.secure, o.unix_path});
  made.host = http::host_header(url);
  made.path = engine_path(o);
  made.query = o.query;
  if (made.query.empty())
    for (const auto& [name, text] : http::parse_query(url.query)) made.query.emplace_back(name, text);
  made.extra_headers = o.extra_headers;
  if (o.with_credentials) made.cookies = std::make_shared<http::cookie_jar>();
  made.transports = o.transports;
  made.upgrade = o.upgrade;
  made.try_all_transports = o.try_all_transports;
  made.stamp_polls = o.timestamp_requests;
  made.timestamp_param = o.timestamp_param;
  made.force_base64 = o.force_base64;
  made.protocols = o.protocols;
  made.request_timeout = o.request_timeout;
  made.max_payload = o.max_message_size;
  made.max_buffered_bytes = o.max_buffered_bytes;
  if (ws::can_deflate) made.deflate = ends::make_deflate_pool(loop, o.per_message_deflate);
  return made;
}

}  // namespace cln
}  // namespace SIO_ABI
}  // namespace sio
