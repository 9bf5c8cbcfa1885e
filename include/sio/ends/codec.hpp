// How one end's packets leave: the built-in way, or through the parser that its options name.
#pragma once

#include <sio/eio/outbox.hpp>
#include <sio/ends/log.hpp>
#include <sio/events/listeners.hpp>
#include <sio/parser.hpp>
#include <sio/parser/encoder.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace ends {

/// One per server, used from any thread. What another parser cannot encode is logged and comes out as nothing.
class codec {
 public:
  /// `other` null: the built-in parser.
  codec(std::shared_ptr<const packet_parser> other, const decoder_limits& limits, std::shared_ptr<const ends::log> lg)
      : other_(std::move(other)), limits_(limits), log_(std::move(lg)) {}

  const packet_parser* other() const noexcept { return other_.get(); }
  const decoder_limits& limits() const noexcept { return limits_; }

  /// `offset`: of a packet that can be recovered, one argument more; empty: none.
  parser::encoded event(std::string_view nsp, std::optional<std::uint64_t> id, std::string_view name,
                        const array& arguments, std::string_view offset = {}) const;
  parser::encoded ack(std::string_view nsp, std::uint64_t id, const array& arguments) const;
  /// `pid`: of a session that can be recovered; empty: none.
  parser::encoded connect(std::string_view nsp, std::string_view sid, std::string_view pid = {}) const;
  parser::encoded connect_error(std::string_view nsp, std::string_view message, const std::optional<value>& data) const;
  parser::encoded disconnect(std::string_view nsp) const;
  /// Any packet.
  parser::encoded encode(packet_type type, std::string_view nsp, std::optional<std::uint64_t> id,
                         std::optional<value> data) const;

 private:
  std::shared_ptr<const packet_parser> other_;
  decoder_limits limits_;
  std::shared_ptr<const ends::log> log_;
};

/// Sends all messages of a packet, or none if it could not be encoded.
template <class Link>
void send_packet(Link& to, const parser::encoded& packet, bool compress = true, eio::keep how = eio::keep::always) {
  if (!packet.head.shared()) return;
  to.send(compress ? packet.head : packet.head.uncompressed(), how);
  for (const eio::encoded_packet& attachment : packet.attachments)
    to.send(compress ? attachment : attachment.uncompressed(), eio::keep::with_last);
}

// ---- bodies

inline parser::encoded codec::event(std::string_view nsp, std::optional<std::uint64_t> id, std::string_view name,
                                    const array& arguments, std::string_view offset) const {
  if (!other_) return parser::encode_event(nsp, id, name, arguments, offset);
  array data;
  data.reserve(arguments.size() + 2);
  data.emplace_back(name);
  data.insert(data.end(), arguments.begin(), arguments.end());
  if (!offset.empty()) data.emplace_back(offset);
  return encode(packet_type::event, nsp, id, value(std::move(data)));
}

inline parser::encoded codec::ack(std::string_view nsp, std::uint64_t id, const array& arguments) const {
  if (!other_) return parser::encode_ack(nsp, id, arguments);
  return encode(packet_type::ack, nsp, id, value(arguments));
}

inline parser::encoded codec::connect(std::string_view nsp, std::string_view sid, std::string_view pid) const {
  if (!other_) return parser::encode_connect(nsp, sid, pid);
  object data{{"sid", sid}};
  if (!pid.empty()) data.set("pid", pid);
  return encode(packet_type::connect, nsp, std::nullopt, value(std::move(data)));
}

inline parser::encoded codec::connect_error(std::string_view nsp, std::string_view message,
                                            const std::optional<value>& data) const {
  if (!other_) return parser::encode_connect_error(nsp, message, data);
  object why{{"message", message}};
  if (data) why.set("data", *data);
  return encode(packet_type::connect_error, nsp, std::nullopt, value(std::move(why)));
}

inline parser::encoded codec::disconnect(std::string_view nsp) const {
  if (!other_) return parser::encode_disconnect(nsp);
  return encode(packet_type::disconnect, nsp, std::nullopt, std::nullopt);
}

// A text gets Engine.IO's `4`; bytes go as they are.
inline eio::encoded_packet to_packet(message&& m) {
  if (const binary* bytes = std::get_if<binary>(&m))
    return {bytes->shared() ? bytes->shared() : std::make_shared<const std::string>(), true};
  return eio::encoded_packet("4" + std::get<std::string>(m));
}

inline parser::encoded codec::encode(packet_type type, std::string_view nsp, std::optional<std::uint64_t> id,
                                     std::optional<value> data) const {
  const packet p{type, std::string(nsp), id, std::move(data)};
  if (!other_) return parser::encode(p);
  std::vector<message> messages;
  const auto why_not = events::run_user_code([&]() -> std::optional<std::string> {
    messages = other_->encode(p);
    if (messages.empty()) return "it made no message";
    return std::nullopt;
  });
  if (why_not) {
    (*log_)(log_level::error, "the parser could not encode a packet: " + *why_not);
    return {};
  }
  parser::encoded out;
  out.head = to_packet(std::move(messages.front()));
  for (auto m = messages.begin() + 1; m != messages.end(); ++m) out.attachments.push_back(to_packet(std::move(*m)));
  return out;
}

}  // namespace ends
}  // namespace SIO_ABI
}  // namespace sio
