// How a session begins: the host allows it, its version is known, and a poll or a WebSocket carries its open packet.
#pragma once

#include <sio/http/cookie.hpp>
#include <sio/server/links.hpp>
#include <sio/server/replies.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

class handshakes : public std::enable_shared_from_this<handshakes> {
 public:
  using channel = std::shared_ptr<net::http_channel>;

  handshakes(std::shared_ptr<net::loop> l, std::shared_ptr<const server_options> options,
             std::shared_ptr<const srv::log> lg, srv::replies answers, std::shared_ptr<srv::links> all)
      : loop_(std::move(l)), options_(std::move(options)), log_(std::move(lg)), replies_(std::move(answers)),
        links_(std::move(all)) {}

  /// A request that was judged to be a handshake.
  void begin(const channel& from, request asked, bool upgrade);

 private:
  void go_on(const channel& from, const request& asked, bool upgrade);
  void open_by_polling(const channel& from, const request& asked);
  void open_by_websocket(const channel& from, const request& asked);

  std::shared_ptr<net::loop> loop_;
  std::shared_ptr<const server_options> options_;
  std::shared_ptr<const srv::log> log_;
  srv::replies replies_;
  std::shared_ptr<srv::links> links_;
};

// ---- bodies

// The host may think about it, on any thread: what it needs of the request is kept until it has decided.
inline void handshakes::begin(const channel& from, request asked, bool upgrade) {
  if (!options_->allow_request) return go_on(from, asked, upgrade);
  const auto kept = std::make_shared<const request>(std::move(asked));
  const auto pending = loop_->at_home(std::make_shared<channel>(from));
  auto decide = [weak = weak_from_this(), l = loop_, pending, kept, upgrade](bool allowed, std::string message) {
    l->run([=] {
      const auto self = weak.lock();
      const channel asker = std::exchange(*pending, nullptr);  // of several decisions the first counts
      if (!self || !asker) return;
      if (allowed) return self->go_on(asker, *kept, upgrade);
      self->replies_.refuse(asker, self->replies_.cors(kept->headers["Origin"]), upgrade, engine_error::forbidden,
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

inline void handshakes::go_on(const channel& from, const request& asked, bool upgrade) {
  if (links_->closed()) return from->connection().abort();
  if (!from->connection().is_open()) return;
  if (asked.query["EIO"] != "4")
    return replies_.refuse(from, replies_.cors(asked.headers["Origin"]), upgrade, engine_error::unsupported_version);
  upgrade ? open_by_websocket(from, asked) : open_by_polling(from, asked);
}

inline void handshakes::open_by_polling(const channel& from, const request& asked) {
  const auto made = links_->make(transport::polling, asked);
  headers extra = xss_header(asked.headers["User-Agent"]);
  if (options_->cookie) extra.add("Set-Cookie", http::set_cookie(*options_->cookie, made->sid()));
  made->poll(from, replies_.cors(asked.headers["Origin"]), std::move(extra));
}

inline void handshakes::open_by_websocket(const channel& from, const request& asked) {
  if (auto ws = replies_.upgrade(from, asked))
    links_->make(transport::websocket, asked)->carry(std::move(ws), asked.query.find("b64") != nullptr);
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
