// Whether a client has the answer already: If-None-Match against an entity tag (RFC 9110 §13.1.2).
//
//   If-None-Match: W/"4.8.3", "4.8.4"   with ETag: "4.8.4"  -> 304
#pragma once

#include <sio/http/chars.hpp>

#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace http {

/// Whether `condition` is `*` or lists `tag` (quoted), weak or not.
inline bool matches_tag(std::string_view condition, std::string_view tag) {
  const auto strong = [](std::string_view one) { return one.substr(0, 2) == "W/" ? one.substr(2) : one; };
  if (trimmed(condition) == "*") return true;
  bool found = false;
  each_element(condition, [&](std::string_view one) { found |= strong(one) == strong(tag); });
  return found;
}

}  // namespace http
}  // namespace SIO_ABI
}  // namespace sio
