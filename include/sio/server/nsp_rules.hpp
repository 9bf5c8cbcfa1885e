// What every namespace of a server goes by, and what a child takes over from its parent.
#pragma once

#include <sio/adapter.hpp>
#include <sio/ends/codec.hpp>
#include <sio/ends/log.hpp>
#include <sio/net/loop.hpp>
#include <sio/nsp.hpp>
#include <sio/server/recovery_adapter.hpp>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

struct nsp_rules {
  std::shared_ptr<net::loop> loop;
  std::shared_ptr<const ends::log> log;
  std::shared_ptr<const ends::codec> codec;
  std::shared_ptr<const recovery_rules> recovery;  ///< null: nobody comes back
  std::function<std::unique_ptr<sio::adapter>(adapter_host&)> make_adapter;
};

/// A listener of "connection", to be handed on.
struct connection_listener {
  std::string event;
  listener_id id;
  handler run;
  bool once;
};

using middleware_list = std::shared_ptr<const std::vector<middleware>>;

/// Copied on write: a socket goes through the middlewares that there were when it came.
inline middleware_list with_one_more(const middleware_list& list, middleware m) {
  auto more = list ? std::make_shared<std::vector<middleware>>(*list) : std::make_shared<std::vector<middleware>>();
  more->push_back(std::move(m));
  return more;
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
