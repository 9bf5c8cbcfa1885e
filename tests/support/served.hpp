// Servers under test, on a thread of their own, and how a test waits: for a condition, never for a time.
#pragma once

#include <sio/sio.hpp>

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#if defined(__has_feature)
#define SIO_HAS_FEATURE(x) __has_feature(x)
#else
#define SIO_HAS_FEATURE(x) 0
#endif

namespace served {

#if defined(__SANITIZE_ADDRESS__) || SIO_HAS_FEATURE(address_sanitizer)
inline constexpr bool address_sanitizer = true;
#else
inline constexpr bool address_sanitizer = false;
#endif
#if defined(__SANITIZE_THREAD__) || SIO_HAS_FEATURE(thread_sanitizer)
inline constexpr bool thread_sanitizer = true;
#else
inline constexpr bool thread_sanitizer = false;
#endif

using namespace std::chrono_literals;

/// Whether `condition` became true in time.
template <class Condition>
bool eventually(Condition&& condition, std::chrono::milliseconds patience = 20s) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(1ms);
  }
  return true;
}

/// What handlers noted, from any thread.
class notes {
 public:
  void add(std::string line) {
    const std::lock_guard<std::mutex> lock(mutex_);
    lines_.push_back(std::move(line));
  }
  std::vector<std::string> all() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return lines_;
  }
  std::size_t size() const { return all().size(); }
  bool has(const std::string& line) const {
    for (const std::string& l : all())
      if (l == line) return true;
    return false;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
};

/// Options of a server that says nothing.
inline sio::server_options quiet() {
  sio::server_options o;
  o.log = [](sio::log_level, std::string_view) {};
  return o;
}

/// A host's io_context, turned by some threads until it is told to stop.
class host {
 public:
  explicit host(int threads = 1) : context(threads), work_(context.get_executor()) {
    for (int i = 0; i != threads; ++i) threads_.emplace_back([this] { context.run(); });
  }
  ~host() { stop(); }
  /// Lets what is under way come to its end.
  void finish() {
    work_.reset();
    join();
  }
  void stop() {
    work_.reset();
    context.stop();
    join();
  }

  asio::io_context context;

 private:
  void join() {
    for (std::thread& t : threads_) t.join();
    threads_.clear();
  }
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::vector<std::thread> threads_;
};

/// A server with its own loop, turned by a thread.
class own_loop {
 public:
  explicit own_loop(sio::server_options o = quiet()) : io(std::in_place, std::move(o)) {}
  ~own_loop() { end(); }
  /// For who inherits: before what the handlers use goes.
  void end() {
    if (io) io->stop();
    join();
  }
  unsigned short start() {
    io->listen("127.0.0.1", 0);
    const unsigned short port = io->port();
    thread_ = std::thread([this] { io->run(); });
    return port;
  }
  void join() {
    if (thread_.joinable()) thread_.join();
  }

  std::optional<sio::server> io;

 private:
  std::thread thread_;
};

}  // namespace served
