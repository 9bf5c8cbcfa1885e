// What a link serves, and what it goes by.
#pragma once

#include <sio/eio/server_session.hpp>
#include <sio/ends/log.hpp>
#include <sio/error.hpp>

#include <cstddef>
#include <memory>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

/// The layer above a link.
class link_user {
 public:
  virtual ~link_user() = default;
  virtual void on_message(std::string_view message, bool binary) = 0;
  /// More than `high_water` bytes wait for the client; or, after that, no more than `low_water` do.
  virtual void on_water(bool /*high*/) {}
  /// The session is about to be closed, for this reason; what is said now is the last that the client hears.
  virtual void on_retired(reason) {}
  /// The session has ended; called once, the last thing that is called.
  virtual void on_closed(reason why, std::string_view description) = 0;
  /// The loop dies under the session: called instead of `on_closed`; no user's code may run any more.
  virtual void on_dropped() noexcept = 0;
};

struct poll_compression;

/// What every link of an engine goes by.
struct link_rules {
  eio::session_times times;
  std::size_t max_packets_per_payload;
  std::shared_ptr<const server_options> options;
  std::shared_ptr<const ends::log> log;
  std::shared_ptr<poll_compression> compression;  ///< null (the pointer): polls are never compressed
};

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
