// A parsed head made into a request that owns its texts.
#pragma once

#include <sio/http/fields.hpp>
#include <sio/http/query.hpp>

namespace sio {
inline namespace SIO_ABI {
namespace http {

namespace detail {

// The names of which Node keeps the first field; of all others the values are joined.
inline bool stands_once(std::string_view name) noexcept {
  static constexpr std::string_view names[] = {
      "age",           "authorization", "content-length", "content-type",        "etag",
      "expires",       "from",          "host",           "if-modified-since",   "if-unmodified-since",
      "last-modified", "location",      "max-forwards",   "proxy-authorization", "referer",
      "retry-after",   "server",        "user-agent"};
  for (const std::string_view n : names)
    if (sio::detail::same_letters(n, name)) return true;
  return false;
}

inline void add_field(headers& to, const field& f) {
  const std::string* before = to.find(f.name);
  if (!before) return to.add(std::string(f.name), std::string(f.value));
  if (stands_once(f.name)) return;
  const char* separator = sio::detail::same_letters(f.name, "cookie") ? "; " : ", ";
  to.set(std::string(f.name), *before + separator + std::string(f.value));
}

}  // namespace detail

/// The field of that name, fields of the same name joined as in Node: two Origins are no Origin that anybody allowed.
inline std::string joined(const head& from, std::string_view name) {
  headers all;
  for (const field& f : from.fields)
    if (sio::detail::same_letters(f.name, name)) detail::add_field(all, f);
  return std::string(all[name]);
}

/// All of a request but its body, the peer's address and whether it came over TLS.
inline request to_request(const head& from) {
  const split_target target(from.target);
  request out;
  out.method = from.method;
  out.url = from.target;
  out.path = percent_decode(target.path);
  out.query = parse_query(target.query);
  for (const field& f : from.fields) detail::add_field(out.headers, f);
  return out;
}

}  // namespace http
}  // namespace SIO_ABI
}  // namespace sio
