// Listeners that are called one after the other: they may be added, removed and cleared while they run.
#pragma once

#include <sio/emitter.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
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

/// Runs a handler of an event; an `ack_error` that it throws is its answer, where one was asked for.
inline std::optional<std::string> run_handler(const handler& run, event_call& what) {
  const ack done = what.done;
  return run_user_code([&]() -> std::optional<std::string> {
    try {
      return run(what);
    } catch (const ack_error& e) {
      if (!done) throw;
      done.fail(e);
      return std::nullopt;
    }
  });
}

/// Copied while it runs, so that each run calls those that were there when it began.
class listener_list {
 public:
  bool empty() const noexcept { return !all_ || all_->empty(); }
  bool has(listener_id id) const noexcept {
    return all_ && std::any_of(all_->begin(), all_->end(), [id](const auto& e) { return e->id == id; });
  }
  std::size_t size() const noexcept { return all_ ? all_->size() : 0; }

  void add(listener_id id, handler run, bool once) {
    list& all = own();
    all.push_back(make(id, std::move(run), once));
  }
  void prepend(listener_id id, handler run) {
    list& all = own();
    all.insert(all.begin(), make(id, std::move(run), false));
  }

  // What a lambda holds may call anything as it goes, so it goes last.
  void remove(listener_id id) {
    if (empty()) return;
    list& all = own();
    const auto rest = std::stable_partition(all.begin(), all.end(), [id](const auto& e) { return e->id != id; });
    const list dead(std::make_move_iterator(rest), std::make_move_iterator(all.end()));
    all.erase(rest, all.end());
    for (const auto& e : dead) e->dead = true;
  }
  /// None of them is called any more, not by what runs right now either.
  void kill() const noexcept {
    if (!all_) return;
    for (const auto& e : *all_) e->dead = true;
  }
  void clear() {
    kill();
    const std::shared_ptr<list> dead = std::exchange(all_, nullptr);
  }

  /// Those that there are now, to be run on another thread.
  listener_list snapshot() const {
    listener_list same;
    if (all_) same.all_ = std::make_shared<list>(*all_);
    return same;
  }

  /// Calls each one. `report` hears what went wrong, `forget` the id of one that wanted one call only.
  template <class Report, class Forget>
  void run(event_call& what, Report&& report, Forget&& forget) const {
    const std::shared_ptr<list> now = all_;
    if (!now) return;
    for (const std::shared_ptr<entry>& e : *now) {
      if (e->once ? e->dead.exchange(true) : e->dead.load()) continue;
      if (e->once) forget(e->id);
      const auto why_not = run_one(*e, what, e == now->back());
      if (why_not) report(*why_not);
    }
  }

 private:
  struct entry {
    listener_id id = 0;
    bool once = false;
    handler run;
    std::atomic<bool> dead{false};  // a snapshot runs on another thread
  };
  using list = std::vector<std::shared_ptr<entry>>;

  static std::shared_ptr<entry> make(listener_id id, handler run, bool once) {
    const auto made = std::make_shared<entry>();
    made->id = id, made->once = once, made->run = std::move(run);
    return made;
  }

  // A handler moves the arguments out: all but the last one get a copy.
  static std::optional<std::string> run_one(entry& e, event_call& what, bool last) {
    if (last) return run_handler(e.run, what);
    event_call copy = what;
    return run_handler(e.run, copy);
  }

  list& own() {
    if (!all_) all_ = std::make_shared<list>();
    if (all_.use_count() != 1) all_ = std::make_shared<list>(*all_);
    return *all_;
  }

  std::shared_ptr<list> all_;
};

}  // namespace events
}  // namespace SIO_ABI
}  // namespace sio
