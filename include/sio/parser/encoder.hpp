// Socket.IO packets as what travels: 452-/admin,7["b",{"_placeholder":true,"num":0},…] and its attachments.
#pragma once

#include <sio/config.hpp>
#include <sio/eio/packet.hpp>
#include <sio/json/writer.hpp>
#include <sio/parser/packet.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace parser {

/// A packet as it leaves. `head` begins with Engine.IO's `4`, exactly as a WebSocket text frame; the attachments follow
/// it in this order and share the buffers of the values they came from. Of another parser's packet they are the first
/// message, whatever it is, and the others; the head of one that could not be encoded shares nothing.
struct encoded {
  eio::encoded_packet head;
  std::vector<eio::encoded_packet> attachments;
};

// Nothing here judges what it is given: a name with a comma or without its slash, more attachments than the
// receiver's `max_attachments` (10 by default, in JS too) or JSON deeper than its `max_json_depth` is written, and the
// receiver closes the connection. A value deeper than `json::max_written_depth` throws `std::length_error`.

namespace detail {

// Room for a small event, so that it is written with one allocation.
inline constexpr std::size_t usual_size = 80;

// 42/admin,12
inline std::string open_head(packet_type type, std::string_view nsp, std::optional<std::uint64_t> id) {
  std::string out;
  out.reserve(usual_size + nsp.size());
  out += '4';
  out += static_cast<char>('0' + static_cast<int>(type));
  if (!nsp.empty() && nsp != "/") out.append(nsp).append(1, ',');
  if (id) out += std::to_string(*id);
  return out;
}

// 42/admin,12["a",…] -> 452-/admin,12["a",…]: how many attachments there are is known only after the JSON.
inline encoded close_head(std::string head, const std::vector<binary>& found) {
  encoded out;
  if (!found.empty()) {
    head[1] = head[1] == '2' ? '5' : '6';
    head.insert(2, std::to_string(found.size()) + '-');
  }
  out.head = eio::encoded_packet(std::move(head));
  out.attachments.reserve(found.size());
  for (const binary& b : found) out.attachments.emplace_back(b.shared(), true);
  return out;
}

// What may hold no attachments: a binary in it is written as Node prints a Buffer.
inline encoded close_text(std::string head) { return {eio::encoded_packet(std::move(head)), {}}; }

}  // namespace detail

/// `2["event",…]`, or `51-["event",…]` if there are binaries among the arguments; `offset`, if there is one, is one
/// argument more.
inline encoded encode_event(std::string_view nsp, std::optional<std::uint64_t> id, std::string_view event,
                            const array& args, std::string_view offset = {}) {
  std::vector<binary> found;
  std::string head = detail::open_head(packet_type::event, nsp, id);
  head += '[';
  json::write_string(head, event);
  for (const value& v : args) {
    head += ',';
    json::write(head, v, &found);
  }
  if (!offset.empty()) json::write_string(head += ',', offset);
  head += ']';
  return detail::close_head(std::move(head), found);
}

/// `312[…]`, or `61-12[…]`.
inline encoded encode_ack(std::string_view nsp, std::uint64_t id, const array& args) {
  std::vector<binary> found;
  std::string head = detail::open_head(packet_type::ack, nsp, id);
  json::write(head, args, &found);
  return detail::close_head(std::move(head), found);
}

/// `0{"sid":"…"}`: the server's answer to a client that joins a namespace; with `"pid":"…"` if there is one.
inline encoded encode_connect(std::string_view nsp, std::string_view sid, std::string_view pid = {}) {
  std::string head = detail::open_head(packet_type::connect, nsp, std::nullopt);
  head += "{\"sid\":";
  json::write_string(head, sid);
  if (!pid.empty()) json::write_string(head += ",\"pid\":", pid);
  return detail::close_text(std::move(head += '}'));
}

/// `4{"message":"…"}`, with `"data":…` if there is some.
inline encoded encode_connect_error(std::string_view nsp, std::string_view message,
                                    const std::optional<value>& data = std::nullopt) {
  std::string head = detail::open_head(packet_type::connect_error, nsp, std::nullopt);
  head += "{\"message\":";
  json::write_string(head, message);
  if (data) {
    head += ",\"data\":";
    json::write(head, *data);
  }
  return detail::close_text(std::move(head += '}'));
}

/// `1`, or `1/admin,`.
inline encoded encode_disconnect(std::string_view nsp) {
  return detail::close_text(detail::open_head(packet_type::disconnect, nsp, std::nullopt));
}

/// Any packet. Of an event or an ack the type that goes out tells whether its data holds binaries, whatever it said.
inline encoded encode(const packet& p) {
  const packet_type type = without_binary(p.type);
  const bool scanned = type == packet_type::event || type == packet_type::ack;
  std::vector<binary> found;
  std::string head = detail::open_head(type, p.nsp, p.id);
  if (p.data) json::write(head, *p.data, scanned ? &found : nullptr);
  return detail::close_head(std::move(head), found);
}

}  // namespace parser
}  // namespace SIO_ABI
}  // namespace sio
