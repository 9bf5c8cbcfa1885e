// One Engine.IO connection of a client: a session, what carries it, and what may take it over.
#pragma once

#include <sio/client/engine_options.hpp>
#include <sio/client/transport_order.hpp>
#include <sio/client/transports.hpp>
#include <sio/eio/client_session.hpp>
#include <sio/eio/payload.hpp>
#include <sio/net/loop.hpp>

#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace cln {

/// Lives on a loop: it is called, and dies, within a turn of it. It opens once; whoever lets go of it ends it.
class engine final : public std::enable_shared_from_this<engine>,
                     public net::flushable,
                     public net::resource,
                     public transport_user {
 public:
  engine(std::shared_ptr<net::loop> l, engine_options o, std::weak_ptr<engine_user> u)
      : loop_(std::move(l)), options_(std::make_shared<const engine_options>(std::move(o))), user_(std::move(u)),
        order_(*options_), session_(order_.first(), options_->patience), timer_(loop_->timers(), [this] { expire(); }),
        transports_(loop_, options_) {}
  ~engine() override { abort(); }

  /// Nobody is told anything before this returns; the same goes for `send` and `close`.
  void open();
  /// What is sent before the session is open waits for it; what is sent after `close` is dropped.
  void send(eio::encoded_packet p);
  /// Whether what is sent now leaves now: a volatile event is dropped if not.
  bool writable() const noexcept;
  /// What waits to leave.
  std::size_t buffered_bytes() const noexcept;
  /// Whether the server's ping is overdue: then the session ends with "ping timeout". Asked before something is sent,
  /// it finds out what the timers of a machine that was asleep have not.
  bool expired();
  /// Closes once everything that was sent has left, and an upgrade on its way has come to its end: "forced close".
  void close();
  /// Ends everything at once; nobody is told.
  void abort() noexcept;

  /// Of the session; empty before it is open.
  const std::string& id() const noexcept { return session_.sid(); }
  transport carrier() const noexcept { return session_.carrier(); }
  bool is_open() const noexcept { return session_.is_open(); }

 private:
  void flush() override;
  void lose() noexcept override;
  void abandon() noexcept override { abort(); }
  void weigh(net::workload& all) const override { all.bytes += session_.buffered_bytes(); }
  void on_polled(polling& from, std::string_view payload) override;
  void on_posted(polling& from) override;
  void on_broken(polling& from, eio::client_fault why) override;
  void on_opened(websocket& from) override;
  void on_packet(websocket& from, const std::optional<eio::packet>& p) override;
  void on_ended(websocket& from, std::optional<eio::client_fault> why) override;
  void on_written(websocket& from) override;

  void begin();
  bool begin_next();
  void receive(const eio::packet& p);
  void settle();
  void expire();
  void flush_polling();
  void probe();
  void drop_candidate(eio::client_fault why);
  void finish();

  std::shared_ptr<net::loop> loop_;
  std::shared_ptr<const engine_options> options_;
  std::weak_ptr<engine_user> user_;
  transport_order order_;
  eio::client_session session_;
  net::timer timer_;
  cln::transports transports_;
  bool finished_ = false;
};

// ---- bodies

inline void engine::open() {
  loop_->resources().add(this);
  if (!order_.empty()) return begin();
  session_.fail({"No transports available", {}, 0, {}});
  settle();
}

inline void engine::begin() {
  transports_.begin(session_.carrier(), weak_from_this());
  settle();
}

// The next transport, if the one that failed was not the last and the session was never open.
inline bool engine::begin_next() {
  if (session_.was_open() || session_.closed() != reason::transport_error) return false;
  const std::optional<transport> next = order_.after(session_.carrier());
  if (!next) return false;
  transports_.abort();
  session_.start_over(*next);
  begin();
  return true;
}

inline void engine::send(eio::encoded_packet p) {
  session_.send(std::move(p));
  if (buffered_bytes() > options_->max_buffered_bytes)
    session_.fail({"write buffer overflow",
                   "more than " + std::to_string(options_->max_buffered_bytes) + " bytes wait for the server",
                   0,
                   {}});
  settle();
}

inline bool engine::writable() const noexcept { return session_.writable() && transports_.writable(); }

inline std::size_t engine::buffered_bytes() const noexcept {
  return session_.buffered_bytes() + transports_.buffered_bytes();
}

inline bool engine::expired() {
  if (session_.expired(loop_->now())) {
    session_.tick(loop_->now());
    settle();
  }
  return session_.closed() == reason::ping_timeout;
}

inline void engine::close() {
  session_.close(loop_->now());
  settle();
}

inline void engine::abort() noexcept {
  finished_ = true;
  user_.reset();
  session_.discard();
  timer_.cancel();
  transports_.abort();
  loop_->resources().remove(this);
}

// ---- what comes from below; the user's code runs last, and may do anything

inline void engine::receive(const eio::packet& p) {
  using event = eio::client_session::event;
  const event what = session_.receive(p, loop_->now());
  const auto user = user_.lock();
  if (!user) return;
  if (what == event::open) user->on_open();
  if (what == event::message) user->on_message(p.data, p.binary);
  if (what == event::ping) user->on_ping();
}

inline void engine::on_polled(polling& from, std::string_view payload) {
  const auto self = shared_from_this();
  if (!transports_.is_polling(from)) return;
  eio::payload_reader packets(payload, options_->max_packets_per_payload);
  while (!session_.closed()) {
    const std::optional<eio::packet> p = packets.next();
    if (!p) break;
    receive(*p);
  }
  if (packets.failed()) session_.refuse();
  session_.end_poll();
  settle();
}

inline void engine::on_posted(polling& from) {
  const auto self = shared_from_this();
  if (!transports_.is_polling(from)) return;
  session_.end_post();
  settle();
  const auto user = user_.lock();
  if (user && session_.empty() && !session_.closed()) user->on_drain();
}

inline void engine::on_broken(polling& from, eio::client_fault why) {
  if (transports_.is_polling(from)) session_.fail(std::move(why));
  settle();
}

inline void engine::on_opened(websocket& from) {
  static const eio::encoded_packet& probe = eio::fixed_packet("2probe");
  if (transports_.offers(from)) from.write(probe);
}

inline void engine::on_packet(websocket& from, const std::optional<eio::packet>& p) {
  const auto self = shared_from_this();
  if (transports_.offers(from) && (!p || !session_.receive_probe(*p)))
    return drop_candidate({"probe error", "the server answered the probe with something else", 0, {}});
  if (transports_.carries(from)) p ? receive(*p) : session_.refuse();
  settle();
}

inline void engine::on_ended(websocket& from, std::optional<eio::client_fault> why) {
  const auto self = shared_from_this();
  if (transports_.offers(from))
    return drop_candidate(why ? eio::client_fault{"probe error", to_text(*why), why->status, why->context}
                              : eio::client_fault{"probe error", "transport closed", 0, {}});
  if (transports_.carries(from)) why ? session_.fail(std::move(*why)) : session_.lose("websocket connection closed");
  settle();
}

inline void engine::on_written(websocket& from) {
  const auto user = user_.lock();
  if (user && transports_.carries(from) && from.writable() && session_.empty()) user->on_drain();
}

inline void engine::drop_candidate(eio::client_fault why) {
  transports_.drop_candidate();
  session_.end_probe();
  settle();
  if (const auto user = user_.lock()) user->on_upgrade_error(why);
}

inline void engine::expire() {
  const auto self = shared_from_this();
  session_.tick(loop_->now());
  if (transports_.has_candidate() && !session_.upgrading() && !session_.closed())
    return drop_candidate({"probe error", "the server left the probe unanswered", 0, {}});
  settle();
}

// ---- what goes down, at the end of a turn

inline void engine::settle() {
  timer_.expires_at(session_.deadline());
  if (!finished_) loop_->mark(shared_from_this());
}

inline void engine::flush() {
  const auto self = shared_from_this();
  if (finished_) return;
  const bool moved = session_.take_over_due();
  if (moved) {
    transports_.promote_candidate();
    session_.take_over();
  }
  flush_polling();
  probe();
  if (session_.has_frames()) session_.take_frames([this](const eio::encoded_packet& p) { transports_.write(p); });
  const auto user = user_.lock();
  if (moved && user) user->on_upgrade(transport::websocket);
  if (session_.closed()) finish();
}

inline void engine::flush_polling() {
  if (session_.poll_due()) {
    session_.begin_poll();
    transports_.get(session_.sid());
  }
  if (session_.post_due()) transports_.post(session_.sid(), session_.take_post());
}

inline void engine::probe() {
  if (!session_.probe_due()) return;
  if (!options_->upgrade || !order_.has(transport::websocket)) return session_.end_probe();
  session_.begin_probe(loop_->now());
  transports_.begin_candidate(weak_from_this(), session_.sid());
  settle();
}

inline void engine::lose() noexcept {
  try {
    session_.fail({"transport error", "there is no memory", 0, {}});
    finish();
  } catch (const std::exception&) {
    abort();
  }
}

inline void engine::finish() {
  if (finished_ || begin_next()) return;
  finished_ = true;
  const auto self = shared_from_this();
  timer_.cancel();
  loop_->resources().remove(this);
  session_.owes_farewell() ? transports_.close(session_.sid()) : transports_.abort();
  const auto hearer = user_.lock();
  if (hearer && !session_.fault().message.empty()) hearer->on_error(session_.fault());
  const auto user = std::exchange(user_, {}).lock();
  if (user) user->on_close(*session_.closed(), session_.description());
}

}  // namespace cln
}  // namespace SIO_ABI
}  // namespace sio
