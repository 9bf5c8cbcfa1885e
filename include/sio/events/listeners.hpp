// The listeners of one emitter, by the names of their events.
#pragma once

#include <sio/events/listener_list.hpp>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace events {

class listeners {
 public:
  void add(std::string_view event, listener_id id, handler run, bool once) {
    auto found = by_event_.find(event);
    if (found == by_event_.end()) found = by_event_.emplace(std::string(event), listener_list()).first;
    found->second.add(id, std::move(run), once);
  }

  void remove(std::string_view event) {
    const auto found = by_event_.find(event);
    if (found == by_event_.end()) return;
    const listener_list dead = std::move(found->second);
    by_event_.erase(found);
    dead.kill();
  }
  void remove(std::string_view event, listener_id id) {
    const auto found = by_event_.find(event);
    if (found == by_event_.end()) return;
    if (found->second.size() == 1 && found->second.has(id)) return remove(event);
    found->second.remove(id);
  }
  void clear() {
    const auto dead = std::exchange(by_event_, {});
    for (const auto& [event, list] : dead) list.kill();
  }

  bool has(std::string_view event) const { return by_event_.find(event) != by_event_.end(); }
  std::size_t count(std::string_view event) const {
    const auto found = by_event_.find(event);
    return found == by_event_.end() ? 0 : found->second.size();
  }

  listener_list of(std::string_view event) const {
    const auto found = by_event_.find(event);
    return found == by_event_.end() ? listener_list() : found->second;
  }
  /// Those of `event` that there are now, to be run on another thread.
  listener_list snapshot(std::string_view event) const { return of(event).snapshot(); }

  /// Calls each listener of `event` that was there when this began. `report` hears what went wrong.
  template <class Report>
  void call(std::string_view event, event_call& what, Report&& report) {
    const auto found = by_event_.find(event);
    if (found == by_event_.end()) return;
    const listener_list now = found->second;
    what.event = event;
    now.run(what, report, [&](listener_id id) { remove(event, id); });
  }

 private:
  std::map<std::string, listener_list, std::less<>> by_event_;
};

}  // namespace events
}  // namespace SIO_ABI
}  // namespace sio
