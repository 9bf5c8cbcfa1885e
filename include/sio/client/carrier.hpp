// What a client's socket needs of its connection.
#pragma once

#include <sio/client/callbacks.hpp>
#include <sio/client_options.hpp>
#include <sio/ends/codec.hpp>

#include <memory>

namespace sio {
inline namespace SIO_ABI {
namespace cln {

class socket;

/// What does not change in the life of a connection. For any thread.
struct ground {
  user_side where;
  std::shared_ptr<const client_options> options;
  std::shared_ptr<const ends::codec> codec;
};

/// On the loop.
class carrier {
 public:
  virtual ~carrier() = default;
  /// A socket wants to be connected: it hears when the connection is open. `still`: it wanted that before.
  virtual void want(socket& s, bool still) = 0;
  /// A socket wants nothing more.
  virtual void leave() = 0;
  virtual void send(const parser::encoded& packet, bool compress) = 0;
  /// Whether what is sent now leaves at once.
  virtual bool writable() const = 0;
  /// Whether the server must be taken for dead, though nobody has noticed yet.
  virtual bool expired() = 0;
};

}  // namespace cln
}  // namespace SIO_ABI
}  // namespace sio
