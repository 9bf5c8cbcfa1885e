// A parser of one's own: how a server's packets become Engine.IO messages and come out of them (JS: option `parser`).
#pragma once

#include <sio/binary.hpp>
#include <sio/config.hpp>
#include <sio/value.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sio {
inline namespace SIO_ABI {

/// In the order of the wire's digits.
enum class packet_type : std::uint8_t { connect, disconnect, event, ack, connect_error, binary_event, binary_ack };

/// A Socket.IO v5 packet: what one client and one namespace say to each other.
struct packet {
  packet_type type = packet_type::connect;
  std::string nsp = "/";
  std::optional<std::uint64_t> id;  ///< of the acknowledgement that an event asks for, or that this ack is
  std::optional<value> data;        ///< an event's and an ack's: an array, an event's name is its first element
};

/// What a peer's packets may cost.
struct decoder_limits {
  std::size_t max_attachments = 10;                   ///< of one packet
  std::size_t max_attachment_bytes = 10 * 1'000'000;  ///< of one packet's attachments together
  std::size_t max_json_depth = 100;                   ///< how deep arrays and objects may nest, in whatever format
  std::size_t max_nsp_length = 1'024;                 ///< bytes of a namespace's name
};

/// What one Engine.IO message carries: text (UTF-8; without Engine.IO's `4`) or bytes, which travel without a copy.
using message = std::variant<std::string, binary>;

/// The packets of one connection, message by message. It lives on the server's loop.
class packet_decoder {
 public:
  virtual ~packet_decoder() = default;
  /// The packet that this message completes, if it does. What is wrong with it is said in `error`, or thrown: the
  /// "error" listeners of the connection's sockets hear it, and the connection is closed. An event with binaries in it
  /// is an `event`; wrong shapes (an event's data that is no array, a name that is reserved) need not be looked for.
  virtual std::optional<packet> add(std::string_view message, bool is_binary, std::string& error) = 0;
};

/// A format for packets, for `server_options::parser`: one for all connections of a server, whose clients must speak
/// it, too. Called from any thread, from several at once.
class packet_parser {
 public:
  virtual ~packet_parser() = default;
  /// The messages that carry `p`, in their order. An event whose data holds binaries comes as `event`. What it throws
  /// is logged as an error, and the packet is dropped.
  virtual std::vector<message> encode(const packet& p) const = 0;
  /// For one connection; never null.
  virtual std::unique_ptr<packet_decoder> make_decoder(const decoder_limits& limits) const = 0;
};

/// MessagePack, for clients with npm `socket.io-msgpack-parser`: binaries travel in place, each packet is one binary
/// message. What JS has and JSON has not arrives as it would from JSON: a Date as its ISO text (so does MessagePack's
/// own timestamp), undefined as null or, as a member, not at all. Other extensions are `[type, binary]`.
std::shared_ptr<const packet_parser> msgpack_parser();

}  // namespace SIO_ABI
}  // namespace sio
