// The connections of this process that further clients may share (JS: the cache of `io(url)`).
#pragma once

#include <sio/client/manager.hpp>

#include <algorithm>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace cln {

class registry {
 public:
  /// Never dies: a client may outlive `main`.
  static registry& instance() {
    static auto* const one = new registry;
    return *one;
  }

  /// A socket for a first handle: over a connection to the same server, if that is wanted and its namespace is free
  /// there, else over a new one.
  std::shared_ptr<socket> join(asio::any_io_executor host, const http::url& url, client_options options) {
    const bool shares = options.multiplex && !options.force_new;
    if (!shares) return first_of(make(std::move(host), url, std::move(options)), url.path);
    const std::string key = url.scheme + "://" + http::host_header(url) + options.path + '\n' + options.unix_path;
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto gone = [](const entry& e) { return e.manager.expired(); };
    entries_.erase(std::remove_if(entries_.begin(), entries_.end(), gone), entries_.end());
    for (const entry& e : entries_)
      if (e.key == key)
        if (auto s = share(e.manager.lock(), host, url.path, options.auth)) return s;
    const auto made = make(std::move(host), url, std::move(options));
    entries_.push_back({key, made});
    return first_of(made, url.path);
  }

 private:
  struct entry {
    std::string key;
    std::weak_ptr<cln::manager> manager;
  };

  static std::shared_ptr<manager> make(asio::any_io_executor host, const http::url& url, client_options options) {
    return manager::make(std::move(host), url, std::move(options));
  }
  static std::shared_ptr<socket> first_of(const std::shared_ptr<manager>& m, const std::string& nsp) {
    m->counted().add();
    return m->sockets().take_free(nsp, [&] { return m->make_socket(nsp); });
  }
  static std::shared_ptr<socket> share(const std::shared_ptr<manager>& m, const asio::any_io_executor& host,
                                       const std::string& nsp, const sio::auth& shown) {
    if (!m || !m->worker()->lives_on(host) || !m->counted().add_another()) return nullptr;
    auto s = m->sockets().take_free(nsp, [&] { return m->make_socket(nsp, shown); });
    if (!s && m->counted().remove()) m->release();
    return s;
  }

  std::mutex mutex_;
  std::vector<entry> entries_;
};

}  // namespace cln
}  // namespace SIO_ABI
}  // namespace sio
