// What a server tells of itself in figures.
#pragma once

#include <sio/config.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sio {
inline namespace SIO_ABI {

/// Why a server turned a peer, a request or a packet away.
enum class refusal : std::uint8_t {
  unknown_transport,     ///< the engine's code 0
  unknown_sid,           ///< code 1
  bad_handshake_method,  ///< code 2
  bad_request,           ///< code 3
  forbidden,             ///< code 4: `allow_request`
  unsupported_version,   ///< code 5
  bad_http,              ///< no proper HTTP, too long, too slow, or a body too large
  bad_tls,               ///< a TLS handshake that came to nothing
  bad_websocket,         ///< a frame that breaks a rule, or a message too large
  bad_packet,            ///< no Engine.IO or Socket.IO packet, or one that may not come now
  invalid_namespace,     ///< a namespace that there is not, or one too many
  by_middleware,         ///< a namespace's middleware said no
  too_many_connections,  ///< `max_connections`, `max_connections_per_address`
  too_fast,              ///< closed by `rate_limit`
  slow_reader            ///< more than `max_buffered_bytes` waited for it
};
inline constexpr std::size_t refusal_causes = 15;

/// "unknown_sid"
std::string_view to_string(refusal cause) noexcept;

/// How a server is now (gauges), and what it did since it was made (counters, which only grow).
struct metrics {
  /// Sockets and rooms of one namespace; each socket's own room is among them.
  struct nsp_gauges {
    std::string name;
    std::size_t sockets = 0, rooms = 0;
  };

  // ---- gauges
  std::size_t streams = 0;           ///< open connections (TCP, TLS, …), whatever they carry
  std::size_t polling_sessions = 0;  ///< clients by what carries them now
  std::size_t websocket_sessions = 0;
  std::vector<nsp_gauges> namespaces;  ///< in the order of their names
  std::size_t acks_pending = 0;        ///< questions to clients that are not answered yet
  std::size_t buffered_bytes = 0;      ///< waiting for all clients together
  /// How late the loop's last and latest probe came; see `server_options::lag_interval`.
  std::chrono::microseconds loop_lag{0}, loop_lag_max{0};

  // ---- counters
  std::uint64_t streams_accepted = 0;
  std::uint64_t sessions_opened = 0, sessions_closed = 0;
  std::uint64_t upgrades = 0;                  ///< from polling to WebSocket
  std::uint64_t packets_in = 0, bytes_in = 0;  ///< of Engine.IO; without framing and HTTP
  std::uint64_t packets_out = 0, bytes_out = 0;
  std::uint64_t events_in = 0;       ///< that had a listener or not; without acknowledgements
  std::uint64_t handler_errors = 0;  ///< a handler threw, or the arguments did not fit it
  std::uint64_t acks_timed_out = 0;
  std::uint64_t volatile_dropped = 0;                    ///< volatile events that could not leave at once
  std::array<std::uint64_t, refusal_causes> refusals{};  ///< by `refusal`

  std::uint64_t refused(refusal cause) const noexcept { return refusals[static_cast<std::size_t>(cause)]; }
};

/// As Prometheus reads it (text exposition format 0.0.4); all names begin with `sio_`.
std::string to_prometheus(const metrics& m);

}  // namespace SIO_ABI
}  // namespace sio

#if !defined(SIO_SEPARATE_COMPILATION)
#include <sio/impl/metrics.ipp>
#endif
