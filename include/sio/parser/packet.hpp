// What is known of a packet whatever carries it: which types are one, which events are reserved, which data fit.
#pragma once

#include <sio/config.hpp>
#include <sio/parser.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace parser {

using sio::decoder_limits;
using sio::packet;
using sio::packet_type;

/// What a packet is once its attachments are in place.
inline packet_type without_binary(packet_type type) noexcept {
  if (type == packet_type::binary_event) return packet_type::event;
  return type == packet_type::binary_ack ? packet_type::ack : type;
}

/// Whether an event may not have that name: the JS packages use it themselves.
inline bool reserved_event(std::string_view name) noexcept {
  return name == "connect" || name == "connect_error" || name == "disconnect" || name == "disconnecting" ||
         name == "newListener" || name == "removeListener";
}

inline bool names_event(const value& name) noexcept {
  const std::string* text = name.if_string();
  return text ? !reserved_event(*text) : name.is_number();
}

/// Whether a packet of that type may carry these data.
inline bool fits(packet_type type, const value& data) noexcept {
  switch (type) {
    case packet_type::connect: return data.is_object();
    case packet_type::disconnect: return false;
    case packet_type::connect_error: return data.is_string() || data.is_object();
    case packet_type::binary_event:
    case packet_type::event: return data.is_array() && names_event(data[std::size_t{0}]);
    case packet_type::binary_ack:
    case packet_type::ack: return data.is_array();
  }
  return false;
}

}  // namespace parser
}  // namespace SIO_ABI
}  // namespace sio
