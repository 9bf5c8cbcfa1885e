// Bodies of parser.hpp.
#pragma once

#include <sio/msgpack/packets.hpp>
#include <sio/parser.hpp>

namespace sio {
inline namespace SIO_ABI {

SIO_DECL std::shared_ptr<const packet_parser> msgpack_parser() {
  return std::make_shared<const msgpack::packet_format>();
}

}  // namespace SIO_ABI
}  // namespace sio
