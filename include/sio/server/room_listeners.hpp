// Who listens to how the rooms of a namespace come and go: "join-room"(room, id).
#pragma once

#include <sio/adapter.hpp>
#include <sio/events/listeners.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

class room_listeners : public events::listeners {
 public:
  template <class Report>
  void tell(const room_change& c, Report&& report) {
    static constexpr const char* names[] = {"create-room", "join-room", "leave-room", "delete-room"};
    const char* event = names[static_cast<std::size_t>(c.what)];
    event_call what{array{value(c.room)}, {}, nullptr, {}};
    if (!c.id.empty()) what.args.emplace_back(c.id);
    call(event, what, [&](const std::string& why) { report(event, why); });
  }
};

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
