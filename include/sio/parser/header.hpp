// What stands before a packet's JSON: <type>[<attachments>-][<nsp>,][<ack id>]  52-/admin,7["b",…]
#pragma once

#include <sio/config.hpp>
#include <sio/parser/packet.hpp>
#include <sio/unicode/utf8.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace parser {

/// A packet's header and the JSON after it, viewing the text they stand in.
struct header {
  packet_type type = packet_type::connect;
  std::size_t attachments = 0;
  std::string_view nsp = "/";
  std::optional<std::uint64_t> id;
  std::string_view payload;
};

/// Why a packet was refused, in the words of the JS decoder; empty: it was not.
using fault = std::string_view;

namespace detail {

inline constexpr std::uint64_t max_safe_integer = 9'007'199'254'740'991;  // 2^53 - 1: a JS number holds no larger id
inline constexpr std::size_t max_count_digits = 9;

inline std::size_t leading_digits(std::string_view text) noexcept {
  std::size_t n = 0;
  while (n < text.size() && text[n] >= '0' && text[n] <= '9') ++n;
  return n;
}

inline fault take_type(std::string_view& rest, header& out) noexcept {
  if (rest.empty()) return "Unknown type: undefined";  // the message `4`, of which JS makes undefined
  const char digit = rest[0];
  if (digit == '7') return "unknown packet type 7";
  if (digit == '8') return "unknown packet type 8";
  if (digit == '9') return "unknown packet type 9";
  if (digit < '0' || digit > '6') return "unknown packet type NaN";
  out.type = static_cast<packet_type>(digit - '0');
  rest.remove_prefix(1);
  return {};
}

// 51-
inline fault take_attachments(std::string_view& rest, header& out, std::size_t max_attachments) noexcept {
  if (out.type != packet_type::binary_event && out.type != packet_type::binary_ack) return {};
  const std::size_t size = leading_digits(rest);
  if (size == rest.size() || rest[size] != '-') return "Illegal attachments";
  if (size > max_count_digits) return "too many attachments";
  for (const char c : rest.substr(0, size)) out.attachments = out.attachments * 10 + static_cast<std::size_t>(c - '0');
  if (out.attachments == 0) return "Illegal attachments";
  if (out.attachments > max_attachments) return "too many attachments";
  rest.remove_prefix(size + 1);
  return {};
}

// /admin,  (the comma may be missing at the end of the text)
inline fault take_nsp(std::string_view& rest, header& out, std::size_t max_length) noexcept {
  if (rest.empty() || rest[0] != '/') return {};
  const std::size_t comma = rest.find(',');
  out.nsp = rest.substr(0, comma);
  if (out.nsp.size() > max_length || !unicode::is_utf8(out.nsp)) return "invalid namespace";
  rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
  return {};
}

inline fault take_id(std::string_view& rest, header& out) noexcept {
  const std::size_t size = leading_digits(rest);
  if (size == 0) return {};
  std::uint64_t id = 0;
  for (const char c : rest.substr(0, size)) {
    id = id * 10 + static_cast<std::uint64_t>(c - '0');
    if (id > max_safe_integer) return "invalid payload";
  }
  out.id = id;
  rest.remove_prefix(size);
  return {};
}

// JSON may begin with a space, but JS takes one here for a digit of the id: 2 ["a"] asks it for ack 0.
inline fault take_payload(std::string_view rest, header& out) noexcept {
  out.payload = rest;
  if (rest.empty()) return {};
  const char first = rest[0];
  return first == ' ' || first == '\t' || first == '\n' || first == '\r' ? fault("invalid payload") : fault();
}

}  // namespace detail

/// Reads the header of a packet's text, which is an Engine.IO message without its `4`.
inline fault read_header(std::string_view text, const decoder_limits& limits, header& out) noexcept {
  fault why = detail::take_type(text, out);
  if (why.empty()) why = detail::take_attachments(text, out, limits.max_attachments);
  if (why.empty()) why = detail::take_nsp(text, out, limits.max_nsp_length);
  if (why.empty()) why = detail::take_id(text, out);
  if (why.empty()) why = detail::take_payload(text, out);
  return why;
}

}  // namespace parser
}  // namespace SIO_ABI
}  // namespace sio
