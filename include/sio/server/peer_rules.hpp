// What every peer of a server goes by.
#pragma once

#include <sio/ends/codec.hpp>
#include <sio/ends/log.hpp>
#include <sio/value.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

class nsp;

struct peer_rules {
  using found = std::function<void(const std::shared_ptr<srv::nsp>&)>;
  std::function<std::shared_ptr<srv::nsp>(const std::string& name)> find_nsp;
  /// For one that there is not: whether it may be is asked, and heard later.
  std::function<void(const std::string& name, const value& auth, found done)> search_nsp;
  std::shared_ptr<const ends::log> log;
  std::shared_ptr<const ends::codec> codec;
  std::chrono::milliseconds connect_timeout;
  std::size_t max_namespaces, max_namespace_length;
};

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
