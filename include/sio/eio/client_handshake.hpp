// The open packet as a client reads it: {"sid":"…","upgrades":["websocket"],"pingInterval":25000,…}
#pragma once

#include <sio/eio/times.hpp>
#include <sio/json/reader.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace eio {

/// What a server said of the session that it opened.
struct server_terms {
  std::string sid;
  milliseconds ping_interval{}, ping_timeout{};
  std::size_t max_payload = 0;  ///< bytes of one POST; 0: it names no limit, as servers of before 2022
  bool offers_websocket = false;
};

namespace detail {

inline constexpr std::size_t max_sid = 1024;         // it stands in the target of every request
inline constexpr double max_number = 2'147'483'647;  // 24 days, 2 GiB: what JS's timers can hold

/// That member, if it is a positive number; a larger one than we can use is cut.
inline std::optional<std::int64_t> positive(const object& from, std::string_view name, std::string& why) {
  const value* member = from.find(name);
  const std::optional<double> number = member ? member->if_number() : std::nullopt;
  if (number && *number > 0) return static_cast<std::int64_t>(std::ceil(std::min(*number, max_number)));
  why.assign("the handshake's ").append(name).append(member ? " is no positive number" : " is missing");
  return std::nullopt;
}

inline bool read_sid(server_terms& out, const object& from, std::string& why) {
  const value* member = from.find("sid");
  const std::string* sid = member ? member->if_string() : nullptr;
  if (!member) return why = "the handshake's sid is missing", false;
  if (!sid || sid->empty()) return why = "the handshake's sid is no text", false;
  if (sid->size() > max_sid) return why = "the handshake's sid is too long", false;
  out.sid = *sid;
  return true;
}

inline bool read_upgrades(server_terms& out, const object& from, std::string& why) {
  const array* upgrades = from["upgrades"].if_array();
  if (!upgrades) return why = "the handshake's upgrades are no array", false;
  const auto names_websocket = [](const value& v) { return v.if_string() && *v.if_string() == "websocket"; };
  out.offers_websocket = std::any_of(upgrades->begin(), upgrades->end(), names_websocket);
  return true;
}

inline bool read_numbers(server_terms& out, const object& from, std::string& why) {
  const auto interval = positive(from, "pingInterval", why);
  const auto timeout = interval ? positive(from, "pingTimeout", why) : std::nullopt;
  if (!timeout) return false;
  out.ping_interval = milliseconds(*interval);
  out.ping_timeout = milliseconds(*timeout);
  if (!from.contains("maxPayload")) return true;
  const auto payload = positive(from, "maxPayload", why);
  if (payload) out.max_payload = static_cast<std::size_t>(*payload);
  return payload.has_value();
}

}  // namespace detail

/// What the packet's data says; nothing if it is not what it should be, and then `why` says so.
inline std::optional<server_terms> read_open_packet(std::string_view data, std::string& why) {
  constexpr std::size_t max_depth = 8;  // members that we do not know may nest a little
  const std::optional<value> all = json::parse(data, max_depth);
  const object* from = all ? all->if_object() : nullptr;
  why = all ? "the handshake is no object" : "the handshake is no JSON";
  server_terms out;
  if (!from || !detail::read_sid(out, *from, why) || !detail::read_upgrades(out, *from, why)) return std::nullopt;
  if (!detail::read_numbers(out, *from, why)) return std::nullopt;
  return out;
}

}  // namespace eio
}  // namespace SIO_ABI
}  // namespace sio
