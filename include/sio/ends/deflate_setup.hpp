// From the options of permessage-deflate to what does it; what cannot be is refused.
#pragma once

#include <sio/net/deflate_pool.hpp>
#include <sio/options.hpp>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

namespace sio {
inline namespace SIO_ABI {
namespace ends {

inline void demand(bool fine, const std::string& what) {
  if (!fine) throw std::invalid_argument("sio: option " + what);
}

/// Throws std::invalid_argument.
inline void check(const per_message_deflate_options& o) {
  const auto between = [](const char* name, int n, int least, int most) {
    demand(least <= n && n <= most, "per_message_deflate." + std::string(name) + ": must be " + std::to_string(least) +
                                        " to " + std::to_string(most));
  };
  between("server_max_window_bits", o.server_max_window_bits.value_or(15), 8, 15);
  between("client_max_window_bits", o.client_max_window_bits.value_or(15), 8, 15);
  between("level", o.level, 0, 9);
  between("memory_level", o.memory_level, 1, 9);
}

inline std::shared_ptr<net::deflate_pool> make_deflate_pool(const std::shared_ptr<net::loop>& l,
                                                            const std::optional<per_message_deflate_options>& o) {
  if (!o) return nullptr;
  return std::make_shared<net::deflate_pool>(
      l, net::deflate_rules{{o->server_no_context_takeover, o->client_no_context_takeover, o->server_max_window_bits,
                             o->client_max_window_bits},
                            {o->level, o->memory_level},
                            o->threshold});
}

}  // namespace ends
}  // namespace SIO_ABI
}  // namespace sio
