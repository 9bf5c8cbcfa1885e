// The address that a client is given: where the server is, and the namespace wanted of it, as the JS client reads it.
//
//   https://example.com:8443/admin?token=abc   -> host "example.com", port 8443, namespace "/admin", query "token=abc"
#pragma once

#include <sio/http/chars.hpp>

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace http {

struct url {
  std::string scheme;       ///< "http", "https", "ws" or "wss"
  bool secure = false;      ///< https or wss
  std::string host;         ///< a name or an address, without brackets
  unsigned short port = 0;  ///< 80 or 443 if the text names none
  std::string path = "/";   ///< the namespace, as it was written: JS decodes no escapes here
  std::string query;        ///< without its question mark, as it was written
  bool is_ipv6 = false;
  std::string source;  ///< what was parsed, with the scheme that it had or was given
};

/// As `io(uri)` reads it: no scheme, or "//host", is https; what follows "#" is dropped. Throws std::invalid_argument
/// with one sentence: "URI too long" (beyond 8000 bytes), or what is wrong.
url parse_url(std::string_view text);

/// What the field Host says: the port only where it is not the scheme's own, an IPv6 address in brackets.
std::string host_header(const url& of);

// ---- bodies

namespace detail {

inline constexpr std::size_t max_url = 8000;

[[noreturn]] inline void refuse_url(std::string_view text, std::string_view why) {
  throw std::invalid_argument("the URL \"" + std::string(text.substr(0, 200)) + "\" " + std::string(why));
}

// Takes "https://" or "//" away.
inline std::string take_scheme(std::string_view whole, std::string_view& rest) {
  if (rest.substr(0, 2) == "//") return rest.remove_prefix(2), "https";
  const std::size_t end = rest.find("://");
  if (end == std::string_view::npos || rest.find_first_of("/?#") < end) return "https";
  for (const std::string_view known : {"http", "https", "ws", "wss"})
    if (same_letters(rest.substr(0, end), known)) return rest.remove_prefix(end + 3), std::string(known);
  refuse_url(whole, "has a scheme other than http, https, ws and wss");
}

inline bool is_ipv6_text(std::string_view text) noexcept {
  const std::string_view address = text.substr(0, text.find('%'));  // fe80::1%eth0
  for (const char c : address)
    if (hex_value(c) < 0 && c != ':' && c != '.') return false;
  return std::count(address.begin(), address.end(), ':') >= 2 &&
         text.find_first_of("[]/?#@ ") == std::string_view::npos;
}

// "[::1]:8080" -> "::1", ":8080"; JS takes an IPv6 address with nothing behind it without brackets, too.
inline std::pair<std::string_view, std::string_view> split_authority(std::string_view authority) noexcept {
  if (is_ipv6_text(authority)) return {authority, {}};
  const bool bracket = !authority.empty() && authority.front() == '[';
  const std::size_t close = bracket ? authority.find(']') : std::string_view::npos;
  if (close != std::string_view::npos) return {authority.substr(1, close - 1), authority.substr(close + 1)};
  const std::size_t colon = std::min(authority.find(':'), authority.size());
  return {authority.substr(0, colon), authority.substr(colon)};
}

// ":8080"; an empty port is the scheme's own.
inline unsigned short read_port(std::string_view whole, std::string_view text, bool secure) {
  if (text.empty() || text == ":") return secure ? 443 : 80;
  const auto number = text.front() == ':' ? to_number(text.substr(1)) : std::nullopt;
  if (!number || *number == 0 || *number > 65'535) refuse_url(whole, "has no proper port: 1 to 65535");
  return static_cast<unsigned short>(*number);
}

inline void read_authority(std::string_view whole, std::string_view authority, url& out) {
  if (authority.find('@') != std::string_view::npos)
    refuse_url(whole, "holds a user's name, which would be sent to nobody: use an Authorization header");
  const auto [host, port] = split_authority(authority);
  if (host.empty()) refuse_url(whole, "names no host");
  out.is_ipv6 = host.find(':') != std::string_view::npos;
  const bool proper = out.is_ipv6
                          ? is_ipv6_text(host) && all_of_class(host, host_bit)
                          : all_of_class(host, host_bit) && authority.find_first_of("[]") == std::string_view::npos;
  if (!proper) refuse_url(whole, "has a host that is none");
  out.host = host;
  out.port = read_port(whole, port, out.secure);
}

}  // namespace detail

inline url parse_url(std::string_view text) {
  if (text.size() > detail::max_url) throw std::invalid_argument("URI too long");
  if (!is_field_text(text)) throw std::invalid_argument("the URL holds a control character");
  url out;
  std::string_view rest = text;
  out.scheme = detail::take_scheme(text, rest);
  out.secure = out.scheme.back() == 's' && out.scheme != "ws";
  out.source = out.scheme + "://" + std::string(rest);
  rest = rest.substr(0, rest.find('#'));
  const std::size_t question = std::min(rest.find('?'), rest.size());
  out.query = rest.substr(std::min(question + 1, rest.size()));
  rest = rest.substr(0, question);
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  detail::read_authority(text, rest.substr(0, slash), out);
  if (slash != rest.size()) out.path = rest.substr(slash);
  return out;
}

inline std::string host_header(const url& of) {
  std::string out = of.is_ipv6 ? "[" + of.host.substr(0, of.host.find('%')) + "]" : of.host;
  if (of.port != (of.secure ? 443 : 80)) out += ":" + std::to_string(of.port);
  return out;
}

}  // namespace http
}  // namespace SIO_ABI
}  // namespace sio
