// What went wrong with a client's transport.
#pragma once

#include <sio/config.hpp>

#include <string>

namespace sio {
inline namespace SIO_ABI {
namespace eio {

struct client_fault {
  std::string message;      ///< JS's words: "xhr poll error", "websocket error" …
  std::string description;  ///< one sentence with the cause
  int status = 0;           ///< of the HTTP answer, if there was one
  std::string context;      ///< the beginning of that answer's body
};

/// Both in one line.
inline std::string to_text(const client_fault& fault) {
  return fault.description.empty() ? fault.message : fault.message + ": " + fault.description;
}

}  // namespace eio
}  // namespace SIO_ABI
}  // namespace sio
