// HTTP/1.1 over one connection, from the side that asks: one request at a time, its answer, and rest in between.
#pragma once

#include <sio/http/response_body.hpp>
#include <sio/http/response_head.hpp>
#include <sio/net/connection.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace net {

/// What an answer may grow to.
struct answer_limits {
  http::limits head;
  std::size_t max_body = std::size_t{100} * 1024 * 1024;  ///< bytes, as sent and inflated
};

/// A request as it leaves.
struct call {
  std::string head;  ///< with the empty line at its end
  std::shared_ptr<const std::string> body;
  bool to_head = false;  ///< HEAD: the answer has no body
};

/// Whom a caller tells what came of a request: one of the two, once.
class answer_taker {
 public:
  virtual ~answer_taker() = default;
  /// The answer is whole; `head` is gone as soon as the caller asks again. After a 101 what speaks next takes the
  /// connection over before this returns, or it is closed.
  virtual void on_answer(const http::response_head& head, std::string body) = 0;
  /// There is none, and the connection is closed. `untouched`: not a byte of the request has left.
  virtual void on_no_answer(const std::string& why, bool untouched) = 0;
};

class http_caller final : public channel, public std::enable_shared_from_this<http_caller> {
 public:
  http_caller(std::shared_ptr<net::connection> c, const answer_limits& limits)
      : connection_(std::move(c)), limits_(limits),
        rest_timer_(connection_->loop().timers(), [this] { connection_->abort(); }) {}

  /// Its connection begins to read.
  static std::shared_ptr<http_caller> start(const std::shared_ptr<net::loop>& l, std::unique_ptr<stream> s,
                                            const answer_limits& limits);

  net::connection& connection() noexcept { return *connection_; }
  /// To be called at rest.
  void ask(const call& what, std::shared_ptr<answer_taker> taker);
  bool at_rest() const noexcept { return step_ == step::rest && connection_->is_open(); }
  /// Whether it may be asked: the server may have ended the connection meanwhile.
  bool ready();
  /// How long the last answer lets the connection rest: a second less than the server's `Keep-Alive: timeout=5`.
  std::chrono::milliseconds patience(std::chrono::milliseconds most) const noexcept { return std::min(most, hint_); }
  /// Closes unless it is asked within that time.
  void rest(std::chrono::milliseconds most) { rest_timer_.expires_at(connection_->loop().now() + most); }
  /// The answer's status, once its head is there.
  int status() const noexcept { return head_.status; }
  /// Ends HTTP on this connection; what came behind the answer is handed over.
  std::string hand_over();
  /// Closes at once; the taker hears nothing of it.
  void abort() noexcept;

  void receive(char* data, std::size_t size) override;
  void ended(const std::error_code& ec) override;

 private:
  enum class step { rest, head, body, over };
  static constexpr int max_interim = 16;

  void read_head();
  void begin_body();
  void take_body(std::string_view bytes);
  void finish(bool surplus);
  void switch_over();
  void give_up(const std::string& why);
  void read_hint();

  std::shared_ptr<net::connection> connection_;
  std::shared_ptr<answer_taker> taker_;
  answer_limits limits_;
  http::response_parser parser_;
  http::response_head head_;
  http::response_body body_;
  std::string input_;  // begins with the answer's head, which is viewed by `head_`
  std::size_t head_size_ = 0, request_size_ = 0;
  std::chrono::milliseconds hint_{0};
  timer rest_timer_;
  step step_ = step::rest;
  int interims_ = 0;
  bool to_head_ = false;
};

// ---- bodies

inline std::shared_ptr<http_caller> http_caller::start(const std::shared_ptr<net::loop>& l, std::unique_ptr<stream> s,
                                                       const answer_limits& limits) {
  const auto c = std::make_shared<net::connection>(l, std::move(s));
  auto made = std::make_shared<http_caller>(c, limits);
  c->start(made);
  return made;
}

inline void http_caller::ask(const call& what, std::shared_ptr<answer_taker> taker) {
  rest_timer_.cancel();
  taker_ = std::move(taker);
  parser_.reset();
  clear(head_);
  input_.clear();
  interims_ = 0;
  to_head_ = what.to_head;
  step_ = step::head;
  request_size_ = what.head.size() + (what.body ? what.body->size() : 0);
  connection_->write(what.head);
  connection_->write(what.body);
}

inline bool http_caller::ready() {
  if (at_rest()) connection_->look();
  return at_rest();
}

inline void http_caller::receive(char* data, std::size_t size) {
  const auto self = shared_from_this();
  if (step_ == step::rest) return abort();  // nobody asked
  if (step_ == step::body) return take_body({data, size});
  if (step_ != step::head) return;
  input_.append(data, size);
  read_head();
}

inline void http_caller::read_head() {
  using outcome = http::response_parser::outcome;
  for (;;) {
    const http::response_parser::result found = parser_.parse(input_, limits_.head, head_);
    if (found.what == outcome::need_more) return;
    if (found.what == outcome::error) {
      clear(head_);
      return give_up("the answer is no proper HTTP: " + std::string(found.why));
    }
    head_size_ = found.consumed;
    if (!head_.interim()) return begin_body();
    if (++interims_ > max_interim) return give_up("the answer is announced too often");
    input_.erase(0, head_size_);
    parser_.reset();
  }
}

inline void http_caller::begin_body() {
  if (head_.status == 101) return switch_over();
  body_ = http::response_body(head_, to_head_, limits_.max_body);
  step_ = step::body;
  take_body(std::string_view(input_).substr(head_size_));
}

inline void http_caller::take_body(std::string_view bytes) {
  const std::size_t used = body_.consume(bytes);
  if (!body_.error().empty()) return give_up("the answer has " + std::string(body_.error()));
  if (body_.done()) finish(used != bytes.size());
}

// What comes behind an answer belongs to none: such a connection is not asked again.
inline void http_caller::finish(bool surplus) {
  std::string body = body_.take();
  if (!body_.error().empty()) return give_up("the answer has " + std::string(body_.error()));
  read_hint();
  const bool goes_on =
      head_.keep_alive && !surplus && !body_.until_end() && connection_->buffered_bytes() == 0 && hint_.count() > 0;
  step_ = goes_on ? step::rest : step::over;
  const std::shared_ptr<answer_taker> taker = std::exchange(taker_, nullptr);
  if (!goes_on) connection_->abort();
  taker->on_answer(head_, std::move(body));
}

inline void http_caller::switch_over() {
  const std::shared_ptr<answer_taker> taker = std::exchange(taker_, nullptr);
  taker->on_answer(head_, {});
  if (step_ != step::over) abort();
}

inline std::string http_caller::hand_over() {
  step_ = step::over;
  return input_.substr(head_size_);
}

// Keep-Alive: timeout=5, max=100
inline void http_caller::read_hint() {
  constexpr std::string_view name = "timeout=";
  hint_ = std::chrono::hours(1);
  http::each_element(head_["Keep-Alive"], [this, name](std::string_view one) {
    if (!http::same_letters(one.substr(0, name.size()), name)) return;
    const auto seconds = http::to_number(one.substr(name.size()));
    if (seconds && *seconds < 3'600) hint_ = std::chrono::seconds(*seconds) - std::chrono::seconds(1);
  });
}

inline void http_caller::give_up(const std::string& why) {
  const bool untouched = connection_->is_open() && connection_->buffered_bytes() == request_size_;
  const std::shared_ptr<answer_taker> taker = std::exchange(taker_, nullptr);
  abort();
  if (taker) taker->on_no_answer(why, untouched);
}

inline void http_caller::abort() noexcept {
  step_ = step::over;
  rest_timer_.cancel();
  if (taker_) connection_->loop().bury(std::exchange(taker_, nullptr));
  connection_->abort();
}

inline void http_caller::ended(const std::error_code& ec) {
  const auto self = shared_from_this();
  if (step_ == step::body && ec == asio::error::eof) {
    body_.end();
    if (body_.done()) return finish(false);
  }
  if (step_ == step::rest || step_ == step::over) return abort();
  if (ec != asio::error::eof) return give_up("the connection broke: " + ec.message());
  give_up(step_ == step::body || !input_.empty() ? "the server closed the connection in the middle of its answer"
                                                 : "the server closed the connection without an answer");
}

}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio
