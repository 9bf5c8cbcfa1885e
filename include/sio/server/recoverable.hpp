// What a socket has more where clients may go on where they were: its secret, and what its client missed.
#pragma once

#include <sio/adapter.hpp>
#include <sio/error.hpp>
#include <sio/net/random.hpp>
#include <sio/server/surroundings.hpp>
#include <sio/value.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

/// What a client says that wants to go on: {"pid":"…","offset":"…"}; no offset if it received nothing yet.
struct recovery_claim {
  std::string pid, offset;
};

struct recoverable {
  recovery_claim claim;
  std::shared_ptr<socket_data> data = std::make_shared<socket_data>();  ///< outlives the socket
  std::vector<event_packet> missed = {};                                ///< until its client has them
  bool recovered = false;

  const std::string& pid() const noexcept { return claim.pid; }
  void enter(audience& all, receiver& self, link& to) {
    all.by_pid()[pid()] = &self;
    for (event_packet& p : std::exchange(missed, {})) {
      all.encode(p);
      ends::send_packet(to, *p.encoded());
    }
  }
  void leave(audience& all, const receiver& self) const noexcept {
    const auto found = all.by_pid().find(pid());
    if (found != all.by_pid().end() && found->second == &self) all.by_pid().erase(found);
  }
};

/// As a broadcast to its own room: it is kept for its client, also while that one is away.
template <class Socket>
void emit_recoverably(const std::shared_ptr<Socket>& by, const emit_flags& flags, event_packet packet) {
  const bool at_once = by->where().loop->here();
  by->where().loop->run([by, flags, packet = std::move(packet), at_once]() mutable {
    const broadcast_options to{{by->id()}, {}, flags};
    sio::adapter& adapter = *by->where().adapter;
    if (at_once) return adapter.broadcast(std::move(packet), to);
    broadcast_later(adapter, std::move(packet), to, [&](const std::string& why_not) { by->report(why_not); });
  });
}

inline std::unique_ptr<recoverable> make_recoverable() {
  auto made = std::make_unique<recoverable>();
  made->claim.pid = net::random_id();
  return made;
}

/// Nothing if it does not want to, or says it in a way that no client does.
inline std::optional<recovery_claim> claim_of(const value& auth) {
  const std::string* pid = auth["pid"].if_string();
  const object* all = auth.if_object();
  if (!pid || !all) return std::nullopt;
  const value* last = all->find("offset");
  if (!last) return recovery_claim{*pid, {}};
  const std::string* text = last->if_string();
  if (!text || text->empty()) return std::nullopt;
  return recovery_claim{*pid, *text};
}

/// Whether a client may come back that was disconnected for this reason.
inline bool may_come_back(reason why) noexcept {
  switch (why) {
    case reason::transport_error:
    case reason::transport_close:
    case reason::forced_close:
    case reason::ping_timeout:
    case reason::server_shutting_down:
    case reason::forced_server_close: return true;
    default: return false;
  }
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
