// How a client's connections to one server are made: each call is a new dial.
#pragma once

#include <sio/net/dialer.hpp>

#include <functional>
#include <memory>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace net {

/// On the loop; the report is called there, later. What is returned breaks the dial off; it may be null.
using route = std::function<std::shared_ptr<dialing>(dialing::report)>;

inline route route_to(std::shared_ptr<const dialer> d, destination to) {
  return [d = std::move(d), to = std::move(to)](dialing::report done) { return d->dial(to, std::move(done)); };
}

}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio
