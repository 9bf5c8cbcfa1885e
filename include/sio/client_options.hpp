// What a client can be told at birth.
#pragma once

#include <sio/options.hpp>
#include <sio/proxy.hpp>
#include <sio/tls.hpp>
#include <sio/value.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {

/// What a client shows a namespace when it connects (JS: `auth`): a value, or a callable that is asked at each
/// connection, the later ones too: `value()`, or `void(auth::reply)`, which may reply later, from any thread.
class auth {
 public:
  using reply = std::function<void(value)>;

  auth() = default;
  auth(std::initializer_list<object::member> members) : auth(object(members)) {}
  template <class T, class = std::enable_if_t<!std::is_same_v<std::decay_t<T>, auth>>>
  auth(T&& from) {
    if constexpr (std::is_invocable_v<std::decay_t<T>&, reply>)
      ask_ = std::forward<T>(from);
    else if constexpr (std::is_invocable_v<std::decay_t<T>&>)
      ask_ = [f = std::forward<T>(from)](const reply& give) mutable { give(value(f())); };
    else
      ask_ = [v = value(std::forward<T>(from))](const reply& give) { give(v); };
  }

  /// Without one, an empty answer.
  void operator()(const reply& give) const { ask_ ? ask_(give) : give(value()); }

 private:
  std::function<void(reply)> ask_;
};

/// Where a client's handlers run.
enum class delivery : std::uint8_t {
  loop,  ///< on the client's own thread, or on the host's executor
  poll   ///< in `client::poll`, on the thread that calls it: for games and GUIs
};

/// Which event goes when too many wait for a connection.
enum class offline_policy : std::uint8_t { drop_newest, drop_oldest };

/// An event that waits for a connection.
struct offline_event {
  std::string name;
  std::size_t bytes = 0;
};

/// Names and defaults are those of the JS client, in snake_case.
struct client_options {
  /// Base path of the Socket.IO requests, and whether a slash is added to it.
  std::string path = "/socket.io";
  bool add_trailing_slash = true;
  /// Added to the query of every Engine.IO request; if it is empty, that of the URL is.
  std::vector<std::pair<std::string, std::string>> query;
  /// Added to every request. A field that breaks HTTP throws `std::invalid_argument`.
  headers extra_headers;
  sio::auth auth;

  // ---- transports

  /// In the order in which they are tried.
  std::vector<transport> transports{transport::polling, transport::websocket};
  bool upgrade = true;              ///< from the first transport to a better one
  bool remember_upgrade = false;    ///< the next connection begins with WebSocket if the last one got there
  bool try_all_transports = false;  ///< when one cannot connect, the next one is tried
  bool timestamp_requests = true;   ///< polls carry a parameter that is never the same, against caches
  std::string timestamp_param = "t";
  bool force_base64 = false;                     ///< binary is asked for as text
  bool with_credentials = false;                 ///< cookies of polls are kept and sent again
  std::vector<std::string> protocols;            ///< WebSocket sub-protocols to ask for
  std::chrono::milliseconds request_timeout{0};  ///< of one poll or POST; 0: none
  /// Offered to the server where this library was built with zlib; unset: never.
  std::optional<per_message_deflate_options> per_message_deflate = per_message_deflate_options{};

  // ---- connecting and reconnecting

  /// Whether a connection to the same server is shared with other clients of this process that would, too; the later
  /// one's options of the connection are then those of the first. `force_new` and a namespace that is taken already
  /// get a connection of their own.
  bool multiplex = true;
  bool force_new = false;
  /// Whether it connects at birth. JS does; here listeners could come too late for what happens on another thread.
  bool auto_connect = false;
  std::chrono::milliseconds timeout{20'000};  ///< of one attempt to connect; 0: none
  bool reconnection = true;
  unsigned reconnection_attempts = (std::numeric_limits<unsigned>::max)();
  std::chrono::milliseconds reconnection_delay{1'000};  ///< before the first attempt; doubled for each further one
  std::chrono::milliseconds reconnection_delay_max{5'000};
  double randomization_factor = 0.5;  ///< 0 to 1: by how much of it a delay may be longer or shorter

  // ---- events

  /// How often an event is sent again that was not acknowledged within `ack_timeout`; unset: it is sent once. With it
  /// events leave one by one, in order, each when the one before was acknowledged or given up: at least once, if the
  /// server acknowledges. See `client::emit`.
  std::optional<unsigned> retries;
  /// How long to wait for an acknowledgement where an emit says nothing else; unset: without end.
  std::optional<std::chrono::milliseconds> ack_timeout;
  /// Events that wait for a connection, of each namespace, and their bytes; what is too much is dropped and reported.
  std::size_t max_offline_events = 100'000;
  std::size_t max_offline_bytes = 64 * 1024 * 1024;
  offline_policy when_offline_full = offline_policy::drop_newest;

  // ---- network

  client_tls_options tls;
  proxy_options proxy;
  /// Connects to this Unix-domain socket; the URL still says what is asked for.
  std::string unix_path;

  // ---- limits on what a server may send

  std::size_t max_message_size = 100 * 1024 * 1024;  ///< bytes of one message, of one answer to a poll
  std::size_t max_attachments = 10;                  ///< binaries of one packet
  std::size_t max_json_depth = 100;
  /// Bytes that wait for a server that does not read; past that the connection is closed with `transport error`.
  std::size_t max_buffered_bytes = 64 * 1024 * 1024;

  // ---- the rest

  /// The format of packets, if it is not Socket.IO's own; the server must speak it. See parser.hpp.
  std::shared_ptr<const packet_parser> parser;
  sio::delivery delivery = sio::delivery::loop;
  /// With `delivery::poll`: called on the client's thread when there is something to `poll`, to wake a loop.
  std::function<void()> wake;
  /// With a thread of its own: how long the last handle's destructor waits for what was emitted to leave.
  std::chrono::milliseconds linger{500};
  /// The least level of the library's own lines.
  sio::log_level min_log_level = sio::log_level::warning;
  /// Where those lines go; unset: to standard error. Called from the client's thread.
  std::function<void(log_level, std::string_view)> log;
};

}  // namespace SIO_ABI
}  // namespace sio
