// What "connect_error" and its kin tell.
#pragma once

#include <sio/client/engine_options.hpp>
#include <sio/value.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace cln {

inline constexpr std::string_view v2_server =
    "It seems you are trying to reach a Socket.IO server in v2.x with a v3.x client, but they are not compatible (more "
    "information here: https://socket.io/docs/v3/migrating-from-2-x-to-3-0/)";

/// A server's refusal: {"message":"not authorized","data":{…}}, or just a text.
struct complaint {
  explicit complaint(const value& why) {
    const std::string* text = why["message"].if_string();
    if (!text) text = why.if_string();
    if (text) message = *text;
    const object* all = why.if_object();
    if (all && all->find("data")) data = why["data"];
  }

  std::string message;
  std::optional<value> data;
};

/// What "connect_error" and its kin say beside the message; nothing if there is nothing to say.
inline std::optional<value> data_of(const engine_error& why) {
  object data;
  if (!why.description.empty()) data.set("description", why.description);
  if (why.status != 0) data.set("status", why.status);
  if (!why.context.empty()) data.set("context", why.context);
  return data.empty() ? std::nullopt : std::optional<value>(std::move(data));
}

}  // namespace cln
}  // namespace SIO_ABI
}  // namespace sio
