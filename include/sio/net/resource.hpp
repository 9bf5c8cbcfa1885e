// What a loop knows of what lives on it: who wants to write, and who holds a descriptor.
#pragma once

#include <sio/config.hpp>

namespace sio {
inline namespace SIO_ABI {
namespace net {

class loop;

/// What collects output during a turn and writes it at the turn's end.
class flushable {
 public:
  virtual ~flushable() = default;
  virtual void flush() = 0;

 private:
  friend class loop;
  bool marked_ = false;
};

/// What must let go of its descriptors before the execution context dies. Linked into its loop's list.
class resource {
 public:
  virtual ~resource() = default;
  virtual void abandon() noexcept = 0;
  /// The server closes: come to an end soon.
  virtual void hurry() {}

 private:
  friend class loop;
  resource* before_ = nullptr;
  resource* after_ = nullptr;
  bool listed_ = false;  // so that what is long out of the list may die on any thread
};

}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio
