// Who turns a client's loop: the host, or a thread of the client's own, which ends with it.
#pragma once

#include <sio/net/loop.hpp>

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>

#if !defined(_WIN32)
#include <signal.h>
#endif

#include <chrono>
#include <exception>
#include <future>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace cln {

class worker : public std::enable_shared_from_this<worker> {
 public:
  /// `host` empty: with a thread of its own, once it is started.
  static std::shared_ptr<worker> make(asio::any_io_executor host);
  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;
  ~worker() {
    if (context_) loop_->abandon();
  }

  /// Throws std::system_error where no thread can be had.
  void start();

  const std::shared_ptr<net::loop>& loop() const noexcept { return loop_; }
  /// Whether it was made for that host.
  bool lives_on(const asio::any_io_executor& host) const { return host ? loop_->lend_executor() == host : has_thread_; }

  /// Nobody needs the loop any more: what is on it may go on for `linger`, and `user` with it; then it is abandoned.
  /// With a thread of its own this waits until the thread has ended, unless that thread calls it; on a host's loop it
  /// does not wait.
  void finish(std::chrono::milliseconds linger, std::shared_ptr<void> user);
  /// Runs `f` on the loop. With a thread of its own it has run when this returns; on a host's loop it runs soon.
  template <class F>
  void complete(F f);

 private:
  worker() = default;

  void turn();
  void end();

  std::unique_ptr<asio::io_context> context_;  // of its own
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> work_;
  std::shared_ptr<net::loop> loop_;
  std::unique_ptr<net::timer> deadline_;
  std::thread thread_;
  bool has_thread_ = false;
};

// ---- bodies

inline std::shared_ptr<worker> worker::make(asio::any_io_executor host) {
  std::shared_ptr<worker> made(new worker);
  if (host) {
    made->loop_ = net::loop::make(std::move(host));
    return made;
  }
  made->has_thread_ = true;
  made->context_ = std::make_unique<asio::io_context>(1);
  made->work_.emplace(made->context_->get_executor());
  made->loop_ = net::loop::make(made->context_->get_executor());
  return made;
}

// Signals are for the host's threads.
inline void worker::start() {
  if (!context_) return;
#if !defined(_WIN32)
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const std::shared_ptr<void> unblock(nullptr, [&](void*) { pthread_sigmask(SIG_SETMASK, &before, nullptr); });
#endif
  thread_ = std::thread([self = shared_from_this()] { self->turn(); });
}

// The last to hold the worker may be this thread: the context must not go while it runs.
inline void worker::turn() {
  for (bool over = false; !over;) {
    try {
      context_->run();
      over = true;
    } catch (const std::exception&) {  // no memory for one step: what it was for is lost, not the process
    }
  }
  loop_->abandon();
  work_.reset();
  context_.reset();
}

inline void worker::finish(std::chrono::milliseconds linger, std::shared_ptr<void> user) {
  loop_->run([self = shared_from_this(), linger, user = std::move(user)] {
    self->deadline_ = std::make_unique<net::timer>(self->loop_->timers(), [raw = self.get()] { raw->end(); });
    self->deadline_->expires_at(self->loop_->now() + linger);
    self->loop_->when_empty([self, user] { self->end(); });
  });
  if (!thread_.joinable()) return;
  if (thread_.get_id() == std::this_thread::get_id())
    thread_.detach();
  else
    thread_.join();
}

// The promise goes with `f`: an abandoned loop drops it, and nobody waits.
template <class F>
void worker::complete(F f) {
  const auto done = std::make_shared<std::promise<void>>();
  const std::future<void> over = done->get_future();
  loop_->run([f = std::move(f), done = std::move(done)]() mutable {
    f();
    done->set_value();
  });
  if (has_thread_ && !loop_->here()) over.wait();
}

inline void worker::end() {
  deadline_->cancel();
  const auto self = shared_from_this();
  if (!context_) return loop_->abandon();
  loop_->resources().abandon_all();
  context_->stop();
}

}  // namespace cln
}  // namespace SIO_ABI
}  // namespace sio
