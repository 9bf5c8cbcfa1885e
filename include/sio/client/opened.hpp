// Who hears how an attempt to open a connection went.
#pragma once

#include <sio/config.hpp>

#include <functional>
#include <string>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace cln {

/// Called with a sentence if it went wrong.
using opened = std::function<void(std::string)>;

/// Calls both, the first one first; either may be empty.
inline opened both(opened first, opened second) {
  if (!first || !second) return first ? first : second;
  return [first = std::move(first), second = std::move(second)](const std::string& why_not) {
    first(why_not);
    second(why_not);
  };
}

}  // namespace cln
}  // namespace SIO_ABI
}  // namespace sio
