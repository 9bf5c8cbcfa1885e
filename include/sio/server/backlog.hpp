// What waits for one client, and what is done when it becomes too much.
#pragma once

#include <sio/eio/server_session.hpp>
#include <sio/server/link_user.hpp>
#include <sio/server/websockets.hpp>

#include <cstddef>
#include <optional>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

class backlog {
 public:
  backlog(eio::server_session& session, const srv::websockets& websockets, const link_rules& rules) noexcept
      : session_(session), websockets_(websockets), rules_(rules) {}

  /// Bytes in the session and in its connection.
  std::size_t bytes() const noexcept { return session_.buffered_bytes() + websockets_.buffered_bytes(); }

  /// Queues a packet. False if more waits now than may: the client is to be let go.
  bool push(eio::encoded_packet p, eio::keep how) {
    metrics& counts = rules_.log->counts();
    ++counts.packets_out;
    counts.bytes_out += p.size();
    session_.send(std::move(p), how);
    if (is_high() && policy() == volatile_policy::drop_oldest)
      while (is_high() && session_.drop_oldest()) ++counts.volatile_dropped;
    if (bytes() <= rules_.options->max_buffered_bytes) return true;
    rules_.log->count(refusal::slow_reader);
    return false;
  }

  /// Whether what is sent now would leave now.
  bool writable() const noexcept {
    if (!session_.is_open() || session_.buffered_bytes() != 0) return false;  // of many in one turn the first leaves
    return session_.carrier() == transport::polling ? session_.polling() : websockets_.writable();
  }
  /// Whether a volatile event may be sent now: else it is dropped, and counted.
  bool takes_volatile() const noexcept {
    const bool fits = policy() == volatile_policy::drop_unless_writable
                          ? writable()
                          : policy() == volatile_policy::drop_oldest || !is_high();
    if (!fits) ++rules_.log->counts().volatile_dropped;
    return fits;
  }
  /// Where newer volatile events push out older ones, they wait where they can be pushed out: in the session.
  bool waits_for_room() const noexcept {
    return policy() == volatile_policy::drop_oldest && session_.is_open() && !websockets_.writable();
  }

  bool is_high() const noexcept { return bytes() > rules_.options->high_water; }
  /// Whether the water is high, or has not become low since: then `crossed` will tell when it is low.
  bool await_low() noexcept { return was_high_ = was_high_ || is_high(); }
  /// True when the water has become high since the last call, false when it has become low; else nothing.
  std::optional<bool> crossed() noexcept {
    const bool high = bytes() > (was_high_ ? rules_.options->low_water : rules_.options->high_water);
    if (high == std::exchange(was_high_, high)) return std::nullopt;
    return high;
  }

 private:
  volatile_policy policy() const noexcept { return rules_.options->volatiles; }

  eio::server_session& session_;
  const srv::websockets& websockets_;
  const link_rules& rules_;
  bool was_high_ = false;
};

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
