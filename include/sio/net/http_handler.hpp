// Who answers the requests of HTTP connections, and the limits of these.
#pragma once

#include <sio/http/head.hpp>
#include <sio/request.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace sio {
inline namespace SIO_ABI {
namespace net {

class http_channel;

/// Who answers requests. Each one is answered once, now or later, by `http_channel::respond` or a sibling.
class http_handler {
 public:
  virtual ~http_handler() = default;
  /// The head of a request is there, its body is not yet. Returns 0, or the status to refuse it with at once.
  virtual int on_body_begins(const std::shared_ptr<http_channel>& from, const http::head& head) = 0;
  /// A whole request; `head` is gone when this returns.
  virtual void on_request(const std::shared_ptr<http_channel>& from, const http::head& head, std::string body) = 0;
  /// The fields that a refusal of this request must carry.
  virtual headers refusal_headers(const http::head& head) = 0;
  /// A request was refused before it was whole.
  virtual void on_refused() noexcept {}
};

/// Who answers late, or waits for a body, and wants to know when the asker goes away.
class late_answer {
 public:
  virtual ~late_answer() = default;
  virtual void on_asker_gone(const http_channel& asker) = 0;
};

struct http_limits {
  http::limits head;
  std::size_t max_body = 1'000'000;
  std::chrono::milliseconds head_timeout{10'000}, request_timeout{30'000}, keep_alive_timeout{60'000};
};

}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio
