// A Socket.IO v5 packet: what one client and one namespace say to each other.
#pragma once

#include <sio/config.hpp>
#include <sio/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace parser {

/// In the order of the wire's digits.
enum class packet_type : std::uint8_t { connect, disconnect, event, ack, connect_error, binary_event, binary_ack };

/// What a packet is once its attachments are in place.
inline packet_type without_binary(packet_type type) noexcept {
  if (type == packet_type::binary_event) return packet_type::event;
  return type == packet_type::binary_ack ? packet_type::ack : type;
}

struct packet {
  packet_type type = packet_type::connect;
  std::string nsp = "/";
  std::optional<std::uint64_t> id;  ///< of the acknowledgement that an event asks for, or that this ack is
  std::optional<value> data;        ///< an event's and an ack's: an array
};

/// Whether an event may not have that name: the JS packages use it themselves.
inline bool reserved_event(std::string_view name) noexcept {
  return name == "connect" || name == "connect_error" || name == "disconnect" || name == "disconnecting" ||
         name == "newListener" || name == "removeListener";
}

}  // namespace parser
}  // namespace SIO_ABI
}  // namespace sio
