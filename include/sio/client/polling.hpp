// Long polling from the client's side: one GET that waits, one POST beside it, and what goes wrong with them.
#pragma once

#include <sio/client/engine_options.hpp>
#include <sio/client/target.hpp>
#include <sio/net/http_client.hpp>
#include <sio/net/loop.hpp>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace cln {

/// Lives on a loop. Whoever lets go of it ends what is under way.
class polling final : public std::enable_shared_from_this<polling> {
 public:
  /// Whom it tells.
  class user {
   public:
    virtual ~user() = default;
    virtual void on_polled(polling& from, std::string_view payload) = 0;
    virtual void on_posted(polling& from) = 0;
    /// Nothing else comes after it.
    virtual void on_broken(polling& from, eio::client_fault why) = 0;
  };

  polling(std::shared_ptr<net::loop> l, std::shared_ptr<const engine_options> o, std::weak_ptr<user> u)
      : loop_(std::move(l)), options_(std::move(o)), user_(std::move(u)),
        http_(loop_, options_->route, options_->host, limits_of(*options_)) {}

  void get(std::string_view sid) { send("GET", sid, {}); }
  void post(std::string_view sid, std::string payload) { send("POST", sid, std::move(payload)); }

  /// Tells the server that the session is over, and tells nobody anything any more. The GET that waits is left until
  /// then: a server would take its end for a broken connection.
  void say_farewell(std::string_view sid);
  /// Ends all that is under way.
  void close() noexcept {
    user_.reset();
    http_.close();
  }

 private:
  static constexpr std::chrono::milliseconds farewell_timeout{5'000};
  static constexpr std::size_t max_context = 1024;

  static net::http_client_limits limits_of(const engine_options& o) {
    net::http_client_limits limits;
    limits.answer.max_body = o.max_payload;
    return limits;
  }
  net::http_request request_of(std::string method, std::string_view sid, std::string payload);
  void send(const char* method, std::string_view sid, std::string payload);
  void answered(bool posted, net::http_answer answer);
  void keep_cookies(const headers& fields);
  void broke(bool posted, const net::http_answer& answer);
  static std::string cause_of(const net::http_answer& answer);

  std::shared_ptr<net::loop> loop_;
  std::shared_ptr<const engine_options> options_;
  std::weak_ptr<user> user_;
  net::http_client http_;
};

// ---- bodies

inline net::http_request polling::request_of(std::string method, std::string_view sid, std::string payload) {
  net::http_request out;
  out.method = std::move(method);
  out.target = target_of(*options_, transport::polling, sid);
  out.fields = options_->extra_headers;
  if (out.method == "POST") out.fields.set("Content-type", "text/plain;charset=UTF-8");
  out.fields.set("Accept", "*/*");
  add_cookies(out.fields, *options_);
  out.body = std::move(payload);
  out.timeout = options_->request_timeout;
  return out;
}

inline void polling::send(const char* method, std::string_view sid, std::string payload) {
  const bool posts = std::string_view(method) == "POST";
  try {
    http_.send(request_of(method, sid, std::move(payload)), [weak = weak_from_this(), posts](net::http_answer answer) {
      if (const auto self = weak.lock()) self->answered(posts, std::move(answer));
    });
  } catch (const std::invalid_argument& wrong) {  // a header, or a path, that cannot be sent
    broke(posts, {0, {}, {}, wrong.what()});
  }
}

inline void polling::answered(bool posted, net::http_answer answer) {
  keep_cookies(answer.fields);
  if (answer.status != 200) return broke(posted, answer);
  const auto hearer = user_.lock();
  if (!hearer) return;
  posted ? hearer->on_posted(*this) : hearer->on_polled(*this, answer.body);
}

inline void polling::keep_cookies(const headers& fields) {
  if (!options_->cookies) return;
  for (const auto& [name, text] : fields)
    if (detail::same_letters(name, "Set-Cookie")) options_->cookies->take(text, std::chrono::system_clock::now());
}

inline void polling::broke(bool posted, const net::http_answer& answer) {
  const auto hearer = user_.lock();
  close();
  if (!hearer) return;
  hearer->on_broken(*this, {posted ? "xhr post error" : "xhr poll error", cause_of(answer), answer.status,
                            answer.body.substr(0, max_context)});
}

inline std::string polling::cause_of(const net::http_answer& answer) {
  if (!answer.error.empty()) return answer.error;
  const std::string status = "the server answered with the status " + std::to_string(answer.status);
  if (answer.status < 300 || answer.status > 399) return status;
  const std::string_view to = answer.fields["Location"];
  return status + (to.empty() ? "" : ", a redirect to " + std::string(to.substr(0, max_context))) +
         "; redirects are not followed";
}

inline void polling::say_farewell(std::string_view sid) {
  user_.reset();
  net::http_request last = request_of("POST", sid, "1");
  last.timeout = farewell_timeout;
  try {
    http_.send(std::move(last), [self = shared_from_this()](const net::http_answer&) { self->close(); });
  } catch (const std::invalid_argument&) {
    close();
  }
}

}  // namespace cln
}  // namespace SIO_ABI
}  // namespace sio
