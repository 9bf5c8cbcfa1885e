// A client's events on their way out: sent, kept until there is a connection, or sent again until they are answered.
#pragma once

#include <sio/client/carrier.hpp>
#include <sio/client/offline.hpp>
#include <sio/client/retry_queue.hpp>
#include <sio/ends/pending_answers.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace cln {

/// Lives in its socket, on the loop.
class sender {
 public:
  /// What `start` is to do with an event.
  struct step {
    outgoing event;
    emit_flags flags;
    ack_handler done;
    std::optional<array> retried;  ///< its arguments, if it goes through the queue
  };

  sender(const ground& g, carrier& over, const std::string& nsp, const std::atomic<bool>& is_connected)
      : ground_(g), carrier_(over), nsp_(nsp), connected_(is_connected),
        answers_(
            g.where.loop, [this] { expire(); }, [this](const std::string& what) { report(what); }),
        offline_(*g.options) {
    if (g.options->retries) queue_.emplace(*g.options->retries);
  }
  /// `owner` is kept alive while users' code runs.
  void belong(std::weak_ptr<void> owner, std::shared_ptr<callbacks> to) {
    owner_ = std::move(owner);
    callbacks_ = std::move(to);
  }

  // ---- from any thread

  /// Encodes it.
  step prepare(const emit_flags& flags, std::string_view event, array arguments, ack_handler done);
  /// From now on the outgoing catch-all listeners are shown what leaves.
  void watch() noexcept { watched_.store(true, std::memory_order_release); }

  // ---- on the loop

  void start(step s);
  void answer(std::uint64_t id, array arguments) { answers_.answer(id, std::move(arguments)); }
  /// Sends what waits. The user's code may end the connection meanwhile.
  void connected();
  /// Nobody will answer what was sent.
  void disconnected() {
    answers_.disconnect_unless([this](std::uint64_t id) { return offline_.has(id); });
  }
  std::vector<offline_event> waiting() const { return offline_.list(); }
  void forget_waiting();
  void drop() {
    answers_.drop();
    if (queue_) queue_->clear();
  }

 private:
  bool is_connected() const noexcept { return connected_.load(std::memory_order_acquire); }
  std::uint64_t next_id() noexcept { return next_id_++; }
  void report(const std::string& what) { callbacks_->report(what); }
  void enqueue(step s);
  void send(outgoing event, const emit_flags& flags, ack_handler done);
  void keep(outgoing event);
  void transmit(const outgoing& event);
  void send_next(bool again);
  bool encode(outgoing& event, const array& arguments);
  void finish(std::uint64_t number, unsigned attempt, error_code ec, array arguments);
  ack_handler for_user(ack_handler done) const;
  void expire();

  const ground& ground_;
  carrier& carrier_;
  const std::string& nsp_;
  const std::atomic<bool>& connected_;
  std::weak_ptr<void> owner_;
  std::shared_ptr<callbacks> callbacks_;
  ends::pending_answers answers_;
  offline offline_;
  std::optional<retry_queue> queue_;
  std::atomic<std::uint64_t> next_id_{0};
  std::atomic<bool> watched_{false};
};

// ---- bodies

inline sender::step sender::prepare(const emit_flags& flags, std::string_view event, array arguments,
                                    ack_handler done) {
  step made{
      {std::string(event), {}, std::nullopt, flags.compress.value_or(true)}, flags, for_user(std::move(done)), {}};
  if (queue_ && !flags.is_volatile) return made.retried = std::move(arguments), made;
  if (made.done) made.event.id = next_id();
  made.event.packet = ground_.codec->event(nsp_, made.event.id, event, arguments);
  if (watched_.load(std::memory_order_acquire)) made.event.shown = std::make_shared<const array>(std::move(arguments));
  return made;
}

inline void sender::start(step s) {
  if (!s.retried) return send(std::move(s.event), s.flags, std::move(s.done));
  if (queue_->size() < ground_.options->max_offline_events) return enqueue(std::move(s));
  report(s.event.name + ": dropped, too many events wait for their acknowledgement");
  array none;
  if (s.done) answers_.run(s.done, errc::dropped, std::move(none));
}

inline void sender::enqueue(step s) {
  queue_->push(std::move(s.event.name), std::move(*s.retried), s.flags, std::move(s.done));
  send_next(false);
}

inline void sender::send(outgoing event, const emit_flags& flags, ack_handler done) {
  if (event.id) {
    const auto limit = flags.timeout ? flags.timeout : ground_.options->ack_timeout;
    if (limit) event.due = ends::in(*ground_.where.loop, *limit);
    answers_.wait(*event.id, limit, std::move(done));
  }
  if (flags.is_volatile && !carrier_.writable()) {
    if (event.id) answers_.fail(*event.id, errc::dropped);
    return;
  }
  const bool in_turn = offline_.empty();  // not before what has waited, while that leaves
  is_connected() && in_turn && !carrier_.expired() ? transmit(event) : keep(std::move(event));
}

inline void sender::transmit(const outgoing& event) {
  carrier_.send(event.packet, event.compress);
  if (event.shown) callbacks_->show_outgoing(event.name, *event.shown);
}

inline void sender::keep(outgoing event) {
  for (const outgoing& dropped : offline_.push(std::move(event))) {
    report(dropped.name + ": dropped, too many events wait for a connection");
    if (dropped.id) answers_.fail(*dropped.id, errc::dropped);
  }
}

inline void sender::connected() {
  while (is_connected()) {
    const std::optional<outgoing> first = offline_.pop();
    if (!first) break;
    transmit(*first);
  }
  send_next(true);
}

inline void sender::forget_waiting() {
  const auto alive = owner_.lock();
  while (const std::optional<outgoing> dropped = offline_.pop())
    if (dropped->id) answers_.fail(*dropped->id, errc::dropped);
}

// Each try is an event of its own: a late answer to another try counts for nothing.
inline void sender::send_next(bool again) {
  const retry_queue::entry* next = nullptr;
  while (queue_ && is_connected() && (next = queue_->next(again)) != nullptr) {
    outgoing out{next->name, {}, next_id(), next->flags.compress.value_or(true)};
    if (watched_.load(std::memory_order_acquire)) out.shown = std::make_shared<const array>(next->arguments);
    const std::uint64_t number = next->number;
    const unsigned attempt = next->tries;
    if (!encode(out, next->arguments)) {
      finish(number, attempt, errc::dropped, {});
      continue;
    }
    return send(std::move(out), next->flags, [this, number, attempt](error_code ec, array& arguments) {
      const auto alive = owner_.lock();
      finish(number, attempt, ec, std::move(arguments));
      send_next(false);
      return std::optional<std::string>();
    });
  }
}

inline bool sender::encode(outgoing& event, const array& arguments) {
  const auto why_not = events::run_user_code([&]() -> std::optional<std::string> {
    event.packet = ground_.codec->event(nsp_, event.id, event.name, arguments);
    return std::nullopt;
  });
  if (why_not) report(event.name + ": " + *why_not);
  return !why_not;
}

// An event that cannot be encoded now never will.
inline void sender::finish(std::uint64_t number, unsigned attempt, error_code ec, array arguments) {
  const auto verdict = !ec                   ? retry_queue::verdict::done
                       : ec == errc::dropped ? retry_queue::verdict::hopeless
                                             : retry_queue::verdict::failed;
  ack_handler done = queue_->answered(number, attempt, verdict);
  if (done) answers_.run(done, ec, std::move(arguments));
}

// Where users poll, what they wait for comes to them there.
inline ack_handler sender::for_user(ack_handler done) const {
  if (!done || ground_.where.mailbox->direct()) return done;
  return [box = ground_.where.mailbox, to = callbacks_, done = std::move(done)](error_code ec, array& arguments) {
    box->run([to, done, ec, arguments = std::move(arguments)]() mutable {
      const auto why_not = events::run_user_code([&] { return done(ec, arguments); });
      if (why_not) to->report("acknowledgement: " + *why_not);
    });
    return std::optional<std::string>();
  };
}

inline void sender::expire() {
  const auto alive = owner_.lock();
  offline_.expire(ground_.where.loop->now());
  answers_.expire();
}

}  // namespace cln
}  // namespace SIO_ABI
}  // namespace sio
