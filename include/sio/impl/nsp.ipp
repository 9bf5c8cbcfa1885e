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
  if (impl_) impl_->off(std::string(event), std::nullopt);
}

SIO_DECL void nsp::off(std::string_view event, listener_id id) const {
  if (impl_) impl_->off(std::string(event), id);
}

SIO_DECL void nsp::off() const {
  if (impl_) impl_->off(std::nullopt, std::nullopt);
}

SIO_DECL listener_id nsp::add_listener(std::string_view event, handler run, bool once) const {
  const listener_id id = detail::next_listener_id();
  if (impl_) impl_->add_listener(std::string(event), id, std::move(run), once);
  return id;
}

SIO_DECL void nsp::add_middleware(middleware m) const {
  if (impl_) impl_->use(std::move(m));
}

}  // namespace SIO_ABI
}  // namespace sio
