// Bodies of client.hpp: each handle hands its call to what it stands for.
#pragma once

#include <sio/client/registry.hpp>
#include <sio/client_handle.hpp>
#include <sio/manager.hpp>

#include <stdexcept>

namespace sio {
inline namespace SIO_ABI {

namespace detail {

inline cln::manager& manager_of(const cln::socket& s) { return static_cast<cln::manager&>(*s.over()); }

// Active at once, though it begins on the loop.
inline void connect_soon(const std::shared_ptr<cln::socket>& what) {
  ++what->asked();
  cln::on_loop(what, [](cln::socket& s) {
    s.connect();
    --s.asked();
  });
}

inline std::shared_ptr<cln::socket> begin_client(asio::any_io_executor host, std::string_view url,
                                                 client_options options) {
  const bool connects = options.auto_connect;
  const auto made = cln::registry::instance().join(std::move(host), http::parse_url(url), std::move(options));
  if (connects) connect_soon(made);
  return made->at_home();
}

}  // namespace detail

SIO_DECL client::client(std::string_view url, client_options options)
    : impl_(detail::begin_client({}, url, std::move(options))) {}

SIO_DECL client::client(asio::any_io_executor executor, std::string_view url, client_options options)
    : impl_(detail::begin_client(std::move(executor), url, std::move(options))) {}

SIO_DECL client::client(std::shared_ptr<cln::socket> impl, bool keeps) noexcept
    : impl_(std::move(impl)), keeps_(keeps) {}

SIO_DECL client::client(const client& other) noexcept : impl_(other.impl_), keeps_(other.keeps_) {
  if (keeps_) impl_->counted().add();
}

SIO_DECL client& client::operator=(const client& other) noexcept {
  const client old(*this);  // it goes last: that may run anybody's destructors
  if (other.keeps_) other.impl_->counted().add();
  if (keeps_) release();
  impl_ = other.impl_;
  keeps_ = other.keeps_;
  return *this;
}

SIO_DECL client::~client() {
  if (keeps_) release();
}

// A handler may be using this very handle on another thread: it stays whole until nothing runs any more.
SIO_DECL void client::release() noexcept {
  if (!impl_->counted().remove()) return;
  cln::manager& m = detail::manager_of(*impl_);
  impl_->hush();
  m.worker()->complete([s = impl_] { s->drop(); });
  m.sockets().remove(*impl_);
  if (m.counted().remove()) m.release();
}

SIO_DECL void client::connect() const { detail::connect_soon(impl_); }

SIO_DECL void client::disconnect() const {
  cln::on_loop(impl_, [](cln::socket& s) { s.disconnect(); });
}

SIO_DECL bool client::connected() const noexcept { return impl_->connected(); }

SIO_DECL bool client::active() const noexcept { return impl_->asked() != 0 || impl_->active(); }

SIO_DECL bool client::recovered() const noexcept { return impl_->recovered(); }

SIO_DECL std::string client::id() const { return impl_->id(); }

SIO_DECL const std::string& client::nsp() const noexcept { return impl_->nsp(); }

SIO_DECL sio::manager client::manager() const { return sio::manager(detail::manager_of(*impl_).at_home()); }

SIO_DECL void client::auth(sio::auth shown) const {
  cln::on_loop(impl_, [shown = std::move(shown)](cln::socket& s) { s.show(shown); });
}

SIO_DECL void client::off(std::string_view event) const {
  cln::on_loop(impl_, [event = std::string(event)](cln::socket& s) { s.events().listeners().remove(event); });
}

SIO_DECL void client::off(std::string_view event, listener_id id) const {
  cln::on_loop(impl_, [event = std::string(event), id](cln::socket& s) { s.events().listeners().remove(event, id); });
}

SIO_DECL void client::off() const {
  cln::on_loop(impl_, [](cln::socket& s) { s.events().listeners().clear(); });
}

SIO_DECL void client::offline_events(std::function<void(std::vector<offline_event>)> f) const {
  cln::on_loop(impl_, [f = std::move(f)](cln::socket& s) {
    s.where().where.mailbox->run([f, waiting = s.out().waiting(), box = s.events().shared_from_this()] {
      const auto why_not =
          events::run_user_code([&]() -> std::optional<std::string> { return f(waiting), std::nullopt; });
      if (why_not) box->report("offline_events: " + *why_not);
    });
  });
}

SIO_DECL void client::clear_offline_events() const {
  cln::on_loop(impl_, [](cln::socket& s) { s.out().forget_waiting(); });
}

SIO_DECL std::size_t client::poll(std::size_t most) const {
  const auto box = impl_->where().where.mailbox;  // a handler may let go of all else
  return box->poll(most);
}

SIO_DECL asio::any_io_executor client::get_executor() const { return impl_->where().where.loop->lend_executor(); }

SIO_DECL void client::emit_array(const emit_flags& flags, std::string_view event, array arguments,
                                 ack_handler done) const {
  impl_->emit(flags, event, std::move(arguments), std::move(done));
}

SIO_DECL listener_id client::add_listener(std::string_view event, handler run, bool once) const {
  const listener_id id = detail::next_listener_id();
  cln::on_loop(impl_, [event = std::string(event), id, run = std::move(run), once](cln::socket& s) mutable {
    s.events().listeners().add(event, id, std::move(run), once);
  });
  return id;
}

SIO_DECL listener_id client::add_catch_all(catch_all_of which, handler run, bool first) const {
  const listener_id id = detail::next_listener_id();
  if (which == catch_all_of::outgoing) impl_->watch();
  cln::on_loop(impl_, [which, id, run = std::move(run), first](cln::socket& s) mutable {
    events::listener_list& all = s.events().catch_all(which);
    first ? all.prepend(id, std::move(run)) : all.add(id, std::move(run), false);
  });
  return id;
}

SIO_DECL void client::remove_catch_all(catch_all_of which, std::optional<listener_id> id) const {
  cln::on_loop(impl_, [which, id](cln::socket& s) {
    events::listener_list& all = s.events().catch_all(which);
    id ? all.remove(*id) : all.clear();
  });
}

SIO_DECL std::size_t client::count_catch_all(catch_all_of which) const {
  if (!impl_->where().where.loop->here())
    throw std::logic_error("sio: client::listeners_any is for handlers: this thread does not run the client's loop");
  return impl_->events().catch_all(which).size();
}

SIO_DECL void detail::report_error(const client& to, std::string what) { to.impl_->events().report(std::move(what)); }

SIO_DECL asio::any_io_executor detail::coroutine_executor(const client& of) {
  return of.impl_->where().where.mailbox->direct() ? of.get_executor() : asio::any_io_executor();
}

}  // namespace SIO_ABI
}  // namespace sio
