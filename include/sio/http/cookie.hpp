// The cookie of a polling handshake, as npm `cookie` writes it.
//
//   io=mLAwdzxl6IpUbOI7AAAA; Path=/; HttpOnly; SameSite=Lax
#pragma once

#include <sio/http/chars.hpp>
#include <sio/http/date.hpp>
#include <sio/http/percent.hpp>
#include <sio/options.hpp>

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace http {

/// Throws std::invalid_argument where the name, path or domain could not stand in a cookie.
void check(const cookie_options& cookie);

/// The value of Set-Cookie; the options were checked.
std::string set_cookie(const cookie_options& cookie, std::string_view value);

// ---- bodies

namespace detail {

inline bool is_cookie_path(std::string_view path) noexcept {
  return is_ascii_text(path) && path.find_first_of(";<") == std::string_view::npos;
}

inline bool is_domain_label(std::string_view label) noexcept {
  if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
  for (const char c : label)
    if (!alphanumeric(c) && c != '-') return false;
  return true;
}

// A leading dot is allowed, as it was in older browsers.
inline bool is_domain(std::string_view name) noexcept {
  if (!name.empty() && name.front() == '.') name.remove_prefix(1);
  while (true) {
    const std::size_t dot = name.find('.');
    if (!is_domain_label(name.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    name.remove_prefix(dot + 1);
  }
}

// JS: encodeURIComponent. The ids of sessions need none of it.
inline std::string cookie_value(std::string_view value) { return percent_encode(value, "-_.!~*'()"); }

inline std::string_view priority_text(cookie_options::priority_rule rule) noexcept {
  switch (rule) {
    case cookie_options::priority_rule::low: return "; Priority=Low";
    case cookie_options::priority_rule::medium: return "; Priority=Medium";
    case cookie_options::priority_rule::high: return "; Priority=High";
    case cookie_options::priority_rule::unset: return "";
  }
  return "";
}

inline std::string_view same_site_text(cookie_options::same_site_rule rule) noexcept {
  switch (rule) {
    case cookie_options::same_site_rule::none: return "; SameSite=None";
    case cookie_options::same_site_rule::lax: return "; SameSite=Lax";
    case cookie_options::same_site_rule::strict: return "; SameSite=Strict";
    case cookie_options::same_site_rule::unset: return "";
  }
  return "";
}

}  // namespace detail

inline void check(const cookie_options& cookie) {
  if (!is_token(cookie.name))
    throw std::invalid_argument("cookie name \"" + cookie.name +
                                "\": only letters, digits and !#$%&'*+-.^_`|~ may be used");
  if (!detail::is_cookie_path(cookie.path))
    throw std::invalid_argument("cookie path \"" + cookie.path +
                                "\": no ;, < or character outside of ASCII may be used");
  if (!cookie.domain.empty() && !detail::is_domain(cookie.domain))
    throw std::invalid_argument("cookie domain \"" + cookie.domain + "\": this is no domain name");
  if (cookie.expires && *cookie.expires < std::chrono::system_clock::from_time_t(0))
    throw std::invalid_argument("cookie expires: no time before 1970 may be used");
}

inline std::string set_cookie(const cookie_options& cookie, std::string_view value) {
  std::string out = cookie.name + '=' + detail::cookie_value(value);
  if (cookie.max_age) out += "; Max-Age=" + std::to_string(cookie.max_age->count());
  if (!cookie.domain.empty()) out += "; Domain=" + cookie.domain;
  if (!cookie.path.empty()) out += "; Path=" + cookie.path;
  if (cookie.expires) out += "; Expires=" + http_date(std::chrono::system_clock::to_time_t(*cookie.expires));
  if (cookie.http_only) out += "; HttpOnly";
  if (cookie.secure) out += "; Secure";
  if (cookie.partitioned) out += "; Partitioned";
  out.append(detail::priority_text(cookie.priority));
  return out.append(detail::same_site_text(cookie.same_site));
}

}  // namespace http
}  // namespace SIO_ABI
}  // namespace sio
