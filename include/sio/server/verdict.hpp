// Whether a request may reach a session or make one: Engine.IO's checks, in their order.
#pragma once

#include <sio/http/head.hpp>
#include <sio/http/query.hpp>
#include <sio/http/request.hpp>
#include <sio/options.hpp>
#include <sio/server/link.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

/// The codes of engine.io's `connection_error`. Optional where used: 0 is an error like the others.
enum class engine_error : int {
  unknown_transport = 0,
  unknown_sid = 1,
  bad_handshake_method = 2,
  bad_request = 3,
  forbidden = 4,
  unsupported_version = 5
};

inline std::string_view to_string(engine_error e) noexcept {
  static constexpr std::string_view texts[] = {
      "Transport unknown", "Session ID unknown", "Bad handshake method",
      "Bad request",       "Forbidden",          "Unsupported protocol version"};
  return texts[static_cast<std::size_t>(e)];
}

/// What a request to the engine says of itself.
struct engine_request {
  const http::head& head;
  sio::query query;
  std::string origin;
  std::optional<sio::transport> transport;

  explicit engine_request(const http::head& h)
      : head(h), query(http::parse_query(http::split_target(h.target).query)), origin(http::joined(h, "Origin")) {
    const std::string_view name = query["transport"];
    if (name == "polling") transport = sio::transport::polling;
    if (name == "websocket") transport = sio::transport::websocket;
  }

  /// The session that is meant; null (the pointer) for a handshake. An empty sid names none, as in JS.
  const std::string* sid() const noexcept {
    const std::string* named = query.find("sid");
    return named && !named->empty() ? named : nullptr;
  }
  bool upgrade() const noexcept { return head.upgrade_websocket; }
};

/// Whether an Origin has only characters that a header may have.
inline bool is_proper_origin(std::string_view origin) noexcept {
  return std::all_of(origin.begin(), origin.end(),
                     [](char c) { return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f); });
}

/// `session` is the one that the sid names, if it names one. Nothing: the request is as it should be; what is still to
/// be asked of a handshake is `allow_request`, and then its version.
inline std::optional<engine_error> judge(const engine_request& r, const server_options& options, const link* session) {
  const auto& known = options.transports;
  if (!r.transport || std::find(known.begin(), known.end(), *r.transport) == known.end())
    return engine_error::unknown_transport;
  if (!is_proper_origin(r.origin)) return engine_error::bad_request;
  if (r.sid()) {
    if (!session) return engine_error::unknown_sid;
    if (!r.upgrade() && session->carrier() != *r.transport) return engine_error::bad_request;
    if (protocol_of(r.query) != session->protocol()) return engine_error::bad_request;
  } else if (r.head.method != "GET") {
    return engine_error::bad_handshake_method;
  }
  if (r.upgrade() != (*r.transport == sio::transport::websocket)) return engine_error::bad_request;
  return std::nullopt;
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
