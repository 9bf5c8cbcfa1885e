// A client under test: all that it hears is written down, and a test waits for it by name.
#pragma once

#include <sio/json/writer.hpp>
#include <sio/sio.hpp>
#include <support/catch.hpp>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace test {

/// No wait is longer; one that comes to nothing throws std::runtime_error.
inline constexpr std::chrono::seconds patience{30};

/// How a client and a server can speak.
enum class way { polling, websocket, upgrade };

/// Quick to come back, silent, and whatever the environment says about proxies is not meant for tests.
inline sio::client_options by(way w, sio::client_options o = {}) {
  o.proxy.from_environment = false;
  if (w == way::polling) o.transports = {sio::transport::polling};
  if (w == way::websocket) o.transports = {sio::transport::websocket};
  o.reconnection_delay = o.reconnection_delay_max = std::chrono::milliseconds(20);
  if (!o.log) o.log = [](sio::log_level, std::string_view) {};
  return o;
}

/// What happened, in its order. For any thread.
class heard {
 public:
  struct event {
    std::string name;
    sio::array arguments;
  };

  void note(std::string name, sio::array arguments = {}) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      names_.push_back(name);
      untaken_.push_back({std::move(name), std::move(arguments)});
    }
    changed_.notify_all();
  }
  /// Waits for the first one of that name that was not taken yet, and takes it: its arguments.
  sio::array expect(std::string_view name) {
    std::unique_lock<std::mutex> lock(mutex_);
    auto found = untaken_.end();
    const bool came = changed_.wait_for(lock, patience, [&] { return (found = find(name)) != untaken_.end(); });
    if (!came) throw std::runtime_error("waited in vain for " + std::string(name) + "; heard: " + told());
    sio::array taken = std::move(found->arguments);
    untaken_.erase(found);
    return taken;
  }
  /// The same as JSON: `["world",1]`.
  std::string expect_text(std::string_view name) { return sio::json::to_text(sio::value(expect(name))); }
  /// Waits until so many have come, taken or not.
  void expect_count(std::string_view name, std::size_t n) {
    std::unique_lock<std::mutex> lock(mutex_);
    if (!changed_.wait_for(lock, patience, [&] { return counted(name) >= n; }))
      throw std::runtime_error("waited in vain for more " + std::string(name) + "; heard: " + told());
  }
  std::size_t count(std::string_view name) const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return counted(name);
  }
  /// All names so far.
  std::vector<std::string> names() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return names_;
  }

 private:
  std::deque<event>::iterator find(std::string_view name) {
    return std::find_if(untaken_.begin(), untaken_.end(), [name](const event& e) { return e.name == name; });
  }
  std::size_t counted(std::string_view name) const {
    return static_cast<std::size_t>(std::count(names_.begin(), names_.end(), name));
  }
  std::string told() const {
    std::string all;
    for (std::size_t i = names_.size() > 30 ? names_.size() - 30 : 0; i != names_.size(); ++i) all += names_[i] + ' ';
    for (const event& e : untaken_)
      if (e.name == "connect_error" || e.name == "error") all += sio::json::to_text(sio::value(e.arguments));
    return all;
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<event> untaken_;
  std::vector<std::string> names_;
};

/// A client, and all that it hears: events from the server, its own, and with "manager " before their names those of
/// its connection.
class guest {
 public:
  /// Not connected yet: a test says `io.connect()`.
  explicit guest(const std::string& url, sio::client_options o = by(way::upgrade))
      : guest(sio::client(url, std::move(o))) {}
  explicit guest(sio::client made) : io(std::move(made)) {
    io.on_any([h = all](std::string name, sio::array arguments) { h->note(std::move(name), std::move(arguments)); });
    for (const char* name : {"connect", "disconnect", "connect_error", "error"})
      io.on(name, [h = all, name](sio::array arguments) { h->note(name, std::move(arguments)); });
    for (const char* name : {"open", "error", "ping", "packet", "close", "reconnect_attempt", "reconnect_error",
                             "reconnect_failed", "reconnect", "upgrade", "upgrade_error"})
      io.manager().on(name, [h = all, full = std::string("manager ") + name](sio::array arguments) {
        h->note(full, std::move(arguments));
      });
  }

  sio::array expect(std::string_view name) const { return all->expect(name); }
  std::string expect_text(std::string_view name) const { return all->expect_text(name); }
  /// Connects, and returns when it is.
  void enter() const {
    io.connect();
    expect("connect");
  }
  /// Emits, and waits for the acknowledgement: its arguments as JSON, or the error in words.
  template <class... A>
  std::string ask(const std::string& event, A&&... a) const {
    io.emit(event, std::forward<A>(a)..., [h = all](sio::error_code ec, sio::array answer) {
      ec ? h->note("answer", {sio::value(ec.message())}) : h->note("answer", std::move(answer));
    });
    return expect_text("answer");
  }

  std::shared_ptr<heard> all = std::make_shared<heard>();
  sio::client io;
};

}  // namespace test

/// A check that fails shows JSON.
template <>
struct Catch::StringMaker<sio::value> {
  static std::string convert(const sio::value& v) { return sio::json::to_text(v); }
};
