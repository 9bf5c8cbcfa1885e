// Which end of a WebSocket reads, and how much it takes.
#pragma once

#include <sio/config.hpp>

#include <cstddef>
#include <cstdint>

namespace sio {
inline namespace SIO_ABI {
namespace ws {

/// Who reads: a server wants masked frames, a client refuses them.
enum class role : std::uint8_t { server, client };

/// What one message may cost, judged from frame headers before anything is stored.
struct limits {
  std::size_t max_message = 1'000'000;  ///< bytes of payload, over all fragments: else close 1009
  std::size_t max_fragments = 16'384;   ///< frames that make up one message, empty ones too: else close 1008
};

}  // namespace ws
}  // namespace SIO_ABI
}  // namespace sio
