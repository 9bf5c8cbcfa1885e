// Whether a request may reach a session or make one: Engine.IO's checks, in their order.
#pragma once

#include <sio/server/engine_request.hpp>
#include <sio/server/link.hpp>
#include <sio/value.hpp>

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

/// Why a request was refused. `name` tells bad requests apart, as in JS.
struct verdict {
  engine_error code;
  const char* name = "";
};

/// Whether an Origin has only characters that a header may have.
inline bool is_proper_origin(std::string_view origin) noexcept {
  return std::all_of(origin.begin(), origin.end(),
                     [](char c) { return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f); });
}

/// The protocol that a request speaks; JS takes everything but 4 for 3.
inline int protocol_of(const engine_request& r) noexcept { return static_cast<int>(protocol_of(r.query)); }

/// `session` is the one that the sid names, if it names one. Nothing: the request is as it should be; what is still to
/// be asked of a handshake is `allow_request`, and then its version.
inline std::optional<verdict> judge(const engine_request& r, const server_options& options, const link* session) {
  const auto& known = options.transports;
  if (!r.transport || std::find(known.begin(), known.end(), *r.transport) == known.end())
    return verdict{engine_error::unknown_transport};
  if (!is_proper_origin(r.origin)) return verdict{engine_error::bad_request, "INVALID_ORIGIN"};
  if (r.sid()) {
    if (!session) return verdict{engine_error::unknown_sid};
    if (!r.upgrade && session->carrier() != *r.transport)
      return verdict{engine_error::bad_request, "TRANSPORT_MISMATCH"};
    if (protocol_of(r.query) != session->protocol()) return verdict{engine_error::bad_request, "PROTOCOL_MISMATCH"};
  } else if (r.method() != "GET") {
    return verdict{engine_error::bad_handshake_method};
  }
  if (r.upgrade != (*r.transport == sio::transport::websocket))
    return verdict{engine_error::bad_request, "TRANSPORT_HANDSHAKE_ERROR"};
  return std::nullopt;
}

namespace detail {

inline value parameter_of(const engine_request& r, std::string_view name) {
  const std::string* given = r.query.find(name);
  return given ? value(*given) : value();
}

inline object context_of_bad_request(std::string_view name, const engine_request& r, const link* session) {
  object out{{"name", name}};
  if (name == "INVALID_ORIGIN") out.set("origin", r.origin);
  if (name == "TRANSPORT_MISMATCH") {
    out.set("transport", parameter_of(r, "transport"));
    out.set("previousTransport", to_string(session->carrier()));
  }
  if (name == "PROTOCOL_MISMATCH") {
    out.set("protocol", protocol_of(r));
    out.set("previousProtocol", static_cast<int>(session->protocol()));
  }
  return out;
}

}  // namespace detail

/// What `connection_error` says of a verdict.
inline object context_of(const verdict& v, const engine_request& r, const link* session) {
  switch (v.code) {
    case engine_error::unknown_transport: return {{"transport", detail::parameter_of(r, "transport")}};
    case engine_error::unknown_sid: return {{"sid", detail::parameter_of(r, "sid")}};
    case engine_error::bad_handshake_method: return {{"method", r.method()}};
    case engine_error::unsupported_version: return {{"protocol", protocol_of(r)}};
    default: return detail::context_of_bad_request(v.name, r, session);
  }
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
