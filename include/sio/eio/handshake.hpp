// The open packet, a session's first: 0{"sid":"…","upgrades":["websocket"],"pingInterval":25000,…}
#pragma once

#include <sio/config.hpp>
#include <sio/json/writer.hpp>
#include <sio/options.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace eio {

/// Whether a session that began on that transport is offered WebSocket.
inline bool may_upgrade(transport from, const server_options& options) {
  const auto& enabled = options.transports;
  return from == transport::polling && options.allow_upgrades &&
         std::find(enabled.begin(), enabled.end(), transport::websocket) != enabled.end();
}

/// The packet as text, type included.
inline std::string open_packet(std::string_view sid, bool upgradable, const server_options& options) {
  std::string out = "0{\"sid\":";
  json::write_string(out, sid);
  out += upgradable ? ",\"upgrades\":[\"websocket\"]" : ",\"upgrades\":[]";
  out.append(",\"pingInterval\":").append(std::to_string(options.ping_interval.count()));
  out.append(",\"pingTimeout\":").append(std::to_string(options.ping_timeout.count()));
  out.append(",\"maxPayload\":").append(std::to_string(options.max_http_buffer_size));
  return out += '}';
}

}  // namespace eio
}  // namespace SIO_ABI
}  // namespace sio
