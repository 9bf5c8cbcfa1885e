// What a server's socket needs of the rest of the server.
#pragma once

#include <sio/adapter.hpp>
#include <sio/ends/log.hpp>
#include <sio/events/listeners.hpp>
#include <sio/parser/packet.hpp>
#include <sio/server/audience.hpp>
#include <sio/server/link.hpp>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

class nsp;

/// Who is told when a socket leaves, and can take all sockets of a connection along.
class socket_owner {
 public:
  virtual ~socket_owner() = default;
  virtual void on_left(const std::string& nsp) = 0;
  virtual void disconnect_all() = 0;
};

struct surroundings {
  std::shared_ptr<net::loop> loop;
  std::shared_ptr<srv::audience> audience;
  std::shared_ptr<sio::adapter> adapter;
  std::shared_ptr<srv::link> link;
  std::weak_ptr<socket_owner> owner;
  std::shared_ptr<const ends::log> log;
  std::shared_ptr<srv::nsp> nsp;
  std::shared_ptr<void> place;  ///< in the namespace, where that counts who is there
};

/// A broadcast whose bytes are made only now: a value that cannot be written is reported, for its caller is gone.
template <class Report>
void broadcast_later(sio::adapter& by, event_packet packet, const broadcast_options& to, Report&& report) {
  const std::string event = packet.event();
  const auto why_not = events::run_user_code(
      [&]() -> std::optional<std::string> { return by.broadcast(std::move(packet), to), std::nullopt; });
  if (why_not) report(event + ": " + *why_not);
}

/// Throws where JS does: these names are the library's own.
inline void check_event_name(std::string_view event) {
  if (parser::reserved_event(event))
    throw std::invalid_argument("\"" + std::string(event) + "\" is a reserved event name");
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
