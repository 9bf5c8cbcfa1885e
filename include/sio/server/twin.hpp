// One client on two connections: the one that it came from, and the one that it came back on.
#pragma once

#include <sio/error.hpp>
#include <sio/server/socket.hpp>

#include <memory>
#include <string>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

// It may be here before we noticed that it had left: then its older connection is dead.
inline void end_twin(srv::audience& all, const std::string& pid) {
  const auto found = all.by_pid().find(pid);
  if (found == all.by_pid().end()) return;
  const auto twin = static_cast<socket*>(found->second)->shared_from_this();
  const std::shared_ptr<link> old = twin->where().link;
  twin->end(reason::forced_close, "the client came back on another connection");
  old->discard();
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
