// How a server is emptied before it is closed.
#pragma once

#include <sio/value.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

namespace sio {
inline namespace SIO_ABI {

struct drain_options {
  /// Emitted first, to every socket of every namespace, with these arguments; empty: nothing is emitted.
  std::string event;
  array arguments;
  /// How long after the last client was sent away a slow one may take to receive what was sent to it.
  std::chrono::milliseconds linger{10'000};
};

/// How far a drain has come.
struct drain_progress {
  std::size_t connections = 0;  ///< clients that are still there, or still receive their last bytes
  std::size_t bytes = 0;        ///< that wait to be sent
  bool over = false;            ///< the server is closed; the last that is told
};

/// Called on the server's loop.
using drain_report = std::function<void(const drain_progress&)>;

}  // namespace SIO_ABI
}  // namespace sio
