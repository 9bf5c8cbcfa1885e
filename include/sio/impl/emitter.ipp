// Bodies of emitter.hpp.
#pragma once

#include <sio/completion.hpp>
#include <sio/emitter.hpp>
#include <sio/server/surroundings.hpp>

#include <asio/system_executor.hpp>

#include <atomic>

namespace sio {
inline namespace SIO_ABI {

SIO_DECL listener_id detail::next_listener_id() noexcept {
  static std::atomic<listener_id> last{0};
  return ++last;
}

SIO_DECL void detail::check_event_name(std::string_view event) { srv::check_event_name(event); }

SIO_DECL asio::any_io_executor detail::never_empty(asio::any_io_executor executor) {
  if (executor) return executor;
  return asio::system_executor();
}

}  // namespace SIO_ABI
}  // namespace sio
