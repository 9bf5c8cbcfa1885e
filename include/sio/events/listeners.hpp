// The listeners of one emitter: they may be added, removed and cleared while they run.
#pragma once

#include <sio/handler.hpp>

#include <algorithm>
#include <cstdint>
#include <exception>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace events {

/// Runs `f`, the one place where what a user's code throws is caught. Returns what went wrong.
template <class F>
std::optional<std::string> run_user_code(F&& f) {
  try {
    return f();
  } catch (const std::exception& e) {
    return std::string(e.what());
  } catch (...) {
    return std::string("something that is no std::exception was thrown");
  }
}

class listeners {
 public:
  void add(std::string_view event, std::uint64_t id, handler run, bool once) {
    auto found = by_event_.find(event);
    if (found == by_event_.end()) found = by_event_.emplace(std::string(event), list()).first;
    found->second.push_back(std::make_shared<entry>(entry{id, once, std::move(run)}));
  }

  void remove(std::string_view event) {
    remove_if(event, [](const entry&) { return true; });
  }
  void remove(std::string_view event, std::uint64_t id) {
    remove_if(event, [id](const entry& e) { return e.id == id; });
  }
  void clear() {
    for (auto& [event, entries] : by_event_)
      for (const auto& e : entries) e->dead = true;
    bury();
  }

  bool has(std::string_view event) const {
    const auto found = by_event_.find(event);
    return found != by_event_.end() && !found->second.empty();
  }

  /// Calls each listener of `event` that was there when this began. `report` hears what went wrong.
  template <class Report>
  void call(std::string_view event, event_call& what, Report&& report) {
    const auto found = by_event_.find(event);
    if (found == by_event_.end()) return;
    ++running_;
    const std::size_t count = found->second.size();
    for (std::size_t i = 0; i != count; ++i) {
      const std::shared_ptr<entry> e = found->second[i];
      if (e->dead) continue;
      if (e->once) e->dead = some_dead_ = true;
      const auto why_not = run_one(*e, what, i + 1 == count);
      if (why_not) report(*why_not);
    }
    if (--running_ == 0 && some_dead_) sweep();
  }

 private:
  struct entry {
    std::uint64_t id;
    bool once;
    handler run;
    bool dead = false;
  };
  using list = std::vector<std::shared_ptr<entry>>;

  // A handler moves the arguments out: all but the last one get a copy.
  static std::optional<std::string> run_one(entry& e, event_call& what, bool last) {
    if (last) return run_user_code([&] { return e.run(what); });
    event_call copy = what;
    return run_user_code([&] { return e.run(copy); });
  }

  template <class Which>
  void remove_if(std::string_view event, Which&& which) {
    const auto found = by_event_.find(event);
    if (found == by_event_.end()) return;
    for (const auto& e : found->second)
      if (which(*e)) e->dead = true;
    bury();
  }

  // What runs right now is swept out when it has run.
  void bury() {
    some_dead_ = true;
    if (running_ == 0) sweep();
  }

  // What a lambda holds may call anything as it goes, so they go last.
  void sweep() {
    some_dead_ = false;
    list dead;
    for (auto it = by_event_.begin(); it != by_event_.end();) {
      list& entries = it->second;
      const auto rest = std::stable_partition(entries.begin(), entries.end(), [](const auto& e) { return !e->dead; });
      dead.insert(dead.end(), std::make_move_iterator(rest), std::make_move_iterator(entries.end()));
      entries.erase(rest, entries.end());
      it = entries.empty() ? by_event_.erase(it) : std::next(it);
    }
  }

  std::map<std::string, list, std::less<>> by_event_;
  int running_ = 0;
  bool some_dead_ = false;
};

}  // namespace events
}  // namespace SIO_ABI
}  // namespace sio
