// The clock that sessions are told.
#pragma once

#include <sio/config.hpp>

#include <chrono>

namespace sio {
inline namespace SIO_ABI {
namespace eio {

using time_point = std::chrono::steady_clock::time_point;
using milliseconds = std::chrono::milliseconds;

}  // namespace eio
}  // namespace SIO_ABI
}  // namespace sio
