// Which part of the server answers an HTTP request: Engine.IO, the client bundle, the host's routes, or files.
#pragma once

#include <sio/ends/log.hpp>
#include <sio/events/listeners.hpp>
#include <sio/server/files.hpp>
#include <sio/server/http_service.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

class router final : public net::http_handler {
 public:
  using route = std::function<std::optional<response>(const request&)>;

  router(std::shared_ptr<http_service> service, std::shared_ptr<const ends::log> lg)
      : service_(std::move(service)), log_(std::move(lg)) {}

  void add(route r) { routes_.push_back(std::move(r)); }
  void add(file_mount m) { mounts_.push_back(std::move(m)); }
  void clear() noexcept { std::exchange(routes_, {}); }

  int on_body_begins(const std::shared_ptr<net::http_channel>& from, const http::head& head) override {
    return service_->owns(head.target) ? service_->on_body_begins(from, head) : 0;
  }

  void on_request(const std::shared_ptr<net::http_channel>& from, const http::head& head, std::string body) override {
    if (service_->owns(head.target)) return service_->on_request(from, head, std::move(body));
    if (head.upgrade_websocket) from->close_after_answer();  // what comes next would be frames
    const response answer = find(to_request(from->connection(), head, std::move(body)));
    from->respond(answer.status, answer.headers, answer.body);
  }

  void on_refused() noexcept override { log_->count(refusal::bad_http); }
  headers refusal_headers(const http::head& head) override {
    return service_->owns(head.target) ? service_->refusal_headers(head) : headers();
  }

 private:
  response find(const request& asked) {
    for (std::size_t i = 0; i != routes_.size(); ++i)
      if (auto answer = ask(route(routes_[i]), asked)) return std::move(*answer);
    for (const file_mount& m : mounts_)
      if (m.covers(asked.path)) return m.answer(asked);
    return {404, {{"Content-Type", "text/plain; charset=utf-8"}}, "Not Found"};
  }

  std::optional<response> ask(const route& r, const request& asked) {
    std::optional<response> answer;
    const auto why_not = events::run_user_code([&]() -> std::optional<std::string> {
      answer = r(asked);
      return std::nullopt;
    });
    if (!why_not) return answer;
    (*log_)(log_level::error, "a request handler failed at " + asked.path + ": " + *why_not);
    return response{500, {{"Content-Type", "text/plain; charset=utf-8"}}, "Internal Server Error"};
  }

  std::shared_ptr<http_service> service_;
  std::shared_ptr<const ends::log> log_;
  std::vector<route> routes_;
  std::vector<file_mount> mounts_;
};

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
