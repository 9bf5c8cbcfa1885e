// IPv4 and IPv6 addresses in text, and the networks that they are in.
//
//   192.0.2.7   2001:db8::7   ::ffff:192.0.2.7   10.0.0.0/8
#pragma once

#include <sio/http/chars.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace http {

/// An IPv4 address counts as the IPv6 address that stands for it: ::ffff:192.0.2.7.
using ip_bytes = std::array<std::uint8_t, 16>;

namespace detail {

inline bool read_ipv4(std::string_view text, std::uint8_t* to) {
  for (int i = 0; i != 4; ++i) {
    const std::size_t dot = text.find('.');
    if ((dot == std::string_view::npos) != (i == 3)) return false;
    const auto number = text.substr(0, dot).size() <= 3 ? to_number(text.substr(0, dot)) : std::nullopt;
    if (!number || *number > 255) return false;
    to[i] = static_cast<std::uint8_t>(*number);
    text.remove_prefix(i == 3 ? text.size() : dot + 1);
  }
  return true;
}

inline bool read_group(std::string_view digits, std::uint8_t* to) {
  unsigned number = 0;
  for (const char c : digits) {
    if (hex_value(c) < 0) return false;
    number = number * 16 + static_cast<unsigned>(hex_value(c));
  }
  to[0] = static_cast<std::uint8_t>(number >> 8);
  to[1] = static_cast<std::uint8_t>(number);
  return !digits.empty() && digits.size() <= 4;
}

// Groups between colons, perhaps with an IPv4 address as the last two: how many bytes they are, or more than there are.
inline std::size_t read_groups(std::string_view text, ip_bytes& to) {
  std::size_t size = 0;
  while (!text.empty()) {
    const std::size_t colon = text.find(':');
    const std::string_view group = text.substr(0, colon);
    const bool is_v4 = colon == std::string_view::npos && group.find('.') != std::string_view::npos;
    if (size + (is_v4 ? 4 : 2) > to.size()) return to.size() + 1;
    if (!(is_v4 ? read_ipv4(group, &to[size]) : read_group(group, &to[size]))) return to.size() + 1;
    size += is_v4 ? 4 : 2;
    if (colon != std::string_view::npos && colon + 1 == text.size()) return to.size() + 1;
    text.remove_prefix(colon == std::string_view::npos ? text.size() : colon + 1);
  }
  return size;
}

}  // namespace detail

/// The address that is written there; a zone ("%eth0") is left out.
inline std::optional<ip_bytes> read_ip(std::string_view text) {
  ip_bytes out{};
  if (text.find(':') == std::string_view::npos) {
    out[10] = out[11] = 0xff;
    return detail::read_ipv4(text, &out[12]) ? std::optional(out) : std::nullopt;
  }
  text = text.substr(0, text.find('%'));
  const std::size_t gap = text.find("::");
  if (gap == std::string_view::npos)
    return detail::read_groups(text, out) == out.size() ? std::optional(out) : std::nullopt;
  if (text.substr(0, gap).find('.') != std::string_view::npos) return std::nullopt;
  ip_bytes behind{};
  const std::size_t before = detail::read_groups(text.substr(0, gap), out);
  const std::size_t after = detail::read_groups(text.substr(gap + 2), behind);
  if (before + after >= out.size()) return std::nullopt;
  for (std::size_t i = 0; i != out.size() - before; ++i) out[before + i] = 0;
  for (std::size_t i = 0; i != after; ++i) out[out.size() - after + i] = behind[i];
  return out;
}

/// Whether `address` is in the network: "10.0.0.0/8", "fd00::/8", or one address alone.
inline bool in_network(const ip_bytes& address, std::string_view network) {
  const std::size_t slash = network.find('/');
  const std::string_view base = network.substr(0, slash);
  const auto begin = read_ip(base);
  const bool is_v4 = base.find(':') == std::string_view::npos;
  const auto length = slash == std::string_view::npos ? (is_v4 ? 32 : 128) : to_number(network.substr(slash + 1));
  if (!begin || !length || *length > (is_v4 ? 32 : 128)) return false;
  const std::size_t bits = static_cast<std::size_t>(*length) + (is_v4 ? 96 : 0);
  for (std::size_t i = 0; i != bits; ++i)
    if (((address[i / 8] ^ (*begin)[i / 8]) >> (7 - i % 8) & 1) != 0) return false;
  return true;
}

}  // namespace http
}  // namespace SIO_ABI
}  // namespace sio
