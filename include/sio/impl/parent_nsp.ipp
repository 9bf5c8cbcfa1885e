// Bodies of parent_nsp.hpp.
#pragma once

#include <sio/parent_nsp.hpp>
#include <sio/server/parent.hpp>

#include <stdexcept>

namespace sio {
inline namespace SIO_ABI {

SIO_DECL parent_nsp::parent_nsp(std::shared_ptr<srv::parent> impl) : impl_(std::move(impl)), all_(impl_->face()) {}

SIO_DECL std::vector<nsp> parent_nsp::children() const {
  std::vector<nsp> handles;
  if (!impl_) return handles;
  for (auto& child : impl_->children()->all()) handles.emplace_back(std::move(child));
  return handles;
}

SIO_DECL void parent_nsp::off(std::string_view event) const {
  if (impl_) impl_->off(event, std::nullopt);
}

SIO_DECL void parent_nsp::off(std::string_view event, listener_id id) const {
  if (impl_) impl_->off(event, id);
}

SIO_DECL void parent_nsp::off() const {
  if (impl_) impl_->off({}, std::nullopt);
}

SIO_DECL listener_id parent_nsp::add_listener(std::string_view event, handler run, bool once) const {
  if (event != "connection" && event != "connect")
    throw std::invalid_argument("sio: a parent namespace has no event but \"connection\": \"" + std::string(event) +
                                "\" is for the namespaces that it makes");
  const listener_id id = detail::next_listener_id();
  if (impl_) impl_->add_listener({std::string(event), id, std::move(run), once});
  return id;
}

SIO_DECL void parent_nsp::add_middleware(middleware m) const {
  if (impl_) impl_->use(std::move(m));
}

}  // namespace SIO_ABI
}  // namespace sio
