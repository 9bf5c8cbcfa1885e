// Bodies of nsp.hpp.
#pragma once

#include <sio/nsp.hpp>
#include <sio/server/nsp.hpp>

namespace sio {
inline namespace SIO_ABI {

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
  if (impl_) impl_->off(srv::nsp::own_events, std::string(event), std::nullopt);
}

SIO_DECL void nsp::off(std::string_view event, listener_id id) const {
  if (impl_) impl_->off(srv::nsp::own_events, std::string(event), id);
}

SIO_DECL void nsp::off() const {
  if (impl_) impl_->off(srv::nsp::own_events, std::nullopt, std::nullopt);
}

SIO_DECL listener_id nsp::add_listener(std::string_view event, handler run, bool once) const {
  const listener_id id = detail::next_listener_id();
  if (impl_) impl_->add_listener(std::string(event), id, std::move(run), once);
  return id;
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
  if (impl_) impl_->off(srv::nsp::room_events, std::string(event), std::nullopt);
}

SIO_DECL void nsp_rooms::off(std::string_view event, listener_id id) const {
  if (impl_) impl_->off(srv::nsp::room_events, std::string(event), id);
}

SIO_DECL void nsp_rooms::off() const {
  if (impl_) impl_->off(srv::nsp::room_events, std::nullopt, std::nullopt);
}

SIO_DECL listener_id nsp_rooms::add_listener(std::string_view event, handler run, bool once) const {
  const listener_id id = detail::next_listener_id();
  if (impl_) impl_->add_room_listener(std::string(event), id, std::move(run), once);
  return id;
}

}  // namespace SIO_ABI
}  // namespace sio
