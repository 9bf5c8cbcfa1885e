// The HTTP requests of one client to one server, over connections that are kept for the next ones.
#pragma once

#include <sio/net/http_exchange.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace net {

/// Lives on a loop, and is called there. Each request has a connection of its own while it waits for its answer: who
/// polls and posts at a time has two.
class http_client {
 public:
  /// `host` is what the field Host says.
  http_client(std::shared_ptr<net::loop> l, route to, std::string host, const http_client_limits& limits = {})
      : pool_(std::make_shared<http_pool>(std::move(l), std::move(to), limits)), host_(std::move(host)) {}
  http_client(const http_client&) = delete;
  http_client& operator=(const http_client&) = delete;
  ~http_client() { close(); }

  /// `done` is called once, after this has returned, unless the exchange is cancelled or the loop abandoned. Throws
  /// std::invalid_argument for a request that cannot be sent: a target that is no path, a header with a line break.
  std::shared_ptr<exchange> send(http_request what, exchange::report done);

  /// Cancels all that is under way, and closes every connection.
  void close() noexcept;

 private:
  std::shared_ptr<http_pool> pool_;
  std::string host_;
  std::vector<std::weak_ptr<exchange>> under_way_;
};

// ---- bodies

inline std::shared_ptr<exchange> http_client::send(http_request what, exchange::report done) {
  const bool has_body = !what.body.empty() || what.method == "POST" || what.method == "PUT";
  call wanted;
  wanted.head = http::request_head(what.method, what.target, host_, what.fields,
                                   has_body ? std::optional(what.body.size()) : std::nullopt);
  wanted.to_head = what.method == "HEAD";
  if (!what.body.empty()) wanted.body = std::make_shared<const std::string>(std::move(what.body));
  auto made = std::make_shared<exchange>(pool_, std::move(wanted), std::move(done));
  const auto over = [](const std::weak_ptr<exchange>& one) { return one.expired(); };
  under_way_.erase(std::remove_if(under_way_.begin(), under_way_.end(), over), under_way_.end());
  under_way_.push_back(made);
  made->begin(what.timeout);
  return made;
}

inline void http_client::close() noexcept {
  for (const auto& one : std::exchange(under_way_, {}))
    if (const auto alive = one.lock()) alive->cancel();
  pool_->close();
}

}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio
