// One Engine.IO session and what carries it: polls and posts, then perhaps a WebSocket.
#pragma once

#include <sio/eio/server_session.hpp>
#include <sio/net/ws_channel.hpp>
#include <sio/server/backlog.hpp>
#include <sio/server/link_user.hpp>
#include <sio/server/pace.hpp>
#include <sio/server/polling.hpp>

#include <algorithm>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

class link final : public net::flushable,
                   public net::resource,
                   public net::ws_owner,
                   public net::late_answer,
                   public std::enable_shared_from_this<link> {
 public:
  link(std::shared_ptr<net::loop> l, std::shared_ptr<const link_rules> rules, std::string sid, transport first,
       dialect spoken)
      : loop_(std::move(l)), rules_(std::move(rules)),
        session_(std::move(sid), first, rules_->times, loop_->now(), spoken.protocol),
        timer_(loop_->timers(), [this] { expire(); }), websockets_(spoken.protocol), polling_(std::move(spoken)) {
    loop_->resources().add(this);
  }
  ~link() override { loop_->resources().remove(this); }

  /// Begins with its open packet; `forget` is called when the session has ended.
  void start(eio::encoded_packet open, std::shared_ptr<link_user> user, std::function<void()> forget);

  /// How fast its client may send.
  srv::pace& pace() noexcept { return pace_; }
  const std::string& sid() const noexcept { return session_.sid(); }
  eio::protocol protocol() const noexcept { return session_.protocol(); }
  transport carrier() const noexcept { return session_.carrier(); }
  bool is_open() const noexcept { return session_.is_open(); }
  bool ended() const noexcept { return session_.closed().has_value(); }
  net::loop& loop() noexcept { return *loop_; }

  // ---- what comes from below

  /// A GET; answered when there is something to say.
  void poll(const std::shared_ptr<net::http_channel>& asker, poll_terms terms);
  /// The head of a POST whose body is on its way. False if one is on its way already: that ends the session.
  bool expect_post(const std::shared_ptr<net::http_channel>& asker);
  /// A POST; false if it may not be: that ends the session.
  bool post(const net::http_channel& asker, std::string_view body, bool binary);
  /// The transport broke a rule.
  void fail(std::string_view description);
  /// A WebSocket that carries the session from birth; `base64`: its client takes no binary frames.
  void carry(std::shared_ptr<net::ws_channel> ws, bool base64);
  /// A WebSocket that asks to take the session over.
  void offer(std::shared_ptr<net::ws_channel> ws, bool base64);

  // ---- what comes from above

  void send(eio::encoded_packet p, eio::keep how = eio::keep::always);
  /// What waits for the client.
  const srv::backlog& backlog() const noexcept { return backlog_; }
  srv::backlog& backlog() noexcept { return backlog_; }
  /// Ends the session once what was sent has left.
  void close();
  /// The same, after the layer above was told why.
  void retire(reason why);
  /// Ends the session at once.
  void discard();

 private:
  void on_message(net::ws_channel& from, std::string_view message, bool binary) override;
  void on_gone(net::ws_channel& from, std::string_view error) override;
  void on_asker_gone(const net::http_channel& asker) override;
  void on_written(net::ws_channel& from) override;
  void flush() override;
  void lose() noexcept override;
  void abandon() noexcept override;
  void weigh(net::workload& all) const override { all.bytes += session_.buffered_bytes(); }

  void receive(const eio::packet& p);
  void settle();
  void expire();
  void finish();
  void watch_water();
  metrics& counts() const noexcept { return rules_->log->counts(); }

  std::shared_ptr<net::loop> loop_;
  std::shared_ptr<const link_rules> rules_;
  eio::server_session session_;
  net::timer timer_;
  std::shared_ptr<link_user> user_;
  std::function<void()> forget_;
  srv::websockets websockets_;
  srv::polling polling_;
  srv::backlog backlog_{session_, websockets_, *rules_};
  srv::pace pace_{websockets_, *rules_};
};

// ---- bodies

inline void link::start(eio::encoded_packet open, std::shared_ptr<link_user> user, std::function<void()> forget) {
  user_ = std::move(user);
  forget_ = std::move(forget);
  ++counts().sessions_opened;
  session_.send(std::move(open));
  settle();
}

inline void link::poll(const std::shared_ptr<net::http_channel>& asker, poll_terms terms) {
  const auto self = shared_from_this();
  if (!session_.begin_poll()) {
    asker->respond(400, terms.fields, {});
    return settle();
  }
  polling_.hold(asker, std::move(terms));
  asker->tell(weak_from_this());
  settle();
}

inline bool link::expect_post(const std::shared_ptr<net::http_channel>& asker) {
  if (pace_.owes_answer() || !polling_.expect(asker)) return fail("overlap from client"), false;
  asker->tell(weak_from_this());
  return true;
}

inline bool link::post(const net::http_channel& asker, std::string_view body, bool binary) {
  const auto self = shared_from_this();
  if (!polling_.complete(asker)) return fail("overlap from client"), false;
  const std::size_t most = rules_->max_packets_per_payload;
  if (!polling_.read(body, binary, most, [this](const eio::packet& p) { receive(p); })) session_.refuse();
  settle();
  return true;
}

inline void link::fail(std::string_view description) {
  session_.fail(description);
  settle();
}

inline void link::carry(std::shared_ptr<net::ws_channel> ws, bool base64) {
  websockets_.carry(ws, base64);
  ws->serve(shared_from_this());
}

inline void link::offer(std::shared_ptr<net::ws_channel> ws, bool base64) {
  if (!session_.begin_upgrade(loop_->now())) return ws->close();
  websockets_.offer(ws, base64);
  ws->serve(shared_from_this());
  settle();
}

inline void link::send(eio::encoded_packet p, eio::keep how) {
  if (!backlog_.push(std::move(p), how)) {
    websockets_.abort();
    session_.fail("write buffer overflow");
  }
  if (backlog_.is_high()) loop_->mark(shared_from_this());
  settle();
}

inline void link::close() {
  session_.close(loop_->now());
  settle();
}

inline void link::retire(reason why) {
  const auto self = shared_from_this();
  const std::shared_ptr<link_user> user = user_;
  if (user) user->on_retired(why);
  close();
}

inline void link::discard() {
  session_.discard();
  settle();
}

inline void link::on_message(net::ws_channel& from, std::string_view message, bool binary) {
  const auto self = shared_from_this();
  const std::optional<eio::packet> p = websockets_.read(message, binary);
  if (websockets_.offers(from)) {
    if (websockets_.answer_candidate(p, session_, loop_->now())) ++counts().upgrades;
    return settle();
  }
  if (!websockets_.carries(from)) return;
  p ? receive(*p) : session_.refuse();
  settle();
}

inline void link::on_gone(net::ws_channel& from, std::string_view error) {
  const auto self = shared_from_this();
  if (websockets_.lose(from, error, session_)) rules_->log->count(refusal::bad_websocket);
  settle();
}

inline void link::on_asker_gone(const net::http_channel& asker) {
  const auto self = shared_from_this();
  polling_.asker_gone(asker, session_);
  settle();
}

// Everything above is at rest when the user's code runs, and it may close or drop anything.
inline void link::receive(const eio::packet& p) {
  if (!session_.is_open()) return;
  if (!pace_.take(p.data.size(), *loop_)) return session_.fail("rate limit exceeded");
  const std::optional<eio::packet> message = session_.receive(p, loop_->now());
  const std::shared_ptr<link_user> user = user_;
  if (message && user) user->on_message(message->data, message->binary);
}

inline void link::settle() {
  if (websockets_.has_candidate() && !session_.upgrading()) websockets_.drop_candidate();
  timer_.expires_at(std::min(session_.deadline(), pace_.rests_until()));
  if (session_.poll_due() || session_.has_frames() || session_.closed()) loop_->mark(shared_from_this());
}

inline void link::expire() {
  const auto self = shared_from_this();
  pace_.tick(*loop_);
  session_.tick(loop_->now());
  settle();
}

inline void link::on_written(net::ws_channel& from) {
  if (!websockets_.carries(from)) return;
  if (!session_.empty() && !backlog_.waits_for_room()) loop_->mark(shared_from_this());
  watch_water();
}

inline void link::watch_water() {
  const std::optional<bool> high = backlog_.crossed();
  const std::shared_ptr<link_user> user = user_;
  if (high && user) user->on_water(*high);
}

inline void link::flush() {
  const auto self = shared_from_this();
  if (session_.poll_due()) polling_.answer(session_, rules_->compression.get());
  if (websockets_.carries() && !backlog_.waits_for_room())
    session_.take_frames([this](const eio::encoded_packet& p) { websockets_.write(p); });
  if (session_.carrier() == transport::polling || websockets_.blocked()) watch_water();
  if (session_.closed()) finish();
}

inline void link::lose() noexcept {
  session_.discard();
  try {
    finish();
  } catch (const std::exception&) {
    abandon();
  }
}

inline void link::finish() {
  const auto user = std::exchange(user_, nullptr);
  if (!user) return;
  const auto self = shared_from_this();
  ++counts().sessions_closed;
  timer_.cancel();
  loop_->resources().remove(this);
  pace_.end_rest();
  polling_.cut_short();
  websockets_.close();
  loop_->bury(user);
  std::exchange(forget_, nullptr)();
  user->on_closed(*session_.closed(), session_.description());
}

inline void link::abandon() noexcept {
  timer_.cancel();
  const auto user = std::exchange(user_, nullptr);
  forget_ = nullptr;
  pace_.meter(nullptr);
  polling_.let_go();
  websockets_.abandon();
  if (user) user->on_dropped();
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
