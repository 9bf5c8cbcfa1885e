// Bodies of nsp.hpp.
#pragma once

#include <sio/nsp.hpp>
#include <sio/server/cluster_calls.hpp>
#include <sio/server/nsp.hpp>

namespace sio {
inline namespace SIO_ABI {

namespace detail {

using listeners_of = events::listeners& (srv::nsp::*)() noexcept;

// All of them, those of one event, or one.
inline void remove_listeners(const std::shared_ptr<srv::nsp>& n, listeners_of which, std::optional<std::string> event,
                             std::optional<listener_id> id) {
  if (!n) return;
  n->run([which, event = std::move(event), id](srv::nsp& at) {
    events::listeners& all = (at.*which)();
    if (!event) return all.clear();
    id ? all.remove(*event, *id) : all.remove(*event);
  });
}

}  // namespace detail

SIO_DECL const std::string& nsp::name() const noexcept {
  static const std::string none;
  return impl_ ? impl_->name() : none;
}

SIO_DECL broadcast nsp::all() const {
  broadcast everybody;
  everybody.nsp_ = impl_;
  return everybody;
}

SIO_DECL void nsp::off(std::string_view event) const {
  detail::remove_listeners(impl_, &srv::nsp::listeners, std::string(event), std::nullopt);
}

SIO_DECL void nsp::off(std::string_view event, listener_id id) const {
  detail::remove_listeners(impl_, &srv::nsp::listeners, std::string(event), id);
}

SIO_DECL void nsp::off() const { detail::remove_listeners(impl_, &srv::nsp::listeners, std::nullopt, std::nullopt); }

SIO_DECL listener_id nsp::add_listener(std::string_view event, handler run, bool once) const {
  const listener_id id = detail::next_listener_id();
  if (impl_) impl_->add_listener(std::string(event), id, std::move(run), once);
  return id;
}

SIO_DECL std::vector<socket> nsp::sockets() const {
  std::vector<socket> all;
  if (!impl_) return all;
  impl_->on_its_loop("nsp::sockets").audience()->for_each([&](srv::receiver& r) {
    all.emplace_back(static_cast<srv::socket&>(r).shared_from_this());
  });
  return all;
}

SIO_DECL socket nsp::find(std::string_view id) const {
  if (!impl_) return {};
  srv::receiver* const found = impl_->on_its_loop("nsp::find").audience()->find(std::string(id));
  return found ? socket(static_cast<srv::socket*>(found)->shared_from_this()) : socket();
}

SIO_DECL std::size_t nsp::sockets_count() const noexcept { return impl_ ? impl_->audience()->size() : 0; }

SIO_DECL void nsp::fetch_rooms(detail::answer_to_query<std::vector<std::string>> done) const {
  if (!impl_) return done(errc::disconnected, {});
  srv::fetch_rooms(impl_, std::move(done));
}

SIO_DECL detail::server_side nsp::others() const { return detail::server_side(impl_); }

SIO_DECL asio::any_io_executor nsp::get_executor() const { return all().get_executor(); }

SIO_DECL asio::any_io_executor detail::server_side::get_executor() const {
  return to_ ? to_->executor() : asio::any_io_executor();
}

SIO_DECL void detail::server_side::check(std::string_view event) { srv::check_server_side_event(event); }

SIO_DECL void detail::server_side::emit_array(const emit_flags&, std::string_view event, array arguments,
                                              answers_handler done) const {
  if (to_) srv::server_side_emit(to_, event, std::move(arguments), std::move(done));
}

SIO_DECL nsp_rooms nsp::rooms() const {
  nsp_rooms rooms;
  rooms.impl_ = impl_;
  return rooms;
}

SIO_DECL void nsp::add_middleware(middleware m) const {
  if (impl_) impl_->use(std::move(m));
}

// ---- its rooms

SIO_DECL std::vector<std::pair<std::string, std::size_t>> nsp_rooms::sizes() const {
  std::vector<std::pair<std::string, std::size_t>> all;
  const auto add = [&](const std::string& name, std::size_t size) { all.emplace_back(name, size); };
  if (impl_) impl_->on_its_loop("nsp_rooms::sizes").audience()->rooms().for_each(add);
  return all;
}

SIO_DECL std::size_t nsp_rooms::size(std::string_view room) const {
  return impl_ ? impl_->on_its_loop("nsp_rooms::size").audience()->rooms().size_of(room) : 0;
}

SIO_DECL void nsp_rooms::off(std::string_view event) const {
  detail::remove_listeners(impl_, &srv::nsp::room_listeners, std::string(event), std::nullopt);
}

SIO_DECL void nsp_rooms::off(std::string_view event, listener_id id) const {
  detail::remove_listeners(impl_, &srv::nsp::room_listeners, std::string(event), id);
}

SIO_DECL void nsp_rooms::off() const {
  detail::remove_listeners(impl_, &srv::nsp::room_listeners, std::nullopt, std::nullopt);
}

SIO_DECL listener_id nsp_rooms::add_listener(std::string_view event, handler run, bool once) const {
  const listener_id id = detail::next_listener_id();
  if (impl_) impl_->add_room_listener(std::string(event), id, std::move(run), once);
  return id;
}

}  // namespace SIO_ABI
}  // namespace sio
