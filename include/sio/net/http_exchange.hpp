// One request of a client and its answer: over a connection that rests, or one that is dialled for it.
#pragma once

#include <sio/http/request_text.hpp>
#include <sio/net/http_caller.hpp>
#include <sio/net/route.hpp>
#include <sio/request.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace net {

struct http_request {
  std::string method = "GET";
  std::string target;  ///< path and query: "/socket.io/?EIO=4"
  headers fields;
  std::string body;
  std::chrono::milliseconds timeout{0};  ///< until the answer is whole, the dial counts, too; 0: as long as it takes
};

/// A redirect is an answer like others: it is not followed.
struct http_answer {
  int status = 0;
  headers fields;
  std::string body;   ///< inflated
  std::string error;  ///< one sentence if no answer came
};

struct http_client_limits {
  answer_limits answer;
  std::size_t max_resting = 2;  ///< connections kept for later requests
  /// How long one is kept, unless the server's Keep-Alive says less. Many servers give up after five seconds without
  /// saying so, and a request that meets their farewell is lost.
  std::chrono::milliseconds max_rest{4'000};
};

/// The connections to one server that rest. Lives on a loop.
class http_pool {
 public:
  http_pool(std::shared_ptr<net::loop> l, net::route to, const http_client_limits& limits)
      : loop_(std::move(l)), route_(std::move(to)), limits_(limits) {}
  ~http_pool() { close(); }

  net::loop& loop() noexcept { return *loop_; }
  /// One that may be asked; null if there is none.
  std::shared_ptr<http_caller> take();
  /// It has answered. It rests here, if it may.
  void give_back(const std::shared_ptr<http_caller>& caller);
  std::shared_ptr<dialing> dial(dialing::report done) const { return route_(std::move(done)); }
  std::shared_ptr<http_caller> start(std::unique_ptr<stream> s) const {
    return http_caller::start(loop_, std::move(s), limits_.answer);
  }
  void close() noexcept {
    for (const auto& one : std::exchange(resting_, {})) one->abort();
  }

 private:
  std::shared_ptr<net::loop> loop_;
  net::route route_;
  http_client_limits limits_;
  std::vector<std::shared_ptr<http_caller>> resting_;  // the one that came last is asked first
};

/// It goes on if nobody holds it.
class exchange final : public answer_taker, public std::enable_shared_from_this<exchange> {
 public:
  using report = std::function<void(http_answer)>;

  exchange(std::shared_ptr<http_pool> pool, call what, report done)
      : pool_(std::move(pool)), call_(std::move(what)), done_(std::move(done)),
        deadline_(pool_->loop().timers(), [this] { fail("no answer came in time"); }) {}

  /// On the loop: its report is not called any more, and its connection is closed.
  void cancel() noexcept;

  void begin(std::chrono::milliseconds timeout);
  void on_answer(const http::response_head& head, std::string body) override;
  void on_no_answer(const std::string& why, bool untouched) override;

 private:
  void dial();
  void dialled_one(dialled came_out);
  void ask(const std::shared_ptr<http_caller>& caller);
  void fail(std::string why);
  void finish(http_answer answer);

  std::shared_ptr<http_pool> pool_;
  call call_;
  report done_;
  timer deadline_;
  std::weak_ptr<dialing> dialing_;
  std::weak_ptr<http_caller> caller_;  // its connection holds it, and it holds this
  bool used_before_ = false;           // the connection
};

// ---- bodies

inline std::shared_ptr<http_caller> http_pool::take() {
  while (!resting_.empty()) {
    const std::shared_ptr<http_caller> last = std::move(resting_.back());
    resting_.pop_back();
    if (last->ready()) return last;
  }
  return nullptr;
}

inline void http_pool::give_back(const std::shared_ptr<http_caller>& caller) {
  const auto dead = [](const std::shared_ptr<http_caller>& one) { return !one->at_rest(); };
  resting_.erase(std::remove_if(resting_.begin(), resting_.end(), dead), resting_.end());
  if (!caller || !caller->at_rest()) return;
  if (resting_.size() >= limits_.max_resting) return caller->abort();
  caller->rest(caller->patience(limits_.max_rest));
  resting_.push_back(caller);
}

inline void exchange::begin(std::chrono::milliseconds timeout) {
  if (timeout.count() > 0) deadline_.expires_at(pool_->loop().now() + timeout);
  const std::shared_ptr<http_caller> rested = pool_->take();
  if (!rested) return dial();
  used_before_ = true;
  ask(rested);
}

inline void exchange::dial() {
  dialing_ = pool_->dial([self = shared_from_this()](dialled r) { self->dialled_one(std::move(r)); });
}

inline void exchange::dialled_one(dialled came_out) {
  if (!done_) return;  // cancelled
  if (!came_out.stream) return fail(std::move(came_out.error));
  ask(pool_->start(std::move(came_out.stream)));
}

inline void exchange::ask(const std::shared_ptr<http_caller>& caller) {
  caller_ = caller;
  caller->ask(call_, shared_from_this());
}

inline void exchange::on_answer(const http::response_head& head, std::string body) {
  if (head.status == 101) return fail("the server switched to another protocol that nobody asked for");
  http_answer answer{head.status, {}, std::move(body), {}};
  for (const http::field& f : head.fields) answer.fields.add(std::string(f.name), std::string(f.value));
  pool_->give_back(caller_.lock());
  finish(std::move(answer));
}

// A server closes what rested for long, perhaps in the moment in which it is asked again. It is asked once more only if
// not a byte of the request has left: then none of it can have been handled. A request that did leave may have been
// handled, whatever its method: a poll that was answered takes packets out of the session, a POST brings some in.
inline void exchange::on_no_answer(const std::string& why, bool untouched) {
  if (!untouched || !std::exchange(used_before_, false)) return fail(why);
  dial();
}

inline void exchange::fail(std::string why) { finish({0, {}, {}, std::move(why)}); }

inline void exchange::finish(http_answer answer) {
  const auto self = shared_from_this();
  const report done = std::exchange(done_, nullptr);
  if (!answer.error.empty()) cancel();
  deadline_.cancel();
  caller_.reset();
  if (done) done(std::move(answer));
}

inline void exchange::cancel() noexcept {
  const auto self = weak_from_this().lock();  // perhaps only its connection holds it
  const report dying = std::exchange(done_, nullptr);
  deadline_.cancel();
  if (const auto d = std::exchange(dialing_, {}).lock()) d->cancel();
  if (const auto c = std::exchange(caller_, {}).lock()) c->abort();
}

}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio
