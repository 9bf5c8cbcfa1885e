// Cross-origin headers, as npm `cors` writes them.
//
//   Access-Control-Allow-Origin: http://a CRLF  Vary: Origin
#pragma once

#include <sio/http/chars.hpp>
#include <sio/options.hpp>
#include <sio/request.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace http {

/// The headers of an actual response to a request with this Origin (empty: it had none).
headers cors_headers(const cors_options& rules, std::string_view origin);
headers cors_headers(const cors_options& rules, const request& of);

/// The answer to a preflight that asks for these headers. Nothing where the origin function says no: the request then
/// goes on as if there were no cross-origin rules. What the function throws goes through.
std::optional<response> preflight(const cors_options& rules, std::string_view origin, std::string_view asked_headers);
/// The same for a whole request; nothing unless its method is OPTIONS.
std::optional<response> preflight(const cors_options& rules, const request& of);

// ---- bodies

namespace detail {

using origin_function = std::function<bool(std::string_view)>;

// Where these say no, no header at all is written; a list that says no still writes Vary.
inline bool has_cors(const cors_options& rules, std::string_view origin) {
  if (const auto* fixed = std::get_if<std::string>(&rules.origin)) return !fixed->empty();
  const auto* allowed = std::get_if<origin_function>(&rules.origin);
  return !allowed || (*allowed && (*allowed)(origin));
}

inline bool is_listed(const cors_options& rules, std::string_view origin) {
  const auto* list = std::get_if<std::vector<std::string>>(&rules.origin);
  if (!list) return true;
  for (const std::string& one : *list)
    if (one == origin) return true;
  return false;
}

// What a peer sent goes back only if it can do no harm in a header.
inline bool is_reflectable(std::string_view text) noexcept { return !text.empty() && is_ascii_text(text); }

inline void add_origin(headers& out, const cors_options& rules, std::string_view origin) {
  const auto* fixed = std::get_if<std::string>(&rules.origin);
  if (fixed)
    out.add("Access-Control-Allow-Origin", *fixed);
  else if (is_reflectable(origin) && is_listed(rules, origin))
    out.add("Access-Control-Allow-Origin", std::string(origin));
  if (!fixed || *fixed != "*") out.add("Vary", "Origin");
}

inline std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) (out += out.empty() ? "" : ",") += name;
  return out;
}

inline void add_credentials(headers& out, const cors_options& rules) {
  if (rules.credentials) out.add("Access-Control-Allow-Credentials", "true");
}

inline void add_exposed(headers& out, const cors_options& rules) {
  if (!rules.exposed_headers.empty()) out.add("Access-Control-Expose-Headers", joined(rules.exposed_headers));
}

// JS appends to a Vary that is there already, in its place.
inline void vary_by_asked(headers& out) {
  static constexpr const char* asked = "Access-Control-Request-Headers";
  headers changed;
  for (const auto& [name, value] : out) changed.add(name, name == "Vary" ? value + ", " + asked : value);
  if (!out.find("Vary")) changed.add("Vary", asked);
  out = std::move(changed);
}

inline void add_allowed(headers& out, const cors_options& rules, std::string_view asked) {
  if (rules.allowed_headers.empty()) vary_by_asked(out);
  if (!rules.allowed_headers.empty())
    out.add("Access-Control-Allow-Headers", joined(rules.allowed_headers));
  else if (is_reflectable(asked))
    out.add("Access-Control-Allow-Headers", std::string(asked));
}

}  // namespace detail

inline headers cors_headers(const cors_options& rules, std::string_view origin) {
  headers out;
  if (!detail::has_cors(rules, origin)) return out;
  detail::add_origin(out, rules, origin);
  detail::add_credentials(out, rules);
  detail::add_exposed(out, rules);
  return out;
}

inline headers cors_headers(const cors_options& rules, const request& of) {
  return cors_headers(rules, of.headers["Origin"]);
}

inline std::optional<response> preflight(const cors_options& rules, std::string_view origin,
                                         std::string_view asked_headers) {
  if (!detail::has_cors(rules, origin)) return std::nullopt;
  response out;
  out.status = rules.options_success_status;
  detail::add_origin(out.headers, rules, origin);
  detail::add_credentials(out.headers, rules);
  if (!rules.methods.empty()) out.headers.add("Access-Control-Allow-Methods", rules.methods);
  detail::add_allowed(out.headers, rules, asked_headers);
  if (rules.max_age) out.headers.add("Access-Control-Max-Age", std::to_string(rules.max_age->count()));
  detail::add_exposed(out.headers, rules);
  // Without it Safari waits for a body, even of a 204.
  out.headers.add("Content-Length", "0");
  return out;
}

inline std::optional<response> preflight(const cors_options& rules, const request& of) {
  if (of.method != "OPTIONS") return std::nullopt;
  return preflight(rules, of.headers["Origin"], of.headers["Access-Control-Request-Headers"]);
}

}  // namespace http
}  // namespace SIO_ABI
}  // namespace sio
