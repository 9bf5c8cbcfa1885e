// Attachments back in their places: {"_placeholder":true,"num":0} -> the first binary.
#pragma once

#include <sio/config.hpp>
#include <sio/value.hpp>

#include <cmath>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace parser {
namespace detail {

inline bool is_placeholder(const object& o) noexcept {
  const value* mark = o.find("_placeholder");
  return mark && mark->if_bool() && *mark->if_bool();
}

// JS looks up an attachment 0.5 too and finds undefined; 1.0 is 1.
inline const binary* named_attachment(const value& num, const std::vector<binary>& attachments) noexcept {
  const std::optional<double> n = num.if_number();
  if (!n || !(*n >= 0) || *n >= static_cast<double>(attachments.size()) || std::floor(*n) != *n) return nullptr;
  return &attachments[static_cast<std::size_t>(*n)];
}

}  // namespace detail

/// Puts the attachments in the places of their placeholders; false if a placeholder names none of them. Recurses as
/// deep as `v` nests, which `json::parse` bounds.
inline bool fill_placeholders(value& v, const std::vector<binary>& attachments) {
  if (array* a = v.if_array()) {
    for (value& element : *a)
      if (!fill_placeholders(element, attachments)) return false;
    return true;
  }
  object* o = v.if_object();
  if (!o) return true;
  if (detail::is_placeholder(*o)) {
    const binary* found = detail::named_attachment(std::as_const(*o)["num"], attachments);
    if (found) v = value(*found);
    return found != nullptr;
  }
  for (object::member& m : *o)
    if (!fill_placeholders(m.second, attachments)) return false;
  return true;
}

}  // namespace parser
}  // namespace SIO_ABI
}  // namespace sio
