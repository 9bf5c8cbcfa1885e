// What a client's Engine.IO goes by, with everything resolved, and whom it serves.
#pragma once

#include <sio/eio/client_fault.hpp>
#include <sio/eio/client_session.hpp>
#include <sio/error.hpp>
#include <sio/http/cookie_jar.hpp>
#include <sio/net/deflate_pool.hpp>
#include <sio/net/route.hpp>
#include <sio/options.hpp>
#include <sio/request.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace cln {

/// What an "error" says: JS's words, one sentence with the cause, the HTTP status if there was one.
using engine_error = eio::client_fault;

struct engine_options {
  net::route route;                  ///< to the server
  std::string host;                  ///< what the field Host says
  std::string path = "/socket.io/";  ///< with or without the slash at its end, as it is to be sent
  std::vector<std::pair<std::string, std::string>> query;  ///< the user's, not encoded
  headers extra_headers;                                   ///< of every request
  /// Null: cookies are neither kept nor sent.
  std::shared_ptr<http::cookie_jar> cookies;

  std::vector<transport> transports{transport::polling, transport::websocket};
  bool upgrade = true;
  /// While opening, a transport that fails is left for the next one.
  bool try_all_transports = false;
  /// WebSocket is tried first if it is among the transports: it worked the last time (JS: rememberUpgrade).
  bool websocket_first = false;

  bool stamp_polls = true;        ///< JS: timestampRequests, unless that is false
  bool stamp_websockets = false;  ///< JS: timestampRequests, if that is true
  std::string timestamp_param = "t";
  bool force_base64 = false;
  std::vector<std::string> protocols;  ///< of WebSocket

  /// Of one GET or POST, or of opening a WebSocket; 0: as long as it takes.
  std::chrono::milliseconds request_timeout{0};
  eio::client_patience patience;
  /// Null: WebSocket messages are not compressed.
  std::shared_ptr<net::deflate_pool> deflate;

  // Bounds of what a server may send, and of what may wait for one that does not read.
  std::size_t max_payload = 100 * 1024 * 1024;        ///< bytes of an HTTP body or a WebSocket message, decompressed
  std::size_t max_fragments = 16'384;                 ///< frames of one WebSocket message
  std::size_t max_packets_per_payload = 1'000'000;    ///< of one HTTP body
  std::size_t max_buffered_bytes = 64 * 1024 * 1024;  ///< past that the connection is given up
};

/// The layer above an engine. All of it is called on the loop; whatever is called from inside is legal.
class engine_user {
 public:
  virtual ~engine_user() = default;
  virtual void on_open() = 0;
  virtual void on_message(std::string_view message, bool binary) = 0;
  /// The server pinged, and is being answered.
  virtual void on_ping() {}
  /// All that was sent has left.
  virtual void on_drain() {}
  /// That transport carries the session from now on.
  virtual void on_upgrade(transport) {}
  /// The session stays with polling.
  virtual void on_upgrade_error(const engine_error&) {}
  /// `on_close` follows.
  virtual void on_error(const engine_error& why) = 0;
  /// Called once, after an `open` that came to nothing, too; the last thing that is called.
  virtual void on_close(reason why, std::string_view description) = 0;
};

}  // namespace cln
}  // namespace SIO_ABI
}  // namespace sio
