// Engine.IO over HTTP: requests pass the host's middlewares, then become handshakes, or find their session by its sid.
#pragma once

#include <sio/server/client_bundle.hpp>
#include <sio/server/handshakes.hpp>
#include <sio/server/links.hpp>
#include <sio/server/passage.hpp>
#include <sio/server/replies.hpp>
#include <sio/server/verdict.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

class engine final : public http_service, public std::enable_shared_from_this<engine> {
 public:
  using user_factory = links::user_factory;

  engine(std::shared_ptr<net::loop> l, std::shared_ptr<const server_options> options,
         std::shared_ptr<const ends::log> lg, user_factory make_user);

  bool owns(std::string_view target) const override { return target.substr(0, path_.size()) == path_; }
  int on_body_begins(const std::shared_ptr<net::http_channel>& from, const http::head& head) override;
  void on_request(const std::shared_ptr<net::http_channel>& from, const http::head& head, std::string body) override;
  headers refusal_headers(const http::head& head) override { return replies_.cors(http::joined(head, "Origin")); }

  const srv::links& sessions() const noexcept { return *links_; }
  /// Runs `f(hooks&)` on the loop: what a host sets.
  template <class F>
  void change(F f) {
    loop_->run([self = shared_from_this(), f = std::move(f)]() mutable { f(*self->hooks_); });
  }
  std::vector<std::shared_ptr<link>> all() const { return links_->all(); }
  /// Handshakes are answered with 503 from now on; the sessions go on.
  void turn_newcomers_away() noexcept { links_->turn_newcomers_away(); }
  /// How many sessions there are; for any thread.
  std::size_t count() const noexcept { return links_->size(); }
  /// Ends every session at once; no further one begins.
  void close() { links_->close(); }
  /// No code of the host is called any more.
  void forget_host() noexcept { const hooks gone = std::exchange(*hooks_, {}); }

 private:
  using channel = std::shared_ptr<net::http_channel>;

  bool answer_bundle(const channel& from, const engine_request& asked, std::string_view target);
  void pass(const channel& from, const engine_request& asked, std::shared_ptr<const request> whole);
  void after_middlewares(const channel& from, engine_request asked, std::string_view body, http_step taken);
  void take(const channel& from, const engine_request& asked, std::string_view body);
  void answer_session(const channel& from, const engine_request& asked, link& session, std::string_view body);
  void answer_post(const channel& from, const engine_request& asked, link& session, std::string_view body);

  std::shared_ptr<net::loop> loop_;
  std::shared_ptr<const server_options> options_;
  std::shared_ptr<const ends::log> log_;
  std::shared_ptr<hooks> hooks_ = std::make_shared<hooks>();
  srv::replies replies_;
  std::shared_ptr<links> links_;
  std::shared_ptr<handshakes> handshakes_;
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
                      std::shared_ptr<const ends::log> lg, user_factory make_user)
    : loop_(std::move(l)), options_(std::move(options)), log_(std::move(lg)), replies_(loop_, options_, log_, hooks_),
      links_(std::make_shared<links>(loop_, options_, log_, std::move(make_user))),
      handshakes_(std::make_shared<handshakes>(loop_, options_, log_, hooks_, replies_, links_)),
      bundle_(options_->client_dir), path_(engine_path(options_->path)) {}

// With middlewares nobody may touch a session before they have seen the whole request.
inline int engine::on_body_begins(const channel& from, const http::head& head) {
  if (hooks_->middlewares) return 0;
  const engine_request asked(head);
  const std::shared_ptr<link> session = links_->find(asked.sid());
  if (!session || judge(asked, *options_, session.get()) || head.method != "POST") return 0;
  return session->expect_post(from) ? 0 : 400;
}

inline void engine::on_request(const channel& from, const http::head& head, std::string body) {
  engine_request asked(head);
  if (replies_.preflight(from, asked)) return;
  asked.fields = replies_.cors(asked.origin);
  if (answer_bundle(from, asked, head.target)) return;
  if (!hooks_->middlewares) return take(from, asked, body);
  const auto whole = std::make_shared<const request>(to_request(from->connection(), head, std::move(body)));
  pass(from, asked.kept(whole), whole);
}

inline bool engine::answer_bundle(const channel& from, const engine_request& asked, std::string_view target) {
  const std::string_view path = http::split_target(target).path;
  const std::string_view name = path.substr(std::min(path.size(), path_.size()));
  if (!options_->serve_client || !client_bundle::knows(name)) return false;
  const auto answer = bundle_.answer(name, *asked.whole(from->connection()));
  if (answer->status == 404) (*log_)(log_level::warning, answer->body);
  headers fields = asked.fields;
  for (const auto& [field, text] : answer->headers) fields.add(field, text);
  from->respond(answer->status, fields, answer->body);
  return true;
}

// ---- middlewares

inline void engine::pass(const channel& from, const engine_request& asked, std::shared_ptr<const request> whole) {
  auto then = [weak = weak_from_this(), from, asked, whole](http_step taken) {
    if (const auto self = weak.lock()) self->after_middlewares(from, asked, whole->body, std::move(taken));
  };
  std::make_shared<passage>(loop_, options_->request_timeout, log_, hooks_->middlewares, std::move(whole),
                            std::move(then))
      ->start();
}

inline void engine::after_middlewares(const channel& from, engine_request asked, std::string_view body,
                                      http_step taken) {
  if (links_->closed()) return from->connection().abort();
  if (!from->connection().is_open()) return;
  for (const auto& [name, text] : taken.headers) asked.fields.add(name, text);
  if (taken.failure) {
    (*log_)(log_level::info, "an HTTP middleware refused a request: " + *taken.failure);
    return replies_.refuse(from, asked, engine_error::bad_request, [] {
      return object{{"name", "MIDDLEWARE_FAILURE"}};
    });
  }
  if (!taken.answer) return take(from, asked, body);
  if (asked.upgrade) from->close_after_answer();  // what comes next would be frames
  for (const auto& [name, text] : taken.answer->headers) asked.fields.add(name, text);
  from->respond(taken.answer->status, asked.fields, taken.answer->body);
}

// ---- handshakes and requests of a session

inline void engine::take(const channel& from, const engine_request& asked, std::string_view body) {
  const std::shared_ptr<link> session = links_->find(asked.sid());
  if (const auto why_not = judge(asked, *options_, session.get()))
    return replies_.refuse(from, asked, why_not->code, [&] { return context_of(*why_not, asked, session.get()); });
  asked.sid() ? answer_session(from, asked, *session, body) : handshakes_->begin(from, asked);
}

inline void engine::answer_session(const channel& from, const engine_request& asked, link& session,
                                   std::string_view body) {
  if (asked.method() == "POST" && !asked.upgrade) return answer_post(from, asked, session, body);
  if (asked.method() != "GET" && !asked.upgrade) return from->respond(500, asked.fields, {});
  headers extra = replies_.extras(from, asked, asked.upgrade ? headers() : xss_header(asked["User-Agent"]));
  if (!asked.upgrade) return session.poll(from, replies_.terms(asked, std::move(extra)));
  if (auto ws = replies_.upgrade(from, asked, extra)) session.offer(std::move(ws), wants_base64(asked.query));
}

inline void engine::answer_post(const channel& from, const engine_request& asked, link& session,
                                std::string_view body) {
  const bool binary = asked["Content-Type"] == "application/octet-stream";
  if (binary && session.protocol() == eio::protocol::v4) {
    session.fail("invalid content");  // packets of v4 are text
    return from->respond(400, asked.fields, {});
  }
  if (!session.post(*from, body, binary)) return from->respond(400, asked.fields, {});
  const headers extra = replies_.extras(from, asked, xss_header(asked["User-Agent"]));
  session.pace().answer([from, fields = asked.fields, extra] {
    from->respond_with(
        [&](std::string& out, const http::reply_options& how) { http::write_post_answer(out, how, fields, extra); });
  });
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
