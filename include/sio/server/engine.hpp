// Engine.IO over HTTP: handshakes, polls, posts and upgrades find their link by its sid.
#pragma once

#include <sio/eio/error_body.hpp>
#include <sio/eio/handshake.hpp>
#include <sio/events/listeners.hpp>
#include <sio/http/cookie.hpp>
#include <sio/http/cors.hpp>
#include <sio/net/random.hpp>
#include <sio/net/upgrade.hpp>
#include <sio/server/client_bundle.hpp>
#include <sio/server/link.hpp>
#include <sio/server/log.hpp>
#include <sio/server/router.hpp>
#include <sio/server/verdict.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

class engine final : public http_service, public std::enable_shared_from_this<engine> {
 public:
  /// Makes the layer above a new link.
  using user_factory = std::function<std::shared_ptr<link_user>(const std::shared_ptr<link>&, const request&)>;

  engine(std::shared_ptr<net::loop> l, std::shared_ptr<const server_options> options,
         std::shared_ptr<const srv::log> lg, user_factory make_user);

  bool owns(std::string_view target) const override { return target.substr(0, path_.size()) == path_; }
  int on_body_begins(const std::shared_ptr<net::http_channel>& from, const http::head& head) override;
  void on_request(const std::shared_ptr<net::http_channel>& from, const http::head& head, std::string body) override;
  headers refusal_headers(const http::head& head) override;

  std::size_t links() const noexcept { return links_.size(); }
  /// Ends every session at once; no further one begins.
  void close();

 private:
  using channel = std::shared_ptr<net::http_channel>;

  bool answer_preflight(const channel& from, const http::head& head);
  bool answer_bundle(const channel& from, const http::head& head);
  void answer_session(const channel& from, const engine_request& asked, const std::shared_ptr<link>& session,
                      std::string_view body);
  void answer_post(const channel& from, const engine_request& asked, const std::shared_ptr<link>& session,
                   std::string_view body);
  void answer_handshake(const channel& from, const engine_request& asked);
  void ask_host(const channel& from, request asked, bool upgrade);
  void shake_hands(const channel& from, const request& asked, bool upgrade);
  void open_by_polling(const channel& from, const request& asked);
  void open_by_websocket(const channel& from, const request& asked);
  std::shared_ptr<net::ws_channel> upgrade(const channel& from, const request& asked) const;
  std::shared_ptr<link> make_link(transport first, const request& asked, const std::shared_ptr<net::ws_channel>& ws);
  void refuse(const channel& from, std::string_view origin, bool upgrade, engine_error code, std::string_view message);
  std::shared_ptr<link> find(const std::string* sid) const;
  headers cors(std::string_view origin) const;

  std::shared_ptr<net::loop> loop_;
  std::shared_ptr<const server_options> options_;
  std::shared_ptr<const srv::log> log_;
  std::shared_ptr<const link_rules> rules_;
  user_factory make_user_;
  client_bundle bundle_;
  std::string path_;
  std::map<std::string, std::shared_ptr<link>, std::less<>> links_;
  bool closed_ = false;
};

// ---- bodies

// "/socket.io", "/socket.io/" -> "/socket.io/"
inline std::string engine_path(std::string path) {
  if (path.empty() || path.front() != '/') path.insert(0, "/");
  if (path.back() != '/') path += '/';
  return path;
}

// Old Internet Explorers would take a payload for an attack.
inline headers xss_header(std::string_view user_agent) {
  const bool old =
      user_agent.find(";MSIE") != std::string_view::npos || user_agent.find("Trident/") != std::string_view::npos;
  return old ? headers{{"X-XSS-Protection", "0"}} : headers();
}

inline engine::engine(std::shared_ptr<net::loop> l, std::shared_ptr<const server_options> options,
                      std::shared_ptr<const srv::log> lg, user_factory make_user)
    : loop_(std::move(l)), options_(std::move(options)), log_(std::move(lg)), make_user_(std::move(make_user)),
      bundle_(options_->client_dir), path_(engine_path(options_->path)) {
  rules_ = std::make_shared<const link_rules>(
      link_rules{{options_->ping_interval, options_->ping_timeout, options_->upgrade_timeout},
                 options_->max_packets_per_payload,
                 options_->max_buffered_bytes});
}

// The host's function may throw: then nobody is allowed anything.
inline headers engine::cors(std::string_view origin) const {
  headers fields;
  const auto why_not = events::run_user_code([&]() -> std::optional<std::string> {
    if (options_->cors) fields = http::cors_headers(*options_->cors, origin);
    return std::nullopt;
  });
  if (why_not) (*log_)(log_level::error, "the cors origin function failed: " + *why_not);
  return fields;
}

inline bool engine::answer_preflight(const channel& from, const http::head& head) {
  if (!options_->cors || head.method != "OPTIONS") return false;
  std::optional<response> answer;
  const auto why_not = events::run_user_code([&]() -> std::optional<std::string> {
    answer = http::preflight(*options_->cors, http::joined(head, "Origin"), head["Access-Control-Request-Headers"]);
    return std::nullopt;
  });
  if (why_not) (*log_)(log_level::error, "the cors origin function failed: " + *why_not);
  if (answer) from->respond(answer->status, answer->headers, answer->body);
  return answer.has_value();
}

inline headers engine::refusal_headers(const http::head& head) { return cors(http::joined(head, "Origin")); }

inline std::shared_ptr<link> engine::find(const std::string* sid) const {
  const auto found = sid ? links_.find(*sid) : links_.end();
  return found == links_.end() || found->second->ended() ? nullptr : found->second;
}

inline int engine::on_body_begins(const channel& from, const http::head& head) {
  const engine_request asked(head);
  const std::shared_ptr<link> session = find(asked.sid());
  if (!session || judge(asked, *options_, session.get()) || head.method != "POST") return 0;
  return session->expect_post(from) ? 0 : 400;
}

inline void engine::on_request(const channel& from, const http::head& head, std::string body) {
  if (answer_preflight(from, head) || answer_bundle(from, head)) return;
  const engine_request asked(head);
  const std::shared_ptr<link> session = find(asked.sid());
  if (const auto error = judge(asked, *options_, session.get()))
    return refuse(from, asked.origin, asked.upgrade(), *error, to_string(*error));
  if (asked.sid()) return answer_session(from, asked, session, body);
  ask_host(from, to_request(from->connection(), head, {}), asked.upgrade());
}

inline bool engine::answer_bundle(const channel& from, const http::head& head) {
  const std::string_view path = http::split_target(head.target).path;
  const std::string_view name = path.substr(std::min(path.size(), path_.size()));
  if (!options_->serve_client || !client_bundle::knows(name)) return false;
  const auto answer = bundle_.answer(name, to_request(from->connection(), head, {}));
  if (answer->status == 404) (*log_)(log_level::warning, answer->body);
  headers fields = cors(http::joined(head, "Origin"));
  for (const auto& [field, text] : answer->headers) fields.add(field, text);
  from->respond(answer->status, fields, answer->body);
  return true;
}

inline void engine::refuse(const channel& from, std::string_view origin, bool upgrade, engine_error code,
                           std::string_view message) {
  if (upgrade) return from->respond_and_close(http::upgrade_refusal(message));
  headers fields = cors(origin);
  fields.add("Content-Type", "application/json");
  const int status = code == engine_error::forbidden ? 403 : 400;
  from->respond(status, fields, eio::error_body(static_cast<int>(code), message));
}

// ---- requests of a session

inline void engine::answer_session(const channel& from, const engine_request& asked,
                                   const std::shared_ptr<link>& session, std::string_view body) {
  if (asked.upgrade()) {
    if (auto ws = upgrade(from, to_request(from->connection(), asked.head, {})))
      session->offer(std::move(ws), wants_base64(asked.query));
    return;
  }
  if (asked.head.method == "GET") return session->poll(from, cors(asked.origin), xss_header(asked.head["User-Agent"]));
  if (asked.head.method == "POST") return answer_post(from, asked, session, body);
  from->respond(500, cors(asked.origin), {});
}

inline void engine::answer_post(const channel& from, const engine_request& asked, const std::shared_ptr<link>& session,
                                std::string_view body) {
  const headers fields = cors(asked.origin);
  const bool binary = asked.head["Content-Type"] == "application/octet-stream";
  if (binary && session->protocol() == eio::protocol::v4) {
    session->fail("invalid content");  // packets of v4 are text
    return from->respond(400, fields, {});
  }
  if (!session->post(*from, body, binary)) return from->respond(400, fields, {});
  const headers extra = xss_header(asked.head["User-Agent"]);
  from->respond_with(
      [&](std::string& out, const http::reply_options& how) { http::write_post_answer(out, how, fields, extra); });
}

// ---- handshakes

// The host may think about it, on any thread: what it needs of the request is kept until it has decided.
inline void engine::ask_host(const channel& from, request asked, bool upgrade) {
  if (!options_->allow_request) return shake_hands(from, asked, upgrade);
  const auto kept = std::make_shared<const request>(std::move(asked));
  const auto pending = loop_->at_home(std::make_shared<channel>(from));
  auto decide = [weak = weak_from_this(), l = loop_, pending, kept, upgrade](bool allowed, std::string message) {
    l->run([=] {
      const auto self = weak.lock();
      const channel asker = std::exchange(*pending, nullptr);  // of several decisions the first counts
      if (!self || !asker) return;
      if (allowed) return self->shake_hands(asker, *kept, upgrade);
      self->refuse(asker, kept->headers["Origin"], upgrade, engine_error::forbidden,
                   message.empty() ? std::string_view("Forbidden") : std::string_view(message));
    });
  };
  const auto why_not = events::run_user_code([&]() -> std::optional<std::string> {
    options_->allow_request(*kept, decide);
    return std::nullopt;
  });
  if (!why_not) return;
  (*log_)(log_level::error, "allow_request failed: " + *why_not);
  decide(false, {});
}

inline void engine::shake_hands(const channel& from, const request& asked, bool upgrade) {
  if (closed_) return from->connection().abort();
  if (!from->connection().is_open()) return;
  if (protocol_of(asked.query) == eio::protocol::v3 && !options_->allow_eio3) {
    constexpr auto error = engine_error::unsupported_version;
    return refuse(from, asked.headers["Origin"], upgrade, error, to_string(error));
  }
  upgrade ? open_by_websocket(from, asked) : open_by_polling(from, asked);
}

inline void engine::open_by_polling(const channel& from, const request& asked) {
  const auto made = make_link(transport::polling, asked, nullptr);
  headers extra = xss_header(asked.headers["User-Agent"]);
  if (options_->cookie) extra.add("Set-Cookie", http::set_cookie(*options_->cookie, made->sid()));
  made->poll(from, cors(asked.headers["Origin"]), std::move(extra));
}

inline void engine::open_by_websocket(const channel& from, const request& asked) {
  if (const auto ws = upgrade(from, asked)) make_link(transport::websocket, asked, ws);
}

inline std::shared_ptr<link> engine::make_link(transport first, const request& asked,
                                               const std::shared_ptr<net::ws_channel>& ws) {
  auto made = std::make_shared<link>(loop_, rules_, net::random_id(), first, dialect_of(asked.query));
  links_.emplace(made->sid(), made);
  made->start(eio::encoded_packet(eio::open_packet(made->sid(), eio::may_upgrade(first, *options_), *options_)),
              make_user_(made, asked), [weak = weak_from_this(), sid = made->sid()] {
                if (const auto self = weak.lock()) self->links_.erase(sid);
              });
  if (ws) made->carry(ws, wants_base64(asked.query));
  return made;
}

inline std::shared_ptr<net::ws_channel> engine::upgrade(const channel& from, const request& asked) const {
  const ws::limits limits{options_->max_http_buffer_size, options_->max_fragments};
  return net::upgrade(*from, asked, limits, options_->max_buffered_bytes);
}

inline void engine::close() {
  closed_ = true;
  for (const auto& [sid, session] : std::map(links_)) session->discard();
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
