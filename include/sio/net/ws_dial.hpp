// A WebSocket from the client's side: a dial, the opening handshake, and what came of it.
#pragma once

#include <sio/http/request_text.hpp>
#include <sio/net/http_caller.hpp>
#include <sio/net/random.hpp>
#include <sio/net/route.hpp>
#include <sio/net/ws_channel.hpp>
#include <sio/request.hpp>
#include <sio/ws/client_handshake.hpp>

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace net {

struct ws_request {
  std::string target;  ///< path and query: "/socket.io/?EIO=4&transport=websocket"
  std::string host;    ///< what the field Host says
  headers fields;
  std::vector<std::string> protocols;    ///< of which the server must choose one, if any are named
  std::chrono::milliseconds timeout{0};  ///< of dial and handshake; 0: as long as they take
};

struct ws_dial_limits {
  ws::limits messages;
  std::size_t max_buffered = 1024 * 1024;  ///< bytes that wait to be written, beyond which nothing is read
};

struct ws_dialled {
  std::shared_ptr<ws_channel> channel;  ///< null if there is none
  std::string protocol;                 ///< that the server chose
  std::string error;                    ///< one sentence if there is no channel
  int status = 0;                       ///< of the answer, if one came
  std::string body;                     ///< of a refusal, if it is not too long
};

/// One dial under way. It goes on if nobody holds it.
class ws_dialing final : public answer_taker, public std::enable_shared_from_this<ws_dialing> {
 public:
  using report = std::function<void(ws_dialled)>;

  ws_dialing(std::shared_ptr<net::loop> l, ws_request what, const ws_dial_limits& limits,
             std::shared_ptr<deflate_pool> pool, report done);

  /// On the loop: its report is not called any more, and its connection is closed.
  void cancel() noexcept;

  void begin(const route& to);
  void on_answer(const http::response_head& head, std::string body) override;
  void on_no_answer(const std::string& why, bool untouched) override;

 private:
  static constexpr std::size_t max_refusal = 64 * 1024;

  void dialled_one(dialled came_out);
  ws_dialled judged(const http::response_head& head, std::string body);
  void fail(std::string why) { finish({nullptr, {}, std::move(why), 0, {}}); }
  void finish(ws_dialled came_out);

  std::shared_ptr<net::loop> loop_;
  ws::client_offer offer_;
  call call_;
  ws_dial_limits limits_;
  std::shared_ptr<deflate_pool> pool_;
  report done_;
  timer deadline_;
  std::weak_ptr<dialing> dialing_;
  std::weak_ptr<http_caller> caller_;  // its connection holds it, and it holds this
};

/// On the loop; `done` is called there, after this has returned. It must `serve` the channel before it returns, or
/// close it: what comes meanwhile is lost. With a `pool` compression is offered by its rules. Throws
/// std::invalid_argument for a request that cannot be sent.
inline std::shared_ptr<ws_dialing> dial_websocket(std::shared_ptr<net::loop> l, const route& to, ws_request what,
                                                  const ws_dial_limits& limits, std::shared_ptr<deflate_pool> pool,
                                                  ws_dialing::report done) {
  auto made = std::make_shared<ws_dialing>(std::move(l), std::move(what), limits, std::move(pool), std::move(done));
  made->begin(to);
  return made;
}

// ---- bodies

inline ws_dialing::ws_dialing(std::shared_ptr<net::loop> l, ws_request what, const ws_dial_limits& limits,
                              std::shared_ptr<deflate_pool> pool, report done)
    : loop_(std::move(l)), limits_(limits), pool_(std::move(pool)), done_(std::move(done)),
      deadline_(loop_->timers(), [this] { fail("Opening handshake has timed out"); }) {
  std::array<unsigned char, 16> random;
  secure_random(random.data(), random.size());
  ws::check_protocols(what.protocols);
  offer_.key = ws::make_key(random);
  offer_.protocols = std::move(what.protocols);
  if (pool_) offer_.deflate = pool_->rules().wishes;
  call_.head = http::upgrade_head(what.target, what.host, what.fields, ws::offer_lines(offer_));
  if (what.timeout.count() > 0) deadline_.expires_at(loop_->now() + what.timeout);
}

inline void ws_dialing::begin(const route& to) {
  dialing_ = to([self = shared_from_this()](dialled r) { self->dialled_one(std::move(r)); });
}

inline void ws_dialing::dialled_one(dialled came_out) {
  if (!done_) return;  // cancelled
  if (!came_out.stream) return fail(std::move(came_out.error));
  answer_limits limits;
  limits.max_body = max_refusal;
  const auto caller = http_caller::start(loop_, std::move(came_out.stream), limits);
  caller_ = caller;
  caller->ask(call_, shared_from_this());
}

inline void ws_dialing::on_answer(const http::response_head& head, std::string body) {
  finish(judged(head, std::move(body)));
}

inline ws_dialled ws_dialing::judged(const http::response_head& head, std::string body) {
  ws::client_verdict verdict = ws::judge_answer(offer_, head);
  ws_dialled out{nullptr, std::move(verdict.protocol), std::move(verdict.error), head.status, std::move(body)};
  const auto caller = caller_.lock();
  if (!out.error.empty() || !caller) return out;
  connection& c = caller->connection();
  out.channel = std::make_shared<ws_channel>(c.shared_from_this(), caller->hand_over(), limits_.messages,
                                             limits_.max_buffered, verdict.deflate, pool_, ws::role::client);
  return out;
}

// A refusal whose body is of no use is still a refusal.
inline void ws_dialing::on_no_answer(const std::string& why, bool) {
  const auto caller = caller_.lock();
  const int status = caller ? caller->status() : 0;
  if (status == 0) return fail(why);
  finish({nullptr, {}, "Unexpected server response: " + std::to_string(status), status, {}});
}

inline void ws_dialing::finish(ws_dialled came_out) {
  const auto self = shared_from_this();
  const report done = std::exchange(done_, nullptr);
  if (came_out.channel) caller_.reset();
  cancel();
  if (done) done(std::move(came_out));
}

inline void ws_dialing::cancel() noexcept {
  const auto self = weak_from_this().lock();  // perhaps only its connection holds it
  const report dying = std::exchange(done_, nullptr);
  deadline_.cancel();
  if (const auto d = std::exchange(dialing_, {}).lock()) d->cancel();
  if (const auto c = std::exchange(caller_, {}).lock()) c->abort();
}

}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio
