// What a host's own session id may be.
#pragma once

#include <sio/http/chars.hpp>

#include <cstddef>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

inline constexpr std::size_t max_session_id_size = 128;

/// Whether an id may stand in a URL and in a cookie as it is: letters, digits and -._~ (RFC 3986 §2.3).
inline bool is_session_id(std::string_view id) noexcept {
  if (id.empty() || id.size() > max_session_id_size) return false;
  for (const char c : id)
    if (!http::detail::alphanumeric(c) && !http::detail::one_of(c, "-._~")) return false;
  return true;
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
