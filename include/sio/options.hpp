// What a server can be told at birth, and what a socket knows of its client's handshake.
#pragma once

#include <sio/config.hpp>
#include <sio/request.hpp>
#include <sio/value.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sio {
inline namespace SIO_ABI {

class packet_parser;

/// What carries a session (engine.io-protocol: "transport").
enum class transport : std::uint8_t { polling, websocket };

std::string_view to_string(transport t) noexcept;

class adapter;
class adapter_host;

enum class log_level : std::uint8_t { debug, info, warning, error };

/// Cross-origin rules, as npm `cors` has them.
struct cors_options {
  /// One origin (sent as it is; "*" = any), a list (reflected if listed), or a function (reflected if it says true).
  std::variant<std::string, std::vector<std::string>, std::function<bool(std::string_view)>> origin = std::string("*");
  std::string methods = "GET,HEAD,PUT,PATCH,POST,DELETE";
  /// Empty: what the preflight asks for is reflected.
  std::vector<std::string> allowed_headers;
  std::vector<std::string> exposed_headers;
  bool credentials = false;
  std::optional<std::chrono::seconds> max_age;
  int options_success_status = 204;
};

/// The session cookie of the polling handshake, as npm `cookie` has it.
struct cookie_options {
  enum class same_site_rule : std::uint8_t { none, lax, strict, unset };
  std::string name = "io";
  std::string path = "/";
  std::string domain;
  std::optional<std::chrono::seconds> max_age;
  bool http_only = true;
  bool secure = false;
  bool partitioned = false;
  same_site_rule same_site = same_site_rule::lax;  ///< JS's `true` is strict
  enum class priority_rule : std::uint8_t { unset, low, medium, high };
  priority_rule priority = priority_rule::unset;
  std::optional<std::chrono::system_clock::time_point> expires;
};

/// Compression of polls; it needs a client that says so, and zlib at build time.
struct http_compression_options {
  std::size_t threshold = 1024;  ///< shorter bodies, in bytes, stay as they are
  int level = -1;                ///< 0 (fast) to 9 (small); -1: zlib's own choice
};

/// Compression of WebSocket messages (RFC 7692), as npm `ws` has it, where a client offers it.
///
/// A window that is kept from message to message compresses better and costs memory for as long as the connection
/// lives: with these defaults 262 KiB for what the server has compressed, and up to 40 KiB for what the client has.
/// Without a context a connection costs nothing (one compressor serves all), and a broadcast is compressed once, not
/// once per client.
struct per_message_deflate_options {
  /// Smaller messages are not compressed; in bytes.
  std::size_t threshold = 1024;
  /// The window is forgotten after each message of the server's, of the client's; else only if the client asks for it.
  bool server_no_context_takeover = false;
  bool client_no_context_takeover = false;
  /// The largest window, 8 to 15: two to the power of it is its size in bytes. Unset: 15, or less if the client asks
  /// for it. A client that cannot limit its own window to `client_max_window_bits` is served without compression.
  std::optional<int> server_max_window_bits;
  std::optional<int> client_max_window_bits;
  /// How hard to compress, 0 (not at all) to 9, and in how much memory, 1 to 9: zlib's `level` and `memLevel`.
  int level = 6;
  int memory_level = 8;
};

/// A hook's decision on a handshake; call it once, from any thread. An empty `message` means "Forbidden".
using allow_decision = std::function<void(bool allowed, std::string message)>;

/// What is kept of clients whose connection broke, so that they can go on where they were: their sockets' ids, rooms
/// and data, and the events that they would have received.
struct recovery_options {
  std::chrono::milliseconds max_disconnection_duration{120'000};  ///< who is away for longer begins anew
  bool skip_middlewares = true;                                   ///< for a socket that was recovered
  // Bounds, of each namespace. What is oldest goes; a client that would have needed it begins anew.
  std::size_t max_packets = 100'000;         ///< events
  std::size_t max_bytes = 64 * 1024 * 1024;  ///< of those events
  std::size_t max_sessions = 100'000;        ///< clients that are away
};

/// How much a source may send: averages that may be exceeded by what was saved up in `burst`. 0: no limit.
struct rate_limit {
  double packets_per_second = 0;  ///< Engine.IO packets; each attachment is one
  double bytes_per_second = 0;
  std::chrono::milliseconds burst{1'000};

  bool any() const noexcept { return packets_per_second > 0 || bytes_per_second > 0; }
};

/// What happens to a source beyond its rate: it is read no further until it is within (TCP slows it down), or closed.
enum class over_rate : std::uint8_t { pause, close };

/// What happens to a volatile event for a client that reads too slowly.
enum class volatile_policy : std::uint8_t {
  drop_unless_writable,  ///< dropped unless it can leave at once, as JS does
  drop_newest,           ///< waits like others, but is dropped while more than `high_water` bytes wait
  drop_oldest            ///< waits like others; past `high_water` the oldest waiting one goes: fresh data wins
};

struct server_options {
  /// Base path of the Socket.IO requests; a trailing slash makes no difference.
  std::string path = "/socket.io";
  /// Whether the JS client bundle is served below `path`, and the directory that holds it
  /// (npm `socket.io-client`'s `dist`); empty: the one that the build named, if it named one.
  bool serve_client = true;
  std::string client_dir;

  std::vector<transport> transports{transport::polling, transport::websocket};
  bool allow_upgrades = true;
  /// Whether clients of Socket.IO v2 (Engine.IO v3) are served as well.
  bool allow_eio3 = false;
  std::chrono::milliseconds ping_interval{25'000};
  std::chrono::milliseconds ping_timeout{20'000};
  std::chrono::milliseconds upgrade_timeout{10'000};
  /// A connection that has joined no namespace by then is closed.
  std::chrono::milliseconds connect_timeout{45'000};
  /// Largest body of a POST and largest WebSocket message, in bytes.
  std::size_t max_http_buffer_size = 1'000'000;

  std::optional<cors_options> cors;
  std::optional<cookie_options> cookie;
  /// Polls are answered in gzip or deflate where the client takes it; unset: never.
  std::optional<http_compression_options> http_compression = http_compression_options{};
  /// A message that every session begins with, in the answer to its handshake; empty: none.
  std::string initial_packet;
  /// Unset: WebSocket messages are not compressed. Needs a build with zlib, else std::invalid_argument is thrown.
  std::optional<per_message_deflate_options> per_message_deflate;
  /// Asked at each handshake, before a session is made. If the last copy of the decision goes unused, or
  /// `request_timeout` passes, the client is refused; the request lives as long as a copy of the decision.
  std::function<void(const request&, allow_decision)> allow_request;

  /// Deadlines of one HTTP request: its head, and the whole of it.
  std::chrono::milliseconds head_timeout{10'000};
  std::chrono::milliseconds request_timeout{30'000};
  /// An HTTP connection kept alive without a request for so long is closed.
  std::chrono::milliseconds keep_alive_timeout{60'000};
  std::size_t max_head_size = 16 * 1024;
  std::size_t max_target_size = 8 * 1024;
  std::size_t max_header_fields = 100;

  std::size_t max_fragments = 16'384;  ///< frames of one WebSocket message
  std::size_t max_json_depth = 100;
  std::size_t max_attachments = 10;               ///< binaries of one packet
  std::size_t max_packets_per_payload = 131'072;  ///< JS clients put 1 MB of small packets into one
  std::size_t max_namespaces = 64;                ///< per connection
  std::size_t max_namespace_length = 1'024;       ///< bytes of a namespace's name
  /// Namespaces that clients made by naming them, where `server::of` with a rule allows that.
  std::size_t max_child_namespaces = 10'000;
  /// Whether such a namespace goes when its last socket has left.
  bool cleanup_empty_child_namespaces = false;
  /// Bytes waiting for one connection; past that it is closed with `transport error`.
  std::size_t max_buffered_bytes = 16 * 1024 * 1024;

  /// Makes what stands behind the rooms of a namespace, on the thread that makes the namespace; unset: a
  /// `memory_adapter`. See adapter.hpp.
  std::function<std::unique_ptr<sio::adapter>(adapter_host&)> adapter;

  /// Whether clients that lost their connection can go on where they were (JS: connectionStateRecovery). With it, each
  /// event that asks for no acknowledgement and is not volatile has one more argument, its offset.
  std::optional<recovery_options> connection_state_recovery;

  /// Where "high water" begins and "low water" is reached again, in bytes waiting for one connection; see
  /// `socket::on_high_water`, `socket::drained`.
  std::size_t high_water = 1024 * 1024;
  std::size_t low_water = 64 * 1024;
  volatile_policy volatiles = volatile_policy::drop_unless_writable;

  /// Open connections altogether, and from one address (of IPv6: one /64); 0: no limit. One more is answered with 503.
  std::size_t max_connections = 0;
  std::size_t max_connections_per_address = 0;
  /// What one client may send, and what all of one address may.
  sio::rate_limit rate_limit;
  sio::rate_limit rate_limit_per_address;
  over_rate when_over_rate = over_rate::pause;

  /// Where `metrics` are served for Prometheus: "/metrics"; empty: nowhere. Whoever reaches the server reads them.
  std::string metrics_path;
  /// How often the loop's lag is measured; 0: never.
  std::chrono::milliseconds lag_interval{1'000};

  /// Event loops of a server that owns them. 1 in this version.
  unsigned threads = 1;

  /// The format of packets, if it is not Socket.IO's own; all clients must speak it. See parser.hpp.
  std::shared_ptr<const packet_parser> parser;

  /// The least level of the library's own lines; a line below it is not even put together.
  sio::log_level min_log_level = sio::log_level::warning;
  /// Where those lines go; unset: to standard error.
  std::function<void(log_level, std::string_view)> log;
};

/// What is known of a client's handshake (JS: `socket.handshake`).
struct handshake {
  sio::headers headers;
  sio::query query;         ///< of the Engine.IO handshake; the same for every namespace
  value auth;               ///< what the client gave for this namespace; an empty object if nothing
  std::string time;         ///< when, as JS prints a Date
  std::int64_t issued = 0;  ///< when, in milliseconds since 1970
  std::string address;      ///< the client's IP address; empty over a Unix-domain socket
  std::string url;          ///< request target of the handshake
  int protocol = 4;         ///< revision of Engine.IO that the client speaks: 4, or 3 (a client of Socket.IO v2)
  bool secure = false;      ///< over TLS
  std::shared_ptr<const certificate> client_certificate;  ///< null if the client gave none
  bool xdomain = false;                                   ///< with an Origin header
};

inline std::string_view to_string(transport t) noexcept { return t == transport::polling ? "polling" : "websocket"; }

}  // namespace SIO_ABI
}  // namespace sio
