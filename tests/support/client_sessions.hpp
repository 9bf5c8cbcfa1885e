// Client's sessions of the tests, at each stage, and what they say.
#pragma once

#include <sio/eio/client_session.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace client_sessions {

using namespace sio;

using session = eio::client_session;
using event = session::event;

inline const eio::time_point t0{};
inline const std::string hello =
    R"(0{"sid":"abc","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":100})";

inline eio::packet text(std::string_view wire) { return *eio::decode(wire); }

inline session polling_session() {
  session s(transport::polling);
  s.begin_poll();
  s.receive(text(hello), t0);
  s.end_poll();
  return s;
}
inline session websocket_session() {
  session s(transport::websocket);
  s.receive(text(hello), t0);
  return s;
}
/// While its WebSocket is asked whether it can take over.
inline session probing_session() {
  session s = polling_session();
  s.begin_poll();
  s.begin_probe(t0);
  return s;
}

inline void send(session& s, const std::string& wire) { s.send(eio::encoded_packet{wire}); }
inline void send_binary(session& s, const std::string& bytes) {
  s.send(eio::encoded_packet{std::make_shared<const std::string>(bytes), true});
}

inline std::string frames(session& s) {
  std::string sent;
  s.take_frames([&](const eio::encoded_packet& p) { sent += (sent.empty() ? "" : "|") + std::string(p.bytes()); });
  return sent;
}

/// All that can be posted, body by body.
inline std::vector<std::string> posts(session& s) {
  std::vector<std::string> bodies;
  for (; s.post_due(); s.end_post()) bodies.push_back(s.take_post());
  return bodies;
}

}  // namespace client_sessions
