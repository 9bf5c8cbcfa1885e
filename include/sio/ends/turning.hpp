// Who turns the loop of a server or a client: the host on its own executor, or one thread in `run`.
#pragma once

#include <sio/net/loop.hpp>

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>

#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace ends {

class turning {
 public:
  /// `host` empty: with a context of its own.
  explicit turning(asio::any_io_executor host) {
    if (!host) {
      own_context_ = std::make_unique<asio::io_context>(1);
      work_.emplace(own_context_->get_executor());
      host = own_context_->get_executor();
    }
    loop_ = net::loop::make(std::move(host));
  }

  const std::shared_ptr<net::loop>& loop() const noexcept { return loop_; }

  /// Turns the own loop until `end`. True if nobody needs the server any more.
  bool run() {
    if (!own_context_) throw std::logic_error("sio: this server lives on the host's executor, which the host runs");
    if (!begin()) throw std::logic_error("sio: this server's loop turns already: run is for one thread");
    own_context_->run();
    const std::lock_guard<std::mutex> lock(mutex_);
    turning_ = false;
    return released_;
  }

  void end() {
    work_.reset();
    if (own_context_) own_context_->stop();
  }

  /// No handle is left. True if no thread turns the loop, nor ever will.
  bool release() {
    const std::lock_guard<std::mutex> lock(mutex_);
    released_ = true;
    return own_context_ ? !turning_ : loop_->abandoned();
  }

  /// What waits in a context of its own goes with it, once nobody turns it.
  void dismantle() {
    loop_->abandon();
    if (own_context_ && !turning_) own_context_.reset();
  }

 private:
  bool begin() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return !std::exchange(turning_, true);
  }

  std::unique_ptr<asio::io_context> own_context_;
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> work_;
  std::shared_ptr<net::loop> loop_;
  std::mutex mutex_;
  bool turning_ = false, released_ = false;  // whether a thread is in `run`, whether no handle is left
};

}  // namespace ends
}  // namespace SIO_ABI
}  // namespace sio
