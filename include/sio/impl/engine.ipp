// Bodies of engine.hpp.
#pragma once

#include <sio/engine.hpp>
#include <sio/server/engine.hpp>

namespace sio {
inline namespace SIO_ABI {

SIO_DECL std::size_t engine::clients_count() const noexcept { return impl_->count(); }

SIO_DECL void engine::add(http_middleware m) const {
  impl_->change([m = std::move(m)](srv::hooks& all) mutable { all.add(std::move(m)); });
}

SIO_DECL void engine::set(id_maker m) const {
  impl_->change(
      [m = std::move(m)](srv::hooks& all) mutable { all.make_id = std::make_shared<const id_maker>(std::move(m)); });
}

SIO_DECL const engine& engine::on_connection_error(std::function<void(const connection_failure&)> f) const {
  impl_->change([f = std::move(f)](srv::hooks& all) mutable { all.on_connection_error.add(std::move(f)); });
  return *this;
}

SIO_DECL const engine& engine::on_initial_headers(std::function<void(headers&, const request&)> f) const {
  impl_->change([f = std::move(f)](srv::hooks& all) mutable { all.on_initial_headers.add(std::move(f)); });
  return *this;
}

SIO_DECL const engine& engine::on_headers(std::function<void(headers&, const request&)> f) const {
  impl_->change([f = std::move(f)](srv::hooks& all) mutable { all.on_headers.add(std::move(f)); });
  return *this;
}

}  // namespace SIO_ABI
}  // namespace sio
