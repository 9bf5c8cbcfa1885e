// Engine.IO over HTTP: requests become handshakes, or find their session by its sid.
#pragma once

#include <sio/server/client_bundle.hpp>
#include <sio/server/handshakes.hpp>
#include <sio/server/links.hpp>
#include <sio/server/replies.hpp>
#include <sio/server/router.hpp>
#include <sio/server/verdict.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

class engine final : public http_service {
 public:
  using user_factory = links::user_factory;

  engine(std::shared_ptr<net::loop> l, std::shared_ptr<const server_options> options,
         std::shared_ptr<const srv::log> lg, user_factory make_user);

  bool owns(std::string_view target) const override { return target.substr(0, path_.size()) == path_; }
  int on_body_begins(const std::shared_ptr<net::http_channel>& from, const http::head& head) override;
  void on_request(const std::shared_ptr<net::http_channel>& from, const http::head& head, std::string body) override;
  headers refusal_headers(const http::head& head) override { return replies_.cors(http::joined(head, "Origin")); }

  std::size_t count() const noexcept { return links_->size(); }
  /// Ends every session at once; no further one begins.
  void close() { links_->close(); }

 private:
  using channel = std::shared_ptr<net::http_channel>;

  bool answer_bundle(const channel& from, const http::head& head, std::string_view origin);
  void answer_session(const channel& from, const engine_request& asked, link& session, std::string_view body);
  void answer_post(const channel& from, const engine_request& asked, link& session, std::string_view body);

  std::shared_ptr<const server_options> options_;
  std::shared_ptr<const srv::log> log_;
  srv::replies replies_;
  std::shared_ptr<srv::links> links_;
  std::shared_ptr<srv::handshakes> handshakes_;
  client_bundle bundle_;
  std::string path_;
};

// ---- bodies

// "/socket.io", "/socket.io/" -> "/socket.io/"
inline std::string engine_path(std::string path) {
  if (path.empty() || path.front() != '/') path.insert(0, "/");
  if (path.back() != '/') path += '/';
  return path;
}

inline engine::engine(std::shared_ptr<net::loop> l, std::shared_ptr<const server_options> options,
                      std::shared_ptr<const srv::log> lg, user_factory make_user)
    : options_(std::move(options)), log_(std::move(lg)), replies_(l, options_, log_),
      links_(std::make_shared<srv::links>(l, options_, std::move(make_user))),
      handshakes_(std::make_shared<srv::handshakes>(l, options_, log_, replies_, links_)),
      bundle_(options_->client_dir), path_(engine_path(options_->path)) {}

inline int engine::on_body_begins(const channel& from, const http::head& head) {
  const engine_request asked(head);
  const std::shared_ptr<link> session = links_->find(asked.sid());
  if (!session || judge(asked, *options_, session.get()) || head.method != "POST") return 0;
  return session->expect_post(from) ? 0 : 400;
}

inline void engine::on_request(const channel& from, const http::head& head, std::string body) {
  const engine_request asked(head);
  if (replies_.preflight(from, head, asked.origin) || answer_bundle(from, head, asked.origin)) return;
  const std::shared_ptr<link> session = links_->find(asked.sid());
  if (const auto error = judge(asked, *options_, session.get()))
    return replies_.refuse(from, replies_.cors(asked.origin), asked.upgrade(), *error);
  if (asked.sid()) return answer_session(from, asked, *session, body);
  handshakes_->begin(from, to_request(from->connection(), head, {}), asked.upgrade());
}

inline bool engine::answer_bundle(const channel& from, const http::head& head, std::string_view origin) {
  const std::string_view path = http::split_target(head.target).path;
  const std::string_view name = path.substr(std::min(path.size(), path_.size()));
  if (!options_->serve_client || !client_bundle::knows(name)) return false;
  const auto answer = bundle_.answer(name, to_request(from->connection(), head, {}));
  if (answer->status == 404) (*log_)(log_level::warning, answer->body);
  headers fields = replies_.cors(origin);
  for (const auto& [field, text] : answer->headers) fields.add(field, text);
  from->respond(answer->status, fields, answer->body);
  return true;
}

// ---- requests of a session

inline void engine::answer_session(const channel& from, const engine_request& asked, link& session,
                                   std::string_view body) {
  if (asked.upgrade()) {
    if (auto ws = replies_.upgrade(from, to_request(from->connection(), asked.head, {})))
      session.offer(std::move(ws), asked.query.find("b64") != nullptr);
    return;
  }
  const headers fields = replies_.cors(asked.origin);
  if (asked.head.method == "GET") return session.poll(from, fields, xss_header(asked.head["User-Agent"]));
  if (asked.head.method == "POST") return answer_post(from, asked, session, body);
  from->respond(500, fields, {});
}

inline void engine::answer_post(const channel& from, const engine_request& asked, link& session,
                                std::string_view body) {
  const headers fields = replies_.cors(asked.origin);
  if (asked.head["Content-Type"] == "application/octet-stream") {
    session.fail("invalid content");  // packets of v4 are text
    return from->respond(400, fields, {});
  }
  if (!session.post(*from, body)) return from->respond(400, fields, {});
  const headers extra = xss_header(asked.head["User-Agent"]);
  from->respond_with(
      [&](std::string& out, const http::reply_options& how) { http::write_post_answer(out, how, fields, extra); });
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
