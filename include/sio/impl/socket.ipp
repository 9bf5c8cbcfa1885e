// Bodies of socket.hpp: each handle hands its call to what it stands for.
#pragma once

#include <sio/nsp.hpp>
#include <sio/server/nsp.hpp>
#include <sio/server/socket.hpp>
#include <sio/socket.hpp>

#include <stdexcept>

namespace sio {
inline namespace SIO_ABI {

namespace detail {

// What a handle without a socket answers with.
inline const std::string no_text;
inline const handshake no_handshake;

inline const srv::socket& on_its_loop(const srv::socket& s, const char* call) {
  if (!s.where().loop->here())
    throw std::logic_error(std::string("sio: ") + call +
                           " is for handlers: this thread does not run the socket's loop");
  return s;
}

// Changes what is called for a socket's events, unless it is out for good.
template <class Change>
void change_events(const std::shared_ptr<srv::socket>& of, Change change) {
  if (!of) return;
  srv::on_loop(of, [change = std::move(change)](srv::socket& s) mutable {
    if (!s.left()) change(s.events());
  });
}

}  // namespace detail

SIO_DECL const std::string& socket::id() const noexcept { return impl_ ? impl_->id() : detail::no_text; }

SIO_DECL bool socket::connected() const noexcept { return impl_ && impl_->connected(); }

SIO_DECL bool socket::recovered() const noexcept { return impl_ && impl_->recovered(); }

SIO_DECL const sio::handshake& socket::handshake() const noexcept {
  return impl_ ? impl_->handshake() : detail::no_handshake;
}

SIO_DECL sio::nsp socket::nsp() const { return impl_ ? sio::nsp(impl_->where().nsp) : sio::nsp(); }

SIO_DECL sio::transport socket::transport() const {
  if (!impl_) return sio::transport::polling;
  return detail::on_its_loop(*impl_, "socket::transport").where().link->carrier();
}

SIO_DECL void socket::off(std::string_view event) const {
  detail::change_events(impl_, [event = std::string(event)](auto& e) { e.listeners().remove(event); });
}

SIO_DECL void socket::off(std::string_view event, listener_id id) const {
  detail::change_events(impl_, [event = std::string(event), id](auto& e) { e.listeners().remove(event, id); });
}

SIO_DECL void socket::off() const {
  detail::change_events(impl_, [](auto& e) { e.listeners().clear(); });
}

SIO_DECL void socket::join(const room_list& rooms) const {
  if (impl_) impl_->join(rooms.names());
}

SIO_DECL void socket::leave(std::string_view room) const {
  if (impl_) impl_->leave(std::string(room));
}

SIO_DECL std::vector<std::string> socket::rooms() const {
  if (!impl_) return {};
  return detail::on_its_loop(*impl_, "socket::rooms").rooms();
}

SIO_DECL sio::broadcast socket::broadcast() const {
  sio::broadcast others;
  if (!impl_) return others;
  others.nsp_ = impl_->where().nsp;
  others.to_.except = {impl_->id()};
  return others;
}

SIO_DECL void socket::disconnect(bool close) const {
  if (impl_) impl_->disconnect(close);
}

SIO_DECL void socket::emit_array(const emit_flags& flags, std::string_view event, array arguments,
                                 ack_handler done) const {
  if (impl_) impl_->emit(flags, event, std::move(arguments), std::move(done));
}

SIO_DECL listener_id socket::add_listener(std::string_view event, handler run, bool once) const {
  const listener_id id = detail::next_listener_id();
  detail::change_events(impl_, [event = std::string(event), id, run = std::move(run), once](auto& e) mutable {
    e.listeners().add(event, id, std::move(run), once);
  });
  return id;
}

SIO_DECL listener_id socket::add_catch_all(catch_all_of which, handler run, bool first) const {
  const listener_id id = detail::next_listener_id();
  if (impl_ && which == catch_all_of::outgoing) impl_->watch();
  detail::change_events(impl_, [which, id, run = std::move(run), first](auto& e) mutable {
    events::listener_list& all = e.catch_all(which);
    first ? all.prepend(id, std::move(run)) : all.add(id, std::move(run), false);
  });
  return id;
}

SIO_DECL void socket::remove_catch_all(catch_all_of which, std::optional<listener_id> id) const {
  detail::change_events(impl_,
                        [which, id](auto& e) { id ? e.catch_all(which).remove(*id) : e.catch_all(which).clear(); });
}

SIO_DECL std::size_t socket::count_catch_all(catch_all_of which) const {
  if (!impl_) return 0;
  detail::on_its_loop(*impl_, "socket::listeners_any");
  return impl_->events().catch_all(which).size();
}

SIO_DECL void socket::add_middleware(event_middleware m) const {
  detail::change_events(impl_, [m = std::move(m)](auto& e) mutable { e.use(std::move(m)); });
}

SIO_DECL std::size_t socket::buffered_bytes() const {
  if (!impl_) return 0;
  return detail::on_its_loop(*impl_, "socket::buffered_bytes").where().link->backlog().bytes();
}
SIO_DECL void socket::add_water_listener(bool high, std::function<void()> f) const {
  if (impl_)
    srv::on_loop(impl_, [high, f = std::move(f)](srv::socket& s) mutable {
      if (s.connected()) s.waters().on(high, std::move(f));
    });
}
SIO_DECL void socket::wait_until_drained(std::function<void(error_code)> done) const {
  if (impl_)
    srv::on_loop(impl_, [done = std::move(done)](srv::socket& s) mutable { s.wait_until_drained(std::move(done)); });
}
SIO_DECL asio::any_io_executor socket::get_executor() const {
  return impl_ ? impl_->where().loop->lend_executor() : asio::any_io_executor();
}

SIO_DECL socket_data& socket::data_slot() const {
  if (!impl_) throw std::logic_error("sio: socket::data: this handle stands for no socket");
  return impl_->data();
}

SIO_DECL void detail::report_error(const socket& to, std::string what) {
  if (to) srv::on_loop(to.impl(), [what = std::move(what)](srv::socket& s) { s.report(what); });
}

}  // namespace SIO_ABI
}  // namespace sio
