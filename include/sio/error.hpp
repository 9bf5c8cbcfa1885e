// What can go wrong: error codes, why a socket disconnected, and a middleware's refusal.
#pragma once

#include <sio/config.hpp>
#include <sio/value.hpp>

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace sio {
inline namespace SIO_ABI {

using std::error_code;

/// Errors that the network or the peer can cause; they arrive as `error_code`s, never as exceptions.
enum class errc {
  timed_out = 1,      ///< no acknowledgement came within the `timeout` of the emit
  disconnected,       ///< the socket was disconnected before the acknowledgement came
  unexpected_answer,  ///< the acknowledgement's arguments do not fit the handler's parameters
  unsupported,        ///< what was asked cannot be had there
  dropped,            ///< the event was dropped before it could leave
};

/// The category of `errc`; its messages are those of the JS packages.
const std::error_category& error_category() noexcept;
error_code make_error_code(errc e) noexcept;

/// Why a socket was disconnected; `to_string` gives the words of the JS packages.
enum class reason : std::uint8_t {
  transport_error,              ///< the connection broke, or the peer broke a rule of the transport
  transport_close,              ///< the peer closed the connection
  forced_close,                 ///< the server closed the connection because of a wrong packet
  ping_timeout,                 ///< the peer did not answer a ping within `ping_timeout`
  parse_error,                  ///< the peer sent something that is no Engine.IO packet
  server_shutting_down,         ///< `server::close`
  forced_server_close,          ///< the server closed the connection under all its sockets
  client_namespace_disconnect,  ///< the client left the namespace
  server_namespace_disconnect,  ///< `socket::disconnect`
  io_server_disconnect,         ///< a client's: the server sent it away
  io_client_disconnect,         ///< a client's: `client::disconnect`
};

std::string_view to_string(reason why) noexcept;
/// The reason that `text` names, if it names one.
std::optional<reason> to_reason(std::string_view text) noexcept;

namespace detail {

/// What is told to a client instead of what it asked for: a message, and data with it or none.
class told_error : public std::exception {
 public:
  explicit told_error(std::string message) : message_(std::move(message)) {}
  told_error(std::string message, value data) : message_(std::move(message)), data_(std::move(data)) {}

  const char* what() const noexcept override { return message_.c_str(); }
  const std::string& message() const noexcept { return message_; }
  /// Nothing when none was given.
  const std::optional<value>& data() const noexcept { return data_; }

 private:
  std::string message_;
  std::optional<value> data_;
};

}  // namespace detail

/// Thrown by a middleware, or given to its `next`: the client gets `connect_error` with this message, and the data as
/// `err.data`.
class connect_error : public detail::told_error {
 public:
  using told_error::told_error;
};

// ---- bodies

namespace detail {

class category final : public std::error_category {
 public:
  const char* name() const noexcept override { return "sio"; }
  std::string message(int code) const override {
    switch (static_cast<errc>(code)) {
      case errc::timed_out: return "operation has timed out";
      case errc::disconnected: return "socket has been disconnected";
      case errc::unexpected_answer: return "the answer does not fit the handler";
      case errc::unsupported: return "not supported";
      case errc::dropped: return "the event was dropped";
    }
    return "unknown error";
  }
};

// In the order of `reason`.
inline constexpr std::string_view reason_names[] = {
    "transport error",
    "transport close",
    "forced close",
    "ping timeout",
    "parse error",
    "server shutting down",
    "forced server close",
    "client namespace disconnect",
    "server namespace disconnect",
    "io server disconnect",
    "io client disconnect",
};

}  // namespace detail

inline const std::error_category& error_category() noexcept {
  static const detail::category& instance = *new detail::category;  // for threads that outlive other statics
  return instance;
}

inline error_code make_error_code(errc e) noexcept { return {static_cast<int>(e), error_category()}; }

inline std::string_view to_string(reason why) noexcept { return detail::reason_names[static_cast<std::size_t>(why)]; }

inline std::optional<reason> to_reason(std::string_view text) noexcept {
  for (std::size_t i = 0; i != std::size(detail::reason_names); ++i)
    if (detail::reason_names[i] == text) return static_cast<reason>(i);
  return std::nullopt;
}

}  // namespace SIO_ABI
}  // namespace sio

template <>
struct std::is_error_code_enum<sio::errc> : std::true_type {};
