// Asks the system for the addresses of a name, on threads that nobody ever waits for: a name server may take its time.
#pragma once

#include <sio/net/dial_step.hpp>
#include <sio/net/loop.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>

#include <algorithm>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace net {

using addresses = std::vector<asio::ip::address>;
/// Blocks until it knows.
using lookup_function = std::function<addresses(const std::string& host, std::error_code& ec)>;

inline constexpr std::size_t max_addresses = 32;  ///< of one name

inline addresses ask_system(const std::string& host, std::error_code& ec) {
  asio::io_context alone;
  asio::ip::tcp::resolver resolver(alone);
  addresses found;
  for (const auto& entry : resolver.resolve(host, "", ec)) {
    const asio::ip::address one = entry.endpoint().address();
    if (found.size() != max_addresses && std::find(found.begin(), found.end(), one) == found.end())
      found.push_back(one);
  }
  return found;
}

/// The threads of all lookups of the process: few, and gone when there is nothing to look up.
class lookup_threads {
 public:
  /// Never dies: a thread may outlive `main`.
  static lookup_threads& all() {
    static auto* const made = new lookup_threads;
    return *made;
  }
  /// Throws std::system_error if there can be no thread.
  void add(std::function<void()> job) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (running_ != most) start_one();
    waiting_.push_back(std::move(job));
  }

 private:
  static constexpr unsigned most = 8;

  void start_one() {
    try {
      std::thread([this] { work(); }).detach();
      ++running_;
    } catch (const std::system_error&) {
      if (running_ == 0) throw;
    }
  }

  void work() {
    std::unique_lock<std::mutex> lock(mutex_);
    for (; !waiting_.empty(); lock.lock()) {
      auto job = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      job();
      job = nullptr;  // without the lock
    }
    --running_;
  }

  std::mutex mutex_;
  std::deque<std::function<void()>> waiting_;
  unsigned running_ = 0;
};

class name_lookup final : public dial_step, public std::enable_shared_from_this<name_lookup> {
 public:
  using report = std::function<void(addresses, const std::error_code&)>;

  name_lookup(std::shared_ptr<net::loop> l, std::string host, lookup_function ask, report done)
      : way_back_(std::make_shared<way_back>()), host_(std::move(host)), ask_(std::move(ask)), done_(std::move(done)) {
    way_back_->open(std::move(l));
  }
  ~name_lookup() override { way_back_->shut(); }

  /// Throws std::system_error if there can be no thread.
  void start() {
    lookup_threads::all().add([back = way_back_, weak = weak_from_this(), host = host_, ask = ask_] {
      std::error_code ec;
      addresses found = back->is_open() ? ask(host, ec) : addresses();
      back->go([weak, found = std::move(found), ec] {
        if (const auto self = weak.lock()) self->tell(found, ec);
      });
    });
  }
  void cancel() noexcept override {
    way_back_->shut();
    const report dying = std::exchange(done_, nullptr);  // what it holds may hold this
  }
  std::string too_late() const override { return "cannot find " + host_ + ": its name server did not answer in time"; }

 private:
  // From a thread to the loop. The thread must not be the last to hold the loop, which may die with its context.
  struct way_back {
    void open(std::shared_ptr<net::loop> l) {
      loop = std::move(l);
      work.emplace(loop->executor());
    }
    bool is_open() {
      const std::lock_guard<std::mutex> lock(mutex);
      return loop != nullptr;
    }
    template <class F>
    void go(F f) {
      const std::lock_guard<std::mutex> lock(mutex);
      if (loop) loop->post(std::move(f));
    }
    void shut() noexcept {
      const std::lock_guard<std::mutex> lock(mutex);
      work.reset();
      loop = nullptr;
    }
    std::mutex mutex;
    std::shared_ptr<net::loop> loop;
    std::optional<asio::executor_work_guard<asio::any_io_executor>> work;  // the context has something to wait for
  };

  void tell(addresses found, const std::error_code& ec) {
    way_back_->shut();
    if (const report done = std::exchange(done_, nullptr)) done(std::move(found), ec);
  }

  std::shared_ptr<way_back> way_back_;
  std::string host_;
  lookup_function ask_;
  report done_;
};

}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio
