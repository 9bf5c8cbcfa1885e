// One shard's event loop: an executor, its timers, its read buffer, and what is to be written at the end of a turn.
#pragma once

#include <sio/net/resource.hpp>
#include <sio/net/timers.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/error.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <asio/strand.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace net {

/// What collects output during a turn and writes it at the turn's end.
class flushable {
 public:
  virtual ~flushable() = default;
  virtual void flush() = 0;
  /// Its flush threw: there is no memory. It is lost, not the process.
  virtual void lose() noexcept = 0;

 private:
  friend class loop;
  bool marked_ = false;
};

class loop : public std::enable_shared_from_this<loop> {
 public:
  static std::shared_ptr<loop> make(asio::any_io_executor executor);

  /// Empty once abandoned.
  const asio::any_io_executor& executor() const noexcept { return executor_; }
  /// The same for any thread.
  asio::any_io_executor lend_executor() const {
    const std::lock_guard<std::recursive_mutex> lock(posting_);
    return executor_;
  }
  net::timers& timers() noexcept { return timers_; }
  time_point now() const noexcept { return clock::now() + ahead_; }
  /// Makes it later, for tests with a made-up clock; to be called outside of a turn.
  void let_pass(clock::duration time) {
    ahead_ += time;
    turn now(*this);
    timers_.fire(this->now());
  }

  /// One buffer for all reads: an idle connection holds none. A handler that turns its context lets others read, too:
  /// they get a buffer of their own.
  class read_buffer {
   public:
    static constexpr std::size_t size = 64 * 1024;
    explicit read_buffer(loop& l) : loop_(l), bytes_(std::exchange(l.read_buffer_, {})) { bytes_.resize(size); }
    read_buffer(const read_buffer&) = delete;
    read_buffer& operator=(const read_buffer&) = delete;
    ~read_buffer() { loop_.read_buffer_ = std::move(bytes_); }
    char* data() noexcept { return bytes_.data(); }

   private:
    loop& loop_;
    std::vector<char> bytes_;
  };

  /// Whether the caller runs on this loop, and may touch what lives on it.
  bool here() const { return current() == this || runs_executor(); }

  /// Runs `f` on this loop: at once if the caller is on it, else as soon as it turns. Dropped once abandoned.
  template <class F>
  void run(F f);
  /// Runs `f` on this loop, never before the caller returns.
  template <class F>
  void post(F f);

  /// Calls `what->flush()` at the end of this turn, once.
  void mark(const std::shared_ptr<flushable>& what);

  /// Keeps `dead` until the turn ends: what is on the stack may still be using it.
  void bury(std::shared_ptr<void> dead) { graves_.push_back(std::move(dead)); }

  /// Points to the same; wherever the last copy goes, what it pointed to goes on this loop.
  template <class T>
  std::shared_ptr<T> at_home(std::shared_ptr<T> what);

  /// Calls `f` at the end of the turn after which no resource is left.
  void when_empty(std::function<void()> f) { when_empty_ = std::move(f); }

  resource_list& resources() noexcept { return resources_; }
  /// Closes every descriptor at once, and nothing runs on this loop any more.
  void abandon() noexcept;
  bool abandoned() const noexcept { return abandoned_.load(std::memory_order_acquire); }

  /// One entry from the executor: what was marked is flushed when the outermost turn ends.
  class turn {
   public:
    explicit turn(loop& l) : loop_(l.shared_from_this()), outer_(std::exchange(current(), &l)) { ++l.depth_; }
    turn(const turn&) = delete;
    turn& operator=(const turn&) = delete;
    ~turn() {
      if (loop_->depth_ == 1) loop_->end_turn();
      --loop_->depth_;
      current() = outer_;
    }

   private:
    std::shared_ptr<loop> loop_;
    loop* outer_;
  };

 private:
  explicit loop(asio::any_io_executor executor) : executor_(std::move(executor)), alarm_(std::in_place, executor_) {}

  static loop*& current() noexcept {
    static thread_local loop* running = nullptr;
    return running;
  }
  bool runs_executor() const;
  void end_turn();
  static void flush(flushable& what) noexcept;
  void empty_graves() noexcept;
  void arm();

  asio::any_io_executor executor_;
  net::timers timers_;
  std::optional<asio::steady_timer> alarm_;
  time_point armed_for_ = time_point::max();
  std::vector<std::shared_ptr<flushable>> marked_, flushing_;
  std::vector<std::shared_ptr<void>> graves_;
  resource_list resources_;
  std::function<void()> when_empty_;
  std::vector<char> read_buffer_;
  mutable std::recursive_mutex posting_;  // a post may drop what it was given, and that may call anything
  std::atomic<bool> abandoned_{false};
  clock::duration ahead_{};
  int depth_ = 0;
};

/// Abandons the loops of an execution context before the context's services die under them.
class loop_keeper : public asio::execution_context::service {
 public:
  inline static asio::execution_context::id id;

  explicit loop_keeper(asio::execution_context& context) : service(context) {}

  void add(const std::shared_ptr<loop>& l) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto gone = [](const std::weak_ptr<loop>& old) { return old.expired(); };
    loops_.erase(std::remove_if(loops_.begin(), loops_.end(), gone), loops_.end());
    loops_.push_back(l);
  }

 private:
  void shutdown() override {
    for (const std::weak_ptr<loop>& l : std::exchange(loops_, {}))
      if (const auto alive = l.lock()) alive->abandon();
  }

  std::mutex mutex_;
  std::vector<std::weak_ptr<loop>> loops_;
};

// ---- bodies

inline std::shared_ptr<loop> loop::make(asio::any_io_executor executor) {
  std::shared_ptr<loop> made(new loop(std::move(executor)));
  asio::execution_context& context = asio::query(made->executor_, asio::execution::context);
  asio::use_service<loop_keeper>(context).add(made);
  return made;
}

inline bool loop::runs_executor() const {
  const std::lock_guard<std::recursive_mutex> lock(posting_);
  if (abandoned()) return false;
  using io_executor = asio::io_context::executor_type;
  if (const auto* plain = executor_.target<io_executor>()) return plain->running_in_this_thread();
  if (const auto* strand = executor_.target<asio::strand<io_executor>>()) return strand->running_in_this_thread();
  if (const auto* strand = executor_.target<asio::strand<asio::any_io_executor>>())
    return strand->running_in_this_thread();
  return false;
}

template <class F>
void loop::run(F f) {
  if (!here()) return post(std::move(f));
  if (abandoned()) return;
  turn now(*this);
  f();
}

template <class F>
void loop::post(F f) {
  const auto alive = shared_from_this();                       // what is posted may let go of it at once
  const std::lock_guard<std::recursive_mutex> lock(posting_);  // against `abandon`: an abandoned context takes no posts
  if (abandoned()) return;
  asio::post(executor_, [self = alive, f = std::move(f)]() mutable {
    if (self->abandoned()) return;
    turn now(*self);
    f();
  });
}

inline void loop::mark(const std::shared_ptr<flushable>& what) {
  if (what->marked_) return;
  what->marked_ = true;
  marked_.push_back(what);
}

inline void loop::end_turn() {
  while (!marked_.empty()) {
    flushing_.swap(marked_);
    for (const auto& what : flushing_) {
      what->marked_ = false;
      flush(*what);
    }
    flushing_.clear();
    empty_graves();
  }
  empty_graves();
  if (resources_.empty() && when_empty_) std::exchange(when_empty_, nullptr)();
  if (!abandoned()) arm();
}

inline void loop::flush(flushable& what) noexcept {
  try {
    what.flush();
  } catch (const std::exception&) {
    what.lose();
  }
}

// What dies may bury more.
inline void loop::empty_graves() noexcept {
  while (!graves_.empty()) std::exchange(graves_, {});
}

// Dropped within a turn, so that what dies may bury.
template <class T>
std::shared_ptr<T> loop::at_home(std::shared_ptr<T> what) {
  T* const raw = what.get();
  return {raw, [self = shared_from_this(), what = std::move(what)](T*) mutable {
            self->run([dying = std::move(what)]() mutable { dying = nullptr; });
          }};
}

inline void loop::arm() {
  const time_point due = timers_.next();
  if (due == time_point::max() && armed_for_ != due) alarm_->cancel(), armed_for_ = due;  // keeps no host's loop alive
  if (due >= armed_for_) return;  // set anew when it rings early
  armed_for_ = due;
  alarm_->expires_at(due - ahead_);
  alarm_->async_wait([weak = weak_from_this()](const std::error_code& ec) {
    const auto self = weak.lock();
    if (ec || !self || self->abandoned()) return;
    turn now(*self);
    self->armed_for_ = time_point::max();
    self->timers_.fire(self->now());
  });
}

// A strand's executor must not outlive its context, so it goes as well.
inline void loop::abandon() noexcept {
  asio::any_io_executor dying;
  {
    const std::lock_guard<std::recursive_mutex> lock(posting_);
    abandoned_.store(true, std::memory_order_release);
    std::swap(dying, executor_);
  }
  resources_.abandon_all();
  alarm_.reset();
  timers_.forget();
  marked_.clear();
  when_empty_ = nullptr;
  if (depth_ == 0) empty_graves();
}

}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio
