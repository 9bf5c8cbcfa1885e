// One step of a dial: it takes its time, can be broken off, and says what was missing when time is up.
#pragma once

#include <sio/net/stream.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace net {

/// How a dial, or a step of it, came out.
struct dialled {
  std::unique_ptr<net::stream> stream;
  std::string error;  ///< one sentence; empty if there is a stream
  std::error_code code;

  static dialled failed(std::string why, std::error_code code) { return {nullptr, std::move(why), code}; }
};

/// Lives on a loop. What it waits for keeps it.
class dial_step {
 public:
  using report = std::function<void(dialled)>;

  virtual ~dial_step() = default;
  /// Its report is not called any more, and what it opened is closed.
  virtual void cancel() noexcept = 0;
  /// The sentence for a deadline that passed.
  virtual std::string too_late() const = 0;
};

/// "example.com:80", "[::1]:80"
inline std::string place(std::string_view host, unsigned short port) {
  const bool brackets = host.find(':') != std::string_view::npos;
  return (brackets ? '[' + std::string(host) + ']' : std::string(host)) + ':' + std::to_string(port);
}

}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio
