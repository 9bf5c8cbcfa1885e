// What the answers of an engine have in common: cross-origin headers, refusals, the step to WebSocket.
#pragma once

#include <sio/eio/error_body.hpp>
#include <sio/events/listeners.hpp>
#include <sio/http/cors.hpp>
#include <sio/net/upgrade.hpp>
#include <sio/server/limits.hpp>
#include <sio/server/log.hpp>
#include <sio/server/verdict.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

class replies {
 public:
  using channel = std::shared_ptr<net::http_channel>;

  replies(const std::shared_ptr<net::loop>& l, std::shared_ptr<const server_options> options,
          std::shared_ptr<const srv::log> lg)
      : options_(std::move(options)), log_(std::move(lg)),
        deflate_pool_(make_deflate_pool(l, options_->per_message_deflate)) {}

  /// The cross-origin headers of an answer to a request with this Origin.
  headers cors(std::string_view origin) const;
  /// Answers a preflight; false if this is none.
  bool preflight(const channel& from, const http::head& head, std::string_view origin) const;
  /// Refuses; an answer over HTTP has these `fields`, too.
  void refuse(const channel& from, headers fields, bool upgrade, engine_error code, std::string_view message) const;
  void refuse(const channel& from, headers fields, bool upgrade, engine_error code) const {
    refuse(from, std::move(fields), upgrade, code, to_string(code));
  }
  /// Answers an upgrade; null if it was refused.
  std::shared_ptr<net::ws_channel> upgrade(const channel& from, const request& asked) const;

 private:
  template <class F>
  void run_cors(F&& f) const;

  std::shared_ptr<const server_options> options_;
  std::shared_ptr<const srv::log> log_;
  std::shared_ptr<net::deflate_pool> deflate_pool_;
};

// ---- bodies

// Old Internet Explorers would take a payload for an attack.
inline headers xss_header(std::string_view user_agent) {
  const bool old =
      user_agent.find(";MSIE") != std::string_view::npos || user_agent.find("Trident/") != std::string_view::npos;
  return old ? headers{{"X-XSS-Protection", "0"}} : headers();
}

// The host's function may throw: then nobody is allowed anything.
template <class F>
void replies::run_cors(F&& f) const {
  const auto why_not = events::run_user_code([&]() -> std::optional<std::string> { return f(), std::nullopt; });
  if (why_not) (*log_)(log_level::error, "the cors origin function failed: " + *why_not);
}

inline headers replies::cors(std::string_view origin) const {
  headers fields;
  if (options_->cors) run_cors([&] { fields = http::cors_headers(*options_->cors, origin); });
  return fields;
}

inline bool replies::preflight(const channel& from, const http::head& head, std::string_view origin) const {
  if (!options_->cors || head.method != "OPTIONS") return false;
  std::optional<response> answer;
  run_cors([&] { answer = http::preflight(*options_->cors, origin, head["Access-Control-Request-Headers"]); });
  if (answer) from->respond(answer->status, answer->headers, answer->body);
  return answer.has_value();
}

inline void replies::refuse(const channel& from, headers fields, bool upgrade, engine_error code,
                            std::string_view message) const {
  if (upgrade) return from->respond_and_close(http::upgrade_refusal(message));
  fields.add("Content-Type", "application/json");
  const int status = code == engine_error::forbidden ? 403 : 400;
  from->respond(status, fields, eio::error_body(static_cast<int>(code), message));
}

inline std::shared_ptr<net::ws_channel> replies::upgrade(const channel& from, const request& asked) const {
  const ws::limits limits{options_->max_http_buffer_size, options_->max_fragments};
  return net::upgrade(*from, asked, limits, options_->max_buffered_bytes, deflate_pool_);
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
