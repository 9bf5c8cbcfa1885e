// What the main thread waits for, while the client has one of its own: lines that were typed, and an end.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <istream>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

namespace tool {

/// Calls may be made from any thread.
class inbox {
 public:
  using clock = std::chrono::steady_clock;

  void line(std::string text) {
    change([&] { lines_.push_back(std::move(text)); });
  }
  void end_of_lines() {
    change([&] { all_lines_ = true; });
  }
  /// The program's exit code; the first one counts.
  void end(int code) {
    change([&] {
      if (!code_) code_ = code;
    });
  }
  /// Something happened that a condition looks at.
  void wake() {
    change([] {});
  }

  std::optional<int> code() const {
    const std::lock_guard lock(mutex_);
    return code_;
  }

  /// The next line; nothing once there are no more, or there is an exit code.
  std::optional<std::string> next_line() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return code_ || all_lines_ || !lines_.empty(); });
    if (code_ || lines_.empty()) return std::nullopt;
    std::string first = std::move(lines_.front());
    lines_.pop_front();
    return first;
  }

  /// Waits for an exit code; `otherwise` if there is none in time. Without a time it waits for ever.
  int wait_for_end(std::optional<std::chrono::milliseconds> most, int otherwise) {
    return wait_until_so(
        most, [] { return false; }, otherwise);
  }

  /// The same; 0 as soon as `so` holds.
  template <class Condition>
  int wait_until_so(std::optional<std::chrono::milliseconds> most, Condition so, int otherwise) {
    std::unique_lock lock(mutex_);
    const auto over = [&] { return code_ || so(); };
    if (most)
      changed_.wait_for(lock, *most, over);
    else
      changed_.wait(lock, over);
    if (code_) return *code_;
    return so() ? 0 : otherwise;
  }

 private:
  template <class Change>
  void change(Change f) {
    const std::lock_guard lock(mutex_);
    f();
    changed_.notify_all();
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> lines_;
  std::optional<int> code_;
  bool all_lines_ = false;
};

/// Reads on a thread of its own, which nothing can wake: it may stay behind when the program ends.
inline void read_lines(std::istream& from, const std::shared_ptr<inbox>& to) {
  std::thread([&from, to] {
    for (std::string text; std::getline(from, text);) to->line(std::move(text));
    to->end_of_lines();
  }).detach();
}

}  // namespace tool
