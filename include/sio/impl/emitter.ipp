// Bodies of emitter.hpp.
#pragma once

#include <sio/emitter.hpp>

#include <atomic>

namespace sio {
inline namespace SIO_ABI {

SIO_DECL listener_id detail::next_listener_id() noexcept {
  static std::atomic<listener_id> last{0};
  return ++last;
}

}  // namespace SIO_ABI
}  // namespace sio
