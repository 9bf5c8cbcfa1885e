// What a `sio::manager` stands for: one connection, the sockets that share it, and its coming back.
#pragma once

#include <sio/client/complaints.hpp>
#include <sio/client/engine_setup.hpp>
#include <sio/client/line.hpp>
#include <sio/client/opened.hpp>
#include <sio/client/reconnection.hpp>
#include <sio/client/socket.hpp>
#include <sio/client/sockets.hpp>
#include <sio/client/worker.hpp>
#include <sio/ends/incoming.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace cln {

class manager final : public carrier, public engine_user, public std::enable_shared_from_this<manager> {
 public:
  /// Throws std::invalid_argument with a sentence for options that cannot be.
  static std::shared_ptr<manager> make(asio::any_io_executor host, http::url url, client_options options);

  // ---- from any thread

  handles& counted() noexcept { return handles_; }
  const ground& where() const noexcept { return ground_; }
  callbacks& events() noexcept { return *callbacks_; }
  const std::shared_ptr<cln::worker>& worker() const noexcept { return worker_; }
  cln::sockets& sockets() noexcept { return sockets_; }
  std::shared_ptr<socket> make_socket(std::string nsp) { return make_socket(std::move(nsp), ground_.options->auth); }
  std::shared_ptr<socket> make_socket(std::string nsp, sio::auth shown);
  /// The socket in that namespace, counted for one more handle.
  std::shared_ptr<socket> take_socket(const std::string& nsp);
  /// No handle is left, of it or of its sockets: nobody's code runs any more, and soon it is gone.
  void release();
  /// For handles: whoever lets go of the last one, it goes on the loop.
  std::shared_ptr<manager> at_home() { return home_.of(shared_from_this(), *worker_->loop()); }

  // ---- on the loop

  void open(opened done = {});
  void close();
  cln::reconnection& reconnection() noexcept { return reconnection_; }
  void set_timeout(std::chrono::milliseconds t) noexcept { timeout_ = t; }
  /// Null if the connection is not open.
  engine* session() const noexcept { return state_ == state::open ? &line_->engine() : nullptr; }

  // ---- for sockets

  void want(socket& s, bool still) override;
  void leave() override;
  void send(const parser::encoded& packet, bool compress) override;
  bool writable() const override { return state_ == state::open && line_->engine().writable(); }
  bool expired() override { return state_ == state::open && line_->engine().expired(); }

 private:
  enum class state { closed, opening, open };

  manager(asio::any_io_executor host, http::url url, std::shared_ptr<const client_options> o);

  void on_open() override;
  void on_message(std::string_view message, bool binary) override;
  void on_ping() override { call("ping"); }
  void on_upgrade(transport to) override;
  void on_upgrade_error(const engine_error& why) override { tell("upgrade_error", why); }
  void on_error(const engine_error& why) override;
  void on_close(reason why, std::string_view description) override;

  void fail_to_open(const engine_error& why);
  void end(reason why, std::string description);
  void reconnect();
  void try_again();
  void retried(const std::string& why_not);
  void call(std::string event, array arguments = {});
  void tell(std::string event, const engine_error& why);

  std::shared_ptr<cln::worker> worker_;
  ground ground_;
  engine_options setup_;
  std::shared_ptr<callbacks> callbacks_;
  handles handles_;
  home<manager> home_;
  cln::sockets sockets_;
  std::shared_ptr<line> line_;
  std::optional<ends::incoming> decoder_;
  cln::reconnection reconnection_;
  net::timer patience_;
  std::chrono::milliseconds timeout_;
  opened opened_;
  engine_error last_error_;
  state state_ = state::closed;
  bool websocket_worked_ = false;
};

// ---- bodies

inline std::shared_ptr<manager> manager::make(asio::any_io_executor host, http::url url, client_options options) {
  check(options);
  std::shared_ptr<manager> made(
      new manager(std::move(host), std::move(url), std::make_shared<const client_options>(std::move(options))));
  made->worker_->start();
  return made;
}

inline manager::manager(asio::any_io_executor host, http::url url, std::shared_ptr<const client_options> o)
    : worker_(cln::worker::make(std::move(host))), ground_(make_ground(worker_->loop(), o)),
      setup_(set_up_engine(worker_->loop(), url, *o)),
      callbacks_(std::make_shared<callbacks>(ground_.where, url.source)),
      reconnection_(worker_->loop(), *o, [this] { try_again(); }), patience_(worker_->loop()->timers(),
                                                                             [this] {
                                                                               fail_to_open({"timeout", {}, 0, {}});
                                                                             }),
      timeout_(o->timeout) {}

inline std::shared_ptr<socket> manager::make_socket(std::string nsp, sio::auth shown) {
  return socket::make(ground_, shared_from_this(), std::move(nsp), std::move(shown));
}

// Another thread may take the same one, or let go of it, between the two steps.
inline std::shared_ptr<socket> manager::take_socket(const std::string& nsp) {
  for (;;) {
    if (auto known = sockets_.take(nsp)) return known;
    counted().add();
    if (auto made = sockets_.take_free(nsp, [&] { return make_socket(nsp); })) return made;
    counted().remove();
  }
}

inline void manager::release() {
  ground_.where.mailbox->shut();
  worker_->loop()->run([self = shared_from_this()] {
    self->callbacks_->clear();
    self->opened_ = nullptr;
    self->reconnection_.skip();
    self->patience_.cancel();
    self->state_ = state::closed;
    if (const auto last = std::exchange(self->line_, nullptr)) last->leave();
  });
  worker_->finish(ground_.options->linger, shared_from_this());
}

// ---- opening

inline void manager::open(opened done) {
  if (state_ == state::open) return done ? done({}) : void();
  if (state_ == state::opening) return void(opened_ = both(std::move(opened_), std::move(done)));
  reconnection_.want();
  state_ = state::opening;
  opened_ = std::move(done);
  engine_options now = setup_;
  now.websocket_first = ground_.options->remember_upgrade && websocket_worked_;
  decoder_.emplace(*ground_.codec);
  line_ = line::make(worker_->loop(), std::move(now), weak_from_this());
  if (timeout_.count() != 0) patience_.expires_at(worker_->loop()->now() + timeout_);
  line_->engine().open();
}

inline void manager::on_open() {
  patience_.cancel();
  state_ = state::open;
  websocket_worked_ = line_->engine().carrier() == transport::websocket;
  const auto mine = line_;
  call("open");
  for (const auto& s : sockets_.all())
    if (line_ == mine && s->active()) s->on_open();
  if (line_ != mine) return;
  if (const opened done = std::exchange(opened_, nullptr)) done({});
}

inline void manager::fail_to_open(const engine_error& why) {
  patience_.cancel();
  state_ = state::closed;
  if (const auto failed = std::exchange(line_, nullptr)) failed->abort();
  last_error_ = why;
  const opened done = std::exchange(opened_, nullptr);
  tell("error", why);
  for (const auto& s : sockets_.all())
    if (s->active()) s->on_error(why.message, data_of(why));
  if (done) return done(why.message.empty() ? "error" : why.message);
  if (reconnection_.enabled() && reconnection_.attempts() == 0) reconnect();
}

inline void manager::on_error(const engine_error& why) {
  if (state_ == state::opening) return fail_to_open(why);
  tell("error", why);
  for (const auto& s : sockets_.all())
    if (s->active()) s->on_error(why.message, data_of(why));
}

// ---- packets

inline void manager::on_message(std::string_view message, bool binary) {
  const auto mine = line_;
  std::optional<packet> p = decoder_->add(message, binary);
  if (decoder_->failed()) return end(reason::parse_error, std::string(decoder_->error()));
  if (!p) return;
  if (callbacks_->listeners().has("packet")) call("packet", {value(static_cast<int>(p->type)), value(p->nsp)});
  if (line_ != mine) return;
  const auto to = sockets_.find(p->nsp);
  if (to && to->active()) to->on_packet(std::move(*p));
}

inline void manager::send(const parser::encoded& packet, bool compress) {
  if (state_ != state::open || !packet.head.shared()) return;
  line_->engine().send(compress ? packet.head : packet.head.uncompressed());
  for (const eio::encoded_packet& attachment : packet.attachments)
    line_->engine().send(compress ? attachment : attachment.uncompressed());
}

inline void manager::on_upgrade(transport to) {
  websocket_worked_ = to == transport::websocket;
  call("upgrade", {value(to_string(to))});
}

// ---- closing

inline void manager::want(socket& s, bool still) {
  if (state_ == state::open && !still) return s.on_open();
  if (!reconnection_.active()) open();
}

inline void manager::leave() {
  for (const auto& s : sockets_.all())
    if (s->active()) return;
  close();
}

inline void manager::close() {
  reconnection_.skip();
  end(reason::forced_close, {});
}

inline void manager::on_close(reason why, std::string_view description) {
  if (state_ == state::open) end(why, std::string(description));
}

inline void manager::end(reason why, std::string description) {
  const auto self = shared_from_this();
  patience_.cancel();
  reconnection_.reset();
  const bool was_closed = std::exchange(state_, state::closed) == state::closed;
  if (const auto last = std::exchange(line_, nullptr)) last->leave();
  const opened done = std::exchange(opened_, nullptr);
  if (!was_closed) {
    array what{value(to_string(why))};
    if (!description.empty()) what.emplace_back(description);
    call("close", std::move(what));
    for (const auto& s : sockets_.all())
      if (s->active()) s->on_close(why, description);
  }
  if (done) done(std::string(to_string(why)));
  if (reconnection_.enabled() && !reconnection_.skipped()) reconnect();
}

// ---- coming back

inline void manager::reconnect() {
  if (reconnection_.active() || reconnection_.skipped() || state_ != state::closed) return;
  if (!reconnection_.schedule()) call("reconnect_failed");
}

inline void manager::try_again() {
  if (reconnection_.skipped()) return;
  if (state_ == state::open) return retried({});
  call("reconnect_attempt", {value(reconnection_.attempts())});
  if (reconnection_.skipped()) return;
  open([this](const std::string& why_not) { retried(why_not); });
}

inline void manager::retried(const std::string& why_not) {
  const auto number = reconnection_.end(why_not.empty());
  if (why_not.empty()) return call("reconnect", {value(number)});
  reconnect();
  tell("reconnect_error", last_error_);
}

inline void manager::call(std::string event, array arguments) {
  callbacks_->call(std::move(event), {std::move(arguments), {}, nullptr, {}});
}

inline void manager::tell(std::string event, const engine_error& why) {
  array what{value(why.message)};
  if (auto data = data_of(why)) what.push_back(std::move(*data));
  call(std::move(event), std::move(what));
}

}  // namespace cln
}  // namespace SIO_ABI
}  // namespace sio
