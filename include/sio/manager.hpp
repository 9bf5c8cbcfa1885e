// The connection that clients of one server share, and how it comes back.
#pragma once

#include <sio/client_handle.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {

/// One connection to a server, for all the namespaces that are joined over it (JS: `Manager`). It is a handle, as
/// `client` is; the connection lives as long as there is a handle of it, or of one of its clients. Calls may be made
/// from any thread and from any handler.
///
/// Events: "open"; "error" (message, description); "ping"; "packet" (type, namespace); "close" (reason, description);
/// "reconnect_attempt" (its number, from 1); "reconnect_error" (message, description); "reconnect_failed"; "reconnect"
/// (the number of the attempt); "upgrade" (transport); "upgrade_error" (message, description).
class manager : public emitter<manager> {
 public:
  /// A connection to be opened later: by `open`, or by the first client that connects. Never shared.
  explicit manager(std::string_view url, client_options options = {});
  manager(asio::any_io_executor executor, std::string_view url, client_options options = {});
  manager(const manager& other) noexcept;
  manager& operator=(const manager& other) noexcept;
  ~manager();

  /// The client in that namespace, the same one each time. Its `auth` is that of the options, until it is set.
  client socket(std::string_view nsp = "/") const;

  /// Connects; does nothing if it is connected or connecting. `done` hears how it went, and then nobody tries again if
  /// it went wrong: an empty message is success.
  void open() const;
  void open(std::function<void(std::string why_not)> done) const;
  /// Ends the connection; its clients hear "forced close", and connect again only when they are told to.
  void close() const;

  /// What carries the connection now, if it is open. For handlers: throws `std::logic_error` on another thread.
  std::optional<sio::transport> transport() const;
  /// The Engine.IO session's id; empty if it is not open. For handlers, likewise.
  std::string sid() const;
  /// Bytes that wait to leave. For handlers, likewise.
  std::size_t buffered_bytes() const;

  // ---- what the options said; from now on

  void reconnection(bool on) const;
  void reconnection_attempts(unsigned most) const;
  void reconnection_delay(std::chrono::milliseconds first) const;
  void reconnection_delay_max(std::chrono::milliseconds most) const;
  void randomization_factor(double factor) const;
  void timeout(std::chrono::milliseconds of_one_attempt) const;

  void off(std::string_view event) const;
  void off(std::string_view event, listener_id id) const;
  void off() const;

  std::size_t poll(std::size_t most = static_cast<std::size_t>(-1)) const;
  asio::any_io_executor get_executor() const;

  friend bool operator==(const manager& a, const manager& b) noexcept { return a.impl_ == b.impl_; }
  friend bool operator!=(const manager& a, const manager& b) noexcept { return a.impl_ != b.impl_; }

  /// For the library.
  explicit manager(std::shared_ptr<cln::manager> impl) noexcept;

 private:
  friend class emitter<manager>;

  listener_id add_listener(std::string_view event, handler run, bool once) const;
  void release() noexcept;

  std::shared_ptr<cln::manager> impl_;
};

}  // namespace SIO_ABI
}  // namespace sio
