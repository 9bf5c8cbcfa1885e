// What a `sio::socket` stands for: one client in one namespace, on its loop.
#pragma once

#include <sio/ends/pending_answers.hpp>
#include <sio/parser/packet.hpp>
#include <sio/server/old_client.hpp>
#include <sio/server/recoverable.hpp>
#include <sio/server/socket_events.hpp>
#include <sio/server/surroundings.hpp>
#include <sio/server/waters.hpp>
#include <sio/socket.hpp>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

class socket final : public receiver {
 public:
  /// `r`: where clients may come back.
  socket(std::string id, sio::handshake shake, surroundings where, std::unique_ptr<srv::recoverable> r = nullptr)
      : id_(std::move(id)), handshake_(std::move(shake)), where_(std::move(where)), events_(where_),
        recoverable_(std::move(r)) {}

  std::shared_ptr<socket> shared_from_this() { return std::static_pointer_cast<socket>(receiver::shared_from_this()); }
  const std::string& id() const noexcept override { return id_; }
  const sio::handshake& handshake() const noexcept { return handshake_; }
  const surroundings& where() const noexcept { return where_; }
  bool connected() const noexcept { return connected_.load(std::memory_order_acquire); }
  bool recovered() const noexcept { return recoverable_ && recoverable_->recovered; }
  socket_data& data() noexcept { return recoverable_ ? *recoverable_->data : data_; }

  // ---- from any thread

  void emit(const emit_flags& flags, std::string_view event, array arguments, ack_handler done);
  void join(std::vector<std::string> rooms) override;
  void leave(std::string room) override;
  void disconnect(bool close) override;

  // ---- on the loop

  /// The namespace took it in: it is connected, in the room of its own id, and its client is told.
  void welcome();
  /// An event or an acknowledgement from its client.
  void receive(parser::packet&& p);
  /// It is out of the namespace, for this reason; harmless if it is out already.
  void end(reason why, std::string_view description);
  /// It was not let in.
  void turn_away();
  /// It is gone, without a word to anybody's code.
  void drop() noexcept;
  /// Tells the "error" listeners, or the log if there are none.
  void report(std::string_view what);
  bool tell_error(std::string_view what);
  /// Too much waits for its client, or it has left since.
  void on_water(bool high);
  srv::waters& waters();
  /// Calls `done` when the water is not high, or the client has gone.
  void wait_until_drained(waters::waiter done);
  /// How many questions its client has not answered.
  std::size_t questions() const noexcept { return answers_ ? answers_->size() : 0; }
  /// Null if its client may not come back.
  srv::recoverable* recoverable() noexcept { return recoverable_.get(); }
  session_record describe_session() const { return {recoverable_->pid(), id_, rooms(), {}, recoverable_->data}; }
  socket_events& events() noexcept { return events_; }
  /// Whether it is out for good, and listens no more.
  bool left() const noexcept { return left_; }
  std::vector<std::string> rooms() const { return where_.audience->rooms().of(*this); }

  void deliver(const event_packet& packet, const parser::encoded& bytes, const emit_flags& flags) override;
  void ask(std::uint64_t id, const parser::encoded& bytes, const emit_flags& flags, ack_handler done) override;
  socket_record describe() override;
  void show(const event_packet& packet) override;

 private:
  sio::socket handle() { return sio::socket(shared_from_this()); }
  void send(const parser::encoded& packet, const emit_flags& flags);
  void call(std::string_view event, reason why, std::string_view description);
  void on_event(parser::packet&& p);
  ends::pending_answers& answers();
  void leave_audience() noexcept;
  void disconnected_later(ack_handler done);
  sio::ack answer_to(std::uint64_t id);

  std::string id_;
  sio::handshake handshake_;
  surroundings where_;
  socket_events events_;
  std::unique_ptr<ends::pending_answers>
      answers_;                          // made for the first question; it stays: it may be what rings right now
  std::unique_ptr<srv::waters> waters_;  // made for the first who wants to know
  std::unique_ptr<srv::recoverable> recoverable_;
  socket_data data_;
  std::atomic<bool> connected_{false};
  bool left_ = false;
};

// ---- bodies

template <class F>
void on_loop(const std::shared_ptr<socket>& s, F f) {
  s->where().loop->run([s, f = std::move(f)]() mutable { f(*s); });
}

inline void socket::emit(const emit_flags& flags, std::string_view event, array arguments, ack_handler done) {
  check_event_name(event);
  if (recoverable_ && !done)
    return emit_recoverably(shared_from_this(), flags, {std::string(event), std::move(arguments)});
  std::optional<std::uint64_t> id;
  if (done) id = where_.audience->next_ack_id();
  parser::encoded bytes = where_.audience->codec().event(where_.audience->nsp(), id, event, arguments);
  std::shared_ptr<const event_packet> shown;
  if (watched()) shown = std::make_shared<const event_packet>(std::string(event), std::move(arguments));
  on_loop(shared_from_this(),
          [bytes = std::move(bytes), id, flags, done = std::move(done), shown = std::move(shown)](socket& s) mutable {
            if (id && !s.connected()) return s.disconnected_later(std::move(done));
            if (id) s.answers().wait(*id, flags.timeout, std::move(done));
            s.send(bytes, flags);
            if (shown) s.show(*shown);
          });
}

inline void socket::join(std::vector<std::string> rooms) {
  on_loop(shared_from_this(), [rooms = std::move(rooms)](socket& s) {
    if (!s.left_) s.where_.adapter->add_all(s, rooms);
  });
}

inline void socket::leave(std::string room) {
  on_loop(shared_from_this(), [room = std::move(room)](socket& s) { s.where_.adapter->del(s, room); });
}

inline void socket::disconnect(bool close) {
  on_loop(shared_from_this(), [close](socket& s) {
    if (!s.connected()) return;
    const auto owner = s.where_.owner.lock();
    if (close && owner) return owner->disconnect_all();
    ends::send_packet(*s.where_.link, s.where_.audience->codec().disconnect(s.where_.audience->nsp()));
    s.end(reason::server_namespace_disconnect, {});
  });
}

inline void socket::welcome() {
  connected_.store(true, std::memory_order_release);
  where_.audience->enter(*this);
  if (recoverable_) recoverable_->enter(*where_.audience, *this, *where_.link);
  ends::send_packet(*where_.link, old_client::welcome(*where_.audience, *where_.link, id_, recoverable_.get()));
  where_.adapter->add_all(*this, {id_});
}

inline void socket::deliver(const event_packet&, const parser::encoded& bytes, const emit_flags& flags) {
  send(bytes, flags);
}

inline void socket::ask(std::uint64_t id, const parser::encoded& bytes, const emit_flags& flags, ack_handler done) {
  answers().wait(id, flags.timeout, std::move(done));
  send(bytes, flags);
}

inline socket_record socket::describe() { return {id_, handshake_, rooms(), events_.shown(handle(), data())}; }

inline void socket::show(const event_packet& packet) {
  if (connected()) events_.show_outgoing(handle(), packet.event(), packet.arguments());
}

inline void socket::send(const parser::encoded& packet, const emit_flags& flags) {
  if (!connected() || (flags.is_volatile && !where_.link->backlog().takes_volatile())) return;
  ends::send_packet(*where_.link, packet, flags.compress.value_or(true),
                    flags.is_volatile ? eio::keep::while_fresh : eio::keep::always);
}

inline void socket::receive(parser::packet&& p) {
  if (p.type == parser::packet_type::event) return on_event(std::move(p));
  if (!p.id || !answers_) return;
  array arguments;
  if (p.data && p.data->if_array()) arguments = std::move(*p.data->if_array());
  answers_->answer(*p.id, std::move(arguments));
}

// ["move",{"x":1}]: the name, then the arguments. An event without a name means nothing.
inline void socket::on_event(parser::packet&& p) {
  array* all = p.data ? p.data->if_array() : nullptr;
  if (!all || all->empty()) return;
  std::string name = all->front().is_string() ? std::move(*all->front().if_string())
                                              : std::to_string(all->front().if_number().value_or(0));
  all->erase(all->begin());
  ++where_.log->counts().events_in;
  event_call what{std::move(*all), p.id ? answer_to(*p.id) : sio::ack(), nullptr, {}};
  events_.receive(handle(), std::move(name), std::move(what));
}

inline void socket::call(std::string_view event, reason why, std::string_view description) {
  event_call what{{to_string(why)}, {}, nullptr, {}};
  if (!description.empty()) what.args.emplace_back(description);
  events_.call(handle(), event, std::move(what));
}

inline sio::ack socket::answer_to(std::uint64_t id) {
  return sio::ack([self = shared_from_this(), id](const array& arguments) {
    on_loop(self, [packet = self->where_.audience->codec().ack(self->where_.audience->nsp(), id, arguments)](
                      socket& s) { s.send(packet, {}); });
  });
}

inline ends::pending_answers& socket::answers() {
  if (answers_) return *answers_;
  const auto ring = [this] {
    const auto self = shared_from_this();
    where_.log->counts().acks_timed_out += answers_->expire();
  };
  const auto complain = [this](const std::string& what) { report(what); };
  answers_ = std::make_unique<ends::pending_answers>(where_.loop, ring, complain);
  return *answers_;
}

// Not at once: a lambda that asks again when nobody answers would call itself without end.
inline void socket::disconnected_later(ack_handler done) {
  where_.loop->post([self = shared_from_this(), done = std::move(done)]() mutable {
    self->answers().run(done, errc::disconnected, {});
  });
}

inline waters& socket::waters() {
  if (!waters_) waters_ = std::make_unique<srv::waters>();
  return *waters_;
}

inline void socket::on_water(bool high) {
  const auto self = shared_from_this();
  if (waters_) waters_->tell(high, [this](const std::string& what) { report(what); });
}

inline void socket::wait_until_drained(waters::waiter done) {
  if (!connected()) return done(errc::disconnected);
  if (!where_.link->backlog().await_low()) return done({});
  waters().wait(std::move(done));
}

inline void socket::report(std::string_view what) { events_.report(handle(), what); }

inline bool socket::tell_error(std::string_view what) { return events_.tell_error(handle(), {value(what)}); }

inline void socket::end(reason why, std::string_view description) {
  if (std::exchange(left_, true)) return;
  const auto self = shared_from_this();
  const bool was_connected = connected();
  if (was_connected) call("disconnecting", why, description);
  if (was_connected && recoverable_ && may_come_back(why)) where_.adapter->persist_session(describe_session());
  connected_.store(false, std::memory_order_release);
  where_.adapter->del_all(*this);
  leave_audience();
  if (const auto owner = where_.owner.lock()) owner->on_left(where_.audience->nsp());
  if (was_connected) call("disconnect", why, description);
  events_.clear();
  if (answers_) answers_->disconnect();
  if (waters_) waters_->end();
  where_.place.reset();
}

inline void socket::leave_audience() noexcept {
  where_.audience->leave(*this);
  if (recoverable_) recoverable_->leave(*where_.audience, *this);
}

inline void socket::turn_away() {
  const auto self = shared_from_this();
  left_ = true;
  if (recovered()) where_.adapter->persist_session(describe_session());
  where_.adapter->del_all(*this);
  drop();
}

inline void socket::drop() noexcept {
  left_ = true;
  connected_.store(false, std::memory_order_release);
  leave_audience();
  events_.clear();
  if (answers_) answers_->drop();
  waters_.reset();
  where_.place.reset();
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
