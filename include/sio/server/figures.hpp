// What a server measures of itself when somebody asks.
#pragma once

#include <sio/ends/log.hpp>
#include <sio/server/life.hpp>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

inline void measure_sessions(metrics& m, const links& all) {
  all.for_each([&m](const link& l) {
    ++(l.carrier() == transport::polling ? m.polling_sessions : m.websocket_sessions);
    m.buffered_bytes += l.backlog().bytes();
  });
}

inline void measure_namespaces(metrics& m, const namespaces& all) {
  for (const auto& n : all.all()) {
    const audience& there = *n->audience();
    m.namespaces.push_back({n->name(), there.size(), there.rooms().size()});
    there.for_each([&m](receiver& r) { m.acks_pending += static_cast<socket&>(r).questions(); });
  }
}

/// To be called on the loop.
inline metrics measure(const parts& server, const ends::log& lg) {
  metrics m = lg.counts();
  m.streams = server.listening->connections();
  measure_sessions(m, server.engine->sessions());
  measure_namespaces(m, *server.namespaces);
  return m;
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
