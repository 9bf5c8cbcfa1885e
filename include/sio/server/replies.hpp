// What the answers of an engine have in common: cross-origin headers, refusals, the step to WebSocket.
#pragma once

#include <sio/eio/error_body.hpp>
#include <sio/ends/log.hpp>
#include <sio/http/cors.hpp>
#include <sio/net/upgrade.hpp>
#include <sio/server/hooks.hpp>
#include <sio/server/limits.hpp>
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
          std::shared_ptr<const ends::log> lg, std::shared_ptr<const srv::hooks> set_by_host)
      : options_(std::move(options)), log_(std::move(lg)), hooks_(std::move(set_by_host)),
        deflate_pool_(ends::make_deflate_pool(l, options_->per_message_deflate)) {}

  /// The cross-origin headers of an answer to a request with this Origin.
  headers cors(std::string_view origin) const;
  /// Answers a preflight; false if this is none.
  bool preflight(const channel& from, const engine_request& asked) const;
  /// Refuses; `context()` says why to those who listen to `connection_error`.
  template <class Context>
  void refuse(const channel& from, const engine_request& asked, engine_error code, Context&& context,
              std::string_view message = {}) const;
  /// How a poll of `asked` is to be answered.
  poll_terms terms(const engine_request& asked, headers extra) const;
  /// What an answer to `asked` has beside what it must have; the host has its say.
  headers extras(const channel& from, const engine_request& asked, headers own) const;
  /// Answers an upgrade; null if it was refused. A 101 carries `extra`, too.
  std::shared_ptr<net::ws_channel> upgrade(const channel& from, const engine_request& asked,
                                           const headers& extra) const;

 private:
  void tell(const channel& from, const engine_request& asked, engine_error code, object context) const;

  std::shared_ptr<const server_options> options_;
  std::shared_ptr<const ends::log> log_;
  std::shared_ptr<const srv::hooks> hooks_;
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
inline headers replies::cors(std::string_view origin) const {
  headers fields;
  if (options_->cors)
    run_host(*log_, "the cors origin function", [&] { fields = http::cors_headers(*options_->cors, origin); });
  return fields;
}

inline bool replies::preflight(const channel& from, const engine_request& asked) const {
  if (!options_->cors || asked.method() != "OPTIONS") return false;
  std::optional<response> answer;
  run_host(*log_, "the cors origin function",
           [&] { answer = http::preflight(*options_->cors, asked.origin, asked["Access-Control-Request-Headers"]); });
  if (answer) from->respond(answer->status, answer->headers, answer->body);
  return answer.has_value();
}

// The host hears of it first, as in JS; it may end this server meanwhile.
template <class Context>
void replies::refuse(const channel& from, const engine_request& asked, engine_error code, Context&& context,
                     std::string_view message) const {
  log_->count(static_cast<refusal>(code));  // the first causes are the engine's codes
  if (!hooks_->on_connection_error.empty()) tell(from, asked, code, context());
  if (message.empty()) message = to_string(code);
  if (asked.upgrade) return from->respond_and_close(http::upgrade_refusal(message));
  headers fields = asked.fields;
  fields.set("Content-Type", "application/json");
  const int status = code == engine_error::forbidden ? 403 : 400;
  from->respond(status, fields, eio::error_body(static_cast<int>(code), message));
}

inline void replies::tell(const channel& from, const engine_request& asked, engine_error code, object context) const {
  connection_failure failure{static_cast<int>(code), std::string(to_string(code)), std::move(context),
                             *asked.whole(from->connection())};
  hooks_->on_connection_error.call(*log_, "a listener to connection_error", std::as_const(failure));
}

inline poll_terms replies::terms(const engine_request& asked, headers extra) const {
  const bool may_compress = options_->http_compression && http::compressor::available;
  return {asked.fields, std::move(extra),
          may_compress ? http::preferred_coding(asked["Accept-Encoding"]) : http::coding::identity};
}

inline headers replies::extras(const channel& from, const engine_request& asked, headers own) const {
  if (hooks_->on_initial_headers.empty() && hooks_->on_headers.empty()) return own;
  const std::shared_ptr<const request> whole = asked.whole(from->connection());
  if (!asked.sid()) hooks_->on_initial_headers.call(*log_, "a listener to initial_headers", own, *whole);
  hooks_->on_headers.call(*log_, "a listener to headers", own, *whole);
  return own;
}

inline std::shared_ptr<net::ws_channel> replies::upgrade(const channel& from, const engine_request& asked,
                                                         const headers& extra) const {
  headers fields = asked.fields;
  for (const auto& [name, text] : extra) fields.add(name, text);
  const ws::limits limits{options_->max_http_buffer_size, options_->max_fragments};
  return net::upgrade(*from, *asked.whole(from->connection()), limits, options_->max_buffered_bytes, deflate_pool_,
                      fields);
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
