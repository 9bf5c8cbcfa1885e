// What the server says in a refusal: {"code":0,"message":"Transport unknown"}
#pragma once

#include <sio/json/writer.hpp>

#include <string>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace eio {

inline std::string error_body(int code, std::string_view message) {
  std::string out = "{\"code\":" + std::to_string(code) + ",\"message\":";
  json::write_string(out, message);
  return out += '}';
}

}  // namespace eio
}  // namespace SIO_ABI
}  // namespace sio
