// Which proxy is asked for a host, if any: what curl makes of options, environment and no_proxy.
//
//   https_proxy=http://user:pass%20word@proxy:3128   no_proxy=localhost,.example.com,10.0.0.0/8
#pragma once

#include <sio/http/chars.hpp>
#include <sio/http/ip_literal.hpp>
#include <sio/http/percent.hpp>
#include <sio/proxy.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace http {

/// The URLs of proxies, by what is behind them, and who is reached without.
struct proxy_settings {
  std::string plain, secure, no_proxy;
};

/// `environment(name)` is the value of a variable; empty counts as none.
template <class Environment>
proxy_settings settle(const proxy_options& o, Environment environment) {
  const auto either = [&](const char* small, const char* capital) {
    const std::string found = environment(small);
    return found.empty() ? std::string(environment(capital)) : found;
  };
  proxy_settings out{o.url, o.url, o.no_proxy};
  if (!o.from_environment) return out;
  if (out.no_proxy.empty()) out.no_proxy = either("no_proxy", "NO_PROXY");
  if (!o.url.empty()) return out;
  const std::string all = either("all_proxy", "ALL_PROXY");
  out.plain = environment("http_proxy");  // HTTP_PROXY may be a field "Proxy" that a CGI server was sent
  out.secure = either("https_proxy", "HTTPS_PROXY");
  if (out.plain.empty()) out.plain = all;
  if (out.secure.empty()) out.secure = all;
  return out;
}

// ---- no_proxy

namespace detail {

struct host_rule {
  std::string_view host;
  std::optional<std::string_view> port;
};

// "a.example:80", "[::1]:80"; with more colons and no brackets it is an IPv6 address
inline host_rule split_port(std::string_view text) {
  if (!text.empty() && text.front() == '[') {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return {text, std::nullopt};
    const std::string_view rest = text.substr(end + 1);
    if (rest.empty()) return {text.substr(1, end - 1), std::nullopt};
    return {text.substr(1, end - 1), rest.substr(rest.front() == ':' ? 1 : 0)};
  }
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || text.find(':', colon + 1) != std::string_view::npos)
    return {text, std::nullopt};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

constexpr std::string_view without_dots(std::string_view name) noexcept {
  if (name.substr(0, 2) == "*.") name.remove_prefix(2);
  if (!name.empty() && name.front() == '.') name.remove_prefix(1);
  if (!name.empty() && name.back() == '.') name.remove_suffix(1);
  return name;
}

inline bool is_below(std::string_view host, std::string_view domain) {
  if (domain.empty() || host.size() < domain.size()) return false;
  const std::size_t more = host.size() - domain.size();
  return same_letters(host.substr(more), domain) && (more == 0 || host[more - 1] == '.');
}

inline bool covers(std::string_view rule, std::string_view host, unsigned short port) {
  if (rule == "*") return true;
  const host_rule wanted = split_port(rule);
  if (wanted.port && *wanted.port != std::to_string(port)) return false;
  if (const auto address = read_ip(host)) return in_network(*address, wanted.host);
  return is_below(without_dots(host), without_dots(wanted.host));
}

}  // namespace detail

/// Whether `no_proxy` names the host.
inline bool goes_direct(std::string_view no_proxy, std::string_view host, unsigned short port) {
  while (!no_proxy.empty()) {
    const std::size_t end = no_proxy.find_first_of(", \t");
    if (end != 0 && detail::covers(no_proxy.substr(0, end), host, port)) return true;
    no_proxy.remove_prefix(end == std::string_view::npos ? no_proxy.size() : end + 1);
  }
  return false;
}

// ---- the proxy's URL

struct proxy_address {
  std::string host;  ///< without brackets; empty: there is no proxy
  unsigned short port = 80;
  std::optional<std::string> credentials;  ///< "user:password"
  std::string error;                       ///< why its URL cannot be used
};

namespace detail {

inline proxy_address no_proxy_at(std::string why) { return {{}, 0, {}, std::move(why)}; }

// user:password@ -> what is before the last @
inline std::optional<std::string> take_credentials(std::string_view& url) {
  const std::size_t at = url.rfind('@');
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view given = url.substr(0, at);
  url.remove_prefix(at + 1);
  return percent_bytes(given) + (given.find(':') == std::string_view::npos ? ":" : "");
}

}  // namespace detail

inline proxy_address read_proxy(std::string_view url) {
  const std::size_t colon = url.find("://");
  const std::string kind(colon == std::string_view::npos ? "http" : url.substr(0, colon));
  if (!same_letters(kind, "http"))
    return detail::no_proxy_at(kind + " proxies are not supported: only HTTP proxies, as http://proxy:3128");
  if (colon != std::string_view::npos) url.remove_prefix(colon + 3);
  url = url.substr(0, url.find_first_of("/?#"));
  proxy_address out;
  out.credentials = detail::take_credentials(url);
  const detail::host_rule place = detail::split_port(url);
  if (place.host.empty() || !detail::all_of_class(place.host, detail::host_bit))
    return detail::no_proxy_at("the URL of the proxy names no host");
  const auto port = to_number(place.port.value_or("80"));
  if (!port || *port == 0 || *port > 65535) return detail::no_proxy_at("the URL of the proxy has an impossible port");
  out.host = place.host;
  out.port = static_cast<unsigned short>(*port);
  return out;
}

/// The proxy to ask for that host.
inline proxy_address choose_proxy(const proxy_settings& s, bool secure, std::string_view host, unsigned short port) {
  const std::string& url = secure ? s.secure : s.plain;
  if (url.empty() || goes_direct(s.no_proxy, host, port)) return {};
  return read_proxy(url);
}

}  // namespace http
}  // namespace SIO_ABI
}  // namespace sio
