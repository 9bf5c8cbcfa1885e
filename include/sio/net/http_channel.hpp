// HTTP/1.1 over one connection: one request at a time, its deadlines, its answer; keep-alive and pipelining.
#pragma once

#include <sio/http/body.hpp>
#include <sio/http/date.hpp>
#include <sio/http/head.hpp>
#include <sio/http/response.hpp>
#include <sio/net/connection.hpp>
#include <sio/net/http_handler.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace net {

class http_channel final : public channel, public std::enable_shared_from_this<http_channel> {
 public:
  static constexpr std::chrono::milliseconds linger{5'000};

  http_channel(std::shared_ptr<net::connection> c, std::shared_ptr<http_handler> h,
               std::shared_ptr<const http_limits> limits)
      : connection_(std::move(c)), handler_(std::move(h)), limits_(std::move(limits)),
        began_(connection_->loop().now()), timer_(connection_->loop().timers(), [this] { expire(); }) {
    timer_.expires_at(began_ + limits_->head_timeout);
  }

  net::connection& connection() noexcept { return *connection_; }

  /// Answers the request at hand, and goes on with the next.
  void respond(int status, const headers& fields, std::string_view body);
  /// The same, by `write(std::string& out, const http::reply_options&)`.
  template <class Write>
  void respond_with(Write&& write);
  /// The answer at hand is this connection's last.
  void close_after_answer() noexcept { keep_alive_ = false; }
  /// Answers with these bytes and closes.
  void respond_and_close(std::string_view bytes);
  /// Whether the body of a request is still on its way.
  bool awaits_body() const noexcept { return step_ == step::body; }
  /// Refuses the request whose body is still on its way, and closes.
  void cut_short(int status) {
    if (step_ == step::body) refuse(status, {}, handler_->refusal_headers(head_));
  }
  /// Who is told when the asker goes away before its answer.
  void tell(std::weak_ptr<late_answer> who) { waiting_ = std::move(who); }
  /// Ends HTTP on this connection; what came behind the request is handed over.
  std::string hand_over();

  void receive(char* data, std::size_t size) override;
  void ended(const std::error_code& ec) override;
  void drained() override { go_on(); }

 private:
  enum class step { head, body, answering, over };

  void go_on();
  bool advance();
  bool read_head();
  void begin_body();
  void take_body(std::string_view bytes);
  void dispatch();
  void refuse(int status, std::string_view why, const headers& fields = {});
  http::reply_options how() const;
  void finish_answer();
  void next();
  void begin_wait();
  void expire();
  std::size_t most_ahead() const noexcept { return limits_->head.max_head + net::loop::read_buffer::size; }

  std::shared_ptr<net::connection> connection_;
  std::shared_ptr<http_handler> handler_;
  std::shared_ptr<const http_limits> limits_;
  http::head_parser parser_;
  http::head head_;
  http::body_reader body_;
  std::string input_;  // begins with the request at hand; its head is viewed by `head_` until dispatched
  std::size_t head_size_ = 0;
  std::weak_ptr<late_answer> waiting_;
  time_point began_;  // of the request at hand
  timer timer_;
  step step_ = step::head;
  bool keep_alive_ = true, head_request_ = false, busy_ = false, peer_ended_ = false;
};

/// Speaks HTTP over a stream from now on; `already_read` are bytes that came before.
inline void serve_http(const std::shared_ptr<net::loop>& l, std::unique_ptr<stream> s,
                       const std::shared_ptr<http_handler>& handler, const std::shared_ptr<const http_limits>& limits,
                       std::string already_read = {}) {
  const auto c = std::make_shared<connection>(l, std::move(s));
  c->start(std::make_shared<http_channel>(c, handler, limits), std::move(already_read));
}

// ---- bodies

inline void http_channel::receive(char* data, std::size_t size) {
  if (step_ == step::over) return;
  if (step_ == step::body) return take_body({data, size});
  if (step_ == step::head && input_.empty()) begin_wait();
  input_.append(data, size);
  go_on();
}

// Not recursive: an answer given at once only ends one round of this loop.
inline void http_channel::go_on() {
  if (busy_) return;
  const auto self = shared_from_this();
  busy_ = true;
  while (advance()) {
  }
  busy_ = false;
  if (step_ == step::over) return;
  input_.size() > most_ahead() ? connection_->pause_reading() : connection_->resume_reading();
}

// A peer that asks without reading its answers is not served ahead of what it reads.
inline bool http_channel::advance() {
  if (step_ != step::head || input_.empty() || connection_->buffered_bytes() > most_ahead()) return false;
  return read_head();
}

inline bool http_channel::read_head() {
  const http::head_parser::result found = parser_.parse(input_, limits_->head, head_);
  if (found.what == http::head_parser::outcome::need_more) return false;
  if (found.what == http::head_parser::outcome::error) return refuse(found.status, found.why), false;
  head_size_ = found.consumed;
  keep_alive_ = head_.keep_alive;
  head_request_ = head_.method == "HEAD";
  body_ = http::body_reader(head_, limits_->max_body);
  begin_body();
  return step_ != step::over;
}

inline void http_channel::begin_body() {
  if (body_.status() != 0) return refuse(body_.status(), {}, handler_->refusal_headers(head_));
  const std::size_t used = body_.consume(std::string_view(input_).substr(head_size_));
  if (body_.status() != 0) return refuse(body_.status(), {}, handler_->refusal_headers(head_));
  if (body_.done()) {
    const std::size_t whole = head_size_ + used;
    dispatch();
    if (step_ == step::over) return;
    input_.erase(0, whole);
    head_size_ = 0;  // an answer that takes its time may still be an upgrade
    return next();
  }
  step_ = step::body;
  timer_.expires_at(began_ + limits_->request_timeout);
  if (head_.expect_continue) connection_->write(http::continue_response);
  const int status = handler_->on_body_begins(shared_from_this(), head_);
  if (status != 0) refuse(status, {}, handler_->refusal_headers(head_));
}

inline void http_channel::take_body(std::string_view bytes) {
  const std::size_t used = body_.consume(bytes);
  if (body_.status() != 0) return refuse(body_.status(), {}, handler_->refusal_headers(head_));
  if (!body_.done()) return;
  dispatch();
  if (step_ == step::over) return;
  input_.assign(bytes.substr(used));
  head_size_ = 0;
  next();
}

inline void http_channel::dispatch() {
  step_ = step::answering;
  timer_.cancel();
  const bool was_busy = std::exchange(busy_, true);  // `head_` views `input_` until the handler returns
  handler_->on_request(shared_from_this(), head_, body_.take());
  busy_ = was_busy;
}

inline http::reply_options http_channel::how() const {
  return {http::date_now(), keep_alive_ && !peer_ended_, head_request_};
}

template <class Write>
void http_channel::respond_with(Write&& write) {
  if (step_ != step::answering) return;
  std::string out;
  write(out, how());
  connection_->write(out);
  finish_answer();
}

inline void http_channel::respond(int status, const headers& fields, std::string_view body) {
  respond_with([&](std::string& out, const http::reply_options& o) { http::write(out, status, fields, body, o); });
}

inline void http_channel::respond_and_close(std::string_view bytes) {
  if (step_ != step::answering) return;
  connection_->write(bytes);
  keep_alive_ = false;
  finish_answer();
}

inline void http_channel::finish_answer() {
  waiting_.reset();
  if (!keep_alive_ || peer_ended_) {
    step_ = step::over;
    return connection_->close_gently(linger);
  }
  parser_.reset();
  step_ = step::head;
  if (!busy_) next();
}

// The request at hand is out of `input_`: wait for the next one, or go on with what came ahead.
inline void http_channel::next() {
  if (step_ != step::head) return;
  if (!input_.empty())
    begin_wait();
  else
    timer_.expires_at(connection_->loop().now() + limits_->keep_alive_timeout);
  go_on();
}

inline void http_channel::refuse(int status, std::string_view why, const headers& fields) {
  handler_->on_refused();
  step_ = step::answering;
  keep_alive_ = false;
  headers all = fields;
  if (!why.empty()) all.add("Content-Type", "text/plain; charset=UTF-8");
  respond(status, all, why);
}

inline std::string http_channel::hand_over() {
  step_ = step::over;
  timer_.cancel();
  return input_.substr(head_size_);
}

inline void http_channel::begin_wait() {
  began_ = connection_->loop().now();
  timer_.expires_at(began_ + limits_->head_timeout);
}

inline void http_channel::expire() {
  const auto self = shared_from_this();
  const auto waiting = waiting_.lock();
  if (input_.empty() || step_ == step::answering) {  // idle, or half closed and without an answer for too long
    step_ = step::over;
    connection_->abort();
  } else {
    refuse(408, "the request took too long");
  }
  if (waiting) waiting->on_asker_gone(*this);
}

inline void http_channel::ended(const std::error_code& ec) {
  peer_ended_ = true;
  timer_.cancel();
  if (const auto waiting = waiting_.lock()) {
    step_ = step::over;
    waiting->on_asker_gone(*this);
    return connection_->abort();
  }
  if (step_ == step::answering && ec == asio::error::eof)  // half closed: it still wants its answer
    return timer_.expires_at(connection_->loop().now() + limits_->request_timeout);
  step_ = step::over;
  if (ec == asio::error::eof && connection_->buffered_bytes() != 0) return connection_->close_gently(linger);
  connection_->abort();
}

}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio
