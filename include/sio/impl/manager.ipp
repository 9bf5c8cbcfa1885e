// Bodies of manager.hpp.
#pragma once

#include <sio/client/manager.hpp>
#include <sio/manager.hpp>

#include <stdexcept>

namespace sio {
inline namespace SIO_ABI {

namespace detail {

template <class F>
void on_loop(const std::shared_ptr<cln::manager>& m, F f) {
  m->where().where.loop->run([m, f = std::move(f)]() mutable { f(*m); });
}

inline std::shared_ptr<cln::manager> begin_manager(asio::any_io_executor host, std::string_view url,
                                                   client_options options) {
  const bool connects = options.auto_connect;
  const auto made = cln::manager::make(std::move(host), http::parse_url(url), std::move(options));
  if (connects) on_loop(made, [](cln::manager& m) { m.open(); });
  return made->at_home();
}

inline cln::engine* session_of(const cln::manager& m, const char* call) {
  if (!m.where().where.loop->here())
    throw std::logic_error(std::string("sio: ") + call +
                           " is for handlers: this thread does not run the connection's loop");
  return m.session();
}

}  // namespace detail

SIO_DECL manager::manager(std::string_view url, client_options options)
    : manager(detail::begin_manager({}, url, std::move(options))) {}

SIO_DECL manager::manager(asio::any_io_executor executor, std::string_view url, client_options options)
    : manager(detail::begin_manager(std::move(executor), url, std::move(options))) {}

SIO_DECL manager::manager(std::shared_ptr<cln::manager> impl) noexcept : impl_(std::move(impl)) {
  impl_->counted().add();
}

SIO_DECL manager::manager(const manager& other) noexcept : manager(other.impl_) {}

SIO_DECL manager& manager::operator=(const manager& other) noexcept {
  const manager old(*this);  // it goes last: that may run anybody's destructors
  other.impl_->counted().add();
  release();
  impl_ = other.impl_;
  return *this;
}

SIO_DECL manager::~manager() { release(); }

SIO_DECL void manager::release() noexcept {
  if (impl_->counted().remove()) impl_->release();
}

SIO_DECL client manager::socket(std::string_view nsp) const {
  return client(impl_->take_socket(nsp.empty() ? "/" : std::string(nsp))->at_home(), true);
}

SIO_DECL void manager::open() const {
  detail::on_loop(impl_, [](cln::manager& m) { m.open(); });
}

SIO_DECL void manager::open(std::function<void(std::string why_not)> done) const {
  detail::on_loop(impl_, [done = std::move(done)](cln::manager& m) {
    m.open([box = m.where().where.mailbox, to = m.events().shared_from_this(), done](const std::string& why_not) {
      box->run([to, done, why_not] {
        const auto threw =
            events::run_user_code([&]() -> std::optional<std::string> { return done(why_not), std::nullopt; });
        if (threw) to->report("open: " + *threw);
      });
    });
  });
}

SIO_DECL void manager::close() const {
  detail::on_loop(impl_, [](cln::manager& m) { m.close(); });
}

SIO_DECL std::optional<transport> manager::transport() const {
  const cln::engine* const session = detail::session_of(*impl_, "manager::transport");
  return session ? std::optional(session->carrier()) : std::nullopt;
}

SIO_DECL std::string manager::sid() const {
  const cln::engine* const session = detail::session_of(*impl_, "manager::sid");
  return session ? session->id() : std::string();
}

SIO_DECL std::size_t manager::buffered_bytes() const {
  const cln::engine* const session = detail::session_of(*impl_, "manager::buffered_bytes");
  return session ? session->buffered_bytes() : 0;
}

SIO_DECL void manager::reconnection(bool on) const {
  detail::on_loop(impl_, [on](cln::manager& m) { m.reconnection().enable(on); });
}

SIO_DECL void manager::reconnection_attempts(unsigned most) const {
  detail::on_loop(impl_, [most](cln::manager& m) { m.reconnection().set_most(most); });
}

SIO_DECL void manager::reconnection_delay(std::chrono::milliseconds first) const {
  cln::check_time("reconnection_delay", first);
  detail::on_loop(impl_, [first](cln::manager& m) { m.reconnection().set_first(first); });
}

SIO_DECL void manager::reconnection_delay_max(std::chrono::milliseconds most) const {
  cln::check_time("reconnection_delay_max", most);
  detail::on_loop(impl_, [most](cln::manager& m) { m.reconnection().set_longest(most); });
}

SIO_DECL void manager::randomization_factor(double factor) const {
  detail::on_loop(impl_, [factor](cln::manager& m) { m.reconnection().set_jitter(factor); });
}

SIO_DECL void manager::timeout(std::chrono::milliseconds of_one_attempt) const {
  cln::check_time("timeout", of_one_attempt);
  detail::on_loop(impl_, [of_one_attempt](cln::manager& m) { m.set_timeout(of_one_attempt); });
}

SIO_DECL void manager::off(std::string_view event) const {
  detail::on_loop(impl_, [event = std::string(event)](cln::manager& m) { m.events().listeners().remove(event); });
}

SIO_DECL void manager::off(std::string_view event, listener_id id) const {
  detail::on_loop(impl_,
                  [event = std::string(event), id](cln::manager& m) { m.events().listeners().remove(event, id); });
}

SIO_DECL void manager::off() const {
  detail::on_loop(impl_, [](cln::manager& m) { m.events().listeners().clear(); });
}

SIO_DECL std::size_t manager::poll(std::size_t most) const {
  const auto box = impl_->where().where.mailbox;  // a handler may let go of all else
  return box->poll(most);
}

SIO_DECL asio::any_io_executor manager::get_executor() const { return impl_->where().where.loop->lend_executor(); }

SIO_DECL listener_id manager::add_listener(std::string_view event, handler run, bool once) const {
  const listener_id id = detail::next_listener_id();
  detail::on_loop(impl_, [event = std::string(event), id, run = std::move(run), once](cln::manager& m) mutable {
    m.events().listeners().add(event, id, std::move(run), once);
  });
  return id;
}

}  // namespace SIO_ABI
}  // namespace sio
