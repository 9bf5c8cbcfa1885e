// How a session begins: the host allows it, its version is known, it gets an id, and a poll or a WebSocket carries its
// open packet.
#pragma once

#include <sio/http/cookie.hpp>
#include <sio/net/random.hpp>
#include <sio/server/links.hpp>
#include <sio/server/question.hpp>
#include <sio/server/replies.hpp>
#include <sio/server/session_id.hpp>

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
             std::shared_ptr<const ends::log> lg, std::shared_ptr<const srv::hooks> set_by_host, srv::replies answers,
             std::shared_ptr<srv::links> all)
      : loop_(std::move(l)), options_(std::move(options)), log_(std::move(lg)), hooks_(std::move(set_by_host)),
        replies_(std::move(answers)), links_(std::move(all)) {}

  /// A request that was judged to be a handshake.
  void begin(const channel& from, const engine_request& asked);

 private:
  struct applicant {
    channel from;
    engine_request asked;
    std::shared_ptr<const request> whole;
  };
  using applicant_ptr = std::shared_ptr<const applicant>;
  struct decision {
    bool allowed = false;
    std::string message;
  };

  void ask_host(const applicant_ptr& who);
  void after_decision(const applicant_ptr& who, const decision& d);
  void ask_for_id(const applicant_ptr& who);
  void after_id(const applicant_ptr& who, const std::optional<std::string>& sid);
  void open(const applicant& who, const std::string& sid);
  bool waits(const applicant& who) const;
  void turn_away(const applicant& who);

  std::shared_ptr<net::loop> loop_;
  std::shared_ptr<const server_options> options_;
  std::shared_ptr<const ends::log> log_;
  std::shared_ptr<const srv::hooks> hooks_;
  srv::replies replies_;
  std::shared_ptr<srv::links> links_;
};

// ---- bodies

inline void handshakes::begin(const channel& from, const engine_request& asked) {
  const auto whole = asked.whole(from->connection());
  const auto who = std::make_shared<const applicant>(applicant{from, asked.kept(whole), whole});
  options_->allow_request ? ask_host(who) : after_decision(who, {true, {}});
}

// Whether a session may still be made for it, after the host's code ran.
inline bool handshakes::waits(const applicant& who) const {
  if (links_->closed()) who.from->connection().abort();
  return who.from->connection().is_open();
}

// The host may think about it, on any thread: what it needs of the request is kept until it has decided.
inline void handshakes::ask_host(const applicant_ptr& who) {
  const auto asked = std::make_shared<question<decision>>(loop_, options_->request_timeout,
                                                          [weak = weak_from_this(), who](std::optional<decision> d) {
                                                            if (const auto self = weak.lock())
                                                              self->after_decision(who, d.value_or(decision{}));
                                                          });
  const allow_decision decide = [asked, kept = who->whole](bool allowed, std::string message) {
    asked->answer({allowed, std::move(message)});
  };
  if (!run_host(*log_, "allow_request", [&] { options_->allow_request(*who->whole, decide); })) decide(false, {});
}

inline void handshakes::after_decision(const applicant_ptr& who, const decision& d) {
  if (!waits(*who)) return;
  if (!d.allowed)
    return replies_.refuse(
        who->from, who->asked, engine_error::forbidden,
        [&] {
          return object{{"message", d.message.empty() ? value() : value(d.message)}};
        },
        d.message);
  if (links_->full()) return turn_away(*who);
  constexpr verdict unsupported{engine_error::unsupported_version};
  if (protocol_of(who->asked.query) == eio::protocol::v3 && !options_->allow_eio3)
    return replies_.refuse(who->from, who->asked, unsupported.code,
                           [&] { return context_of(unsupported, who->asked, nullptr); });
  hooks_->make_id ? ask_for_id(who) : open(*who, net::random_id());
}

// The client's next attempt may find another server behind the same address.
inline void handshakes::turn_away(const applicant& who) {
  headers fields = who.asked.fields;
  fields.add("Retry-After", "1");
  fields.add("Content-Type", "text/plain; charset=utf-8");
  who.from->close_after_answer();
  who.from->respond(503, fields, "the server is shutting down");
}

inline void handshakes::ask_for_id(const applicant_ptr& who) {
  const auto asked = std::make_shared<question<std::string>>(
      loop_, options_->request_timeout, [weak = weak_from_this(), who](const std::optional<std::string>& sid) {
        if (const auto self = weak.lock()) self->after_id(who, sid);
      });
  const id_decision give = [asked, kept = who->whole](std::string sid) { asked->answer(std::move(sid)); };
  const std::shared_ptr<const id_maker> make = hooks_->make_id;
  if (!run_host(*log_, "generate_id", [&] { (*make)(*who->whole, give); })) give({});
}

inline void handshakes::after_id(const applicant_ptr& who, const std::optional<std::string>& sid) {
  if (!waits(*who)) return;
  const char* const why_not = !sid                   ? "there is none"
                              : !is_session_id(*sid) ? "it is not 1 to 128 letters, digits and -._~"
                              : links_->has(*sid)    ? "another session has it"
                                                     : nullptr;
  if (!why_not) return open(*who, *sid);
  (*log_)(log_level::warning, std::string("generate_id: no session can have this id: ") + why_not);
  replies_.refuse(who->from, who->asked, engine_error::bad_request, [&] {
    return object{{"name", "ID_GENERATION_ERROR"}, {"error", why_not}};
  });
}

inline void handshakes::open(const applicant& who, const std::string& sid) {
  headers extra;
  if (!who.asked.upgrade) {
    extra = xss_header(who.asked["User-Agent"]);
    if (options_->cookie) extra.add("Set-Cookie", http::set_cookie(*options_->cookie, sid));
  }
  extra = replies_.extras(who.from, who.asked, std::move(extra));
  if (!waits(who)) return;
  if (!who.asked.upgrade)
    return links_->make(transport::polling, *who.whole, sid)
        ->poll(who.from, replies_.terms(who.asked, std::move(extra)));
  if (auto ws = replies_.upgrade(who.from, who.asked, extra))
    links_->make(transport::websocket, *who.whole, sid)->carry(std::move(ws), wants_base64(who.asked.query));
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
