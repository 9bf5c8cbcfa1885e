// How a client's session moves to a WebSocket: 2probe, 3probe, a pause until the last GET and POST have ended, then 5.
#pragma once

#include <sio/eio/packet.hpp>
#include <sio/eio/times.hpp>

#include <cstdint>

namespace sio {
inline namespace SIO_ABI {
namespace eio {

class client_upgrade {
 public:
  /// Whether a WebSocket is to be opened.
  bool due() const noexcept { return step_ == step::due; }
  void offer() noexcept { step_ = step::due; }
  void begin(time_point until) noexcept {
    step_ = step::probing;
    until_ = until;
  }
  bool under_way() const noexcept { return step_ == step::probing || step_ == step::pausing; }
  /// Whether it has answered, and nothing more is to leave by polling.
  bool pausing() const noexcept { return step_ == step::pausing; }

  /// What it said. False if that is no `3probe`: it is of no use. What it says beyond that nobody hears.
  bool receive(const packet& p) noexcept {
    if (pausing()) return true;
    const bool answered = p.type == packet_type::pong && p.data == "probe" && !p.binary;
    step_ = answered ? step::pausing : step::none;
    return answered;
  }
  void end() noexcept { step_ = step::none; }
  /// By when it must have answered.
  time_point deadline() const noexcept { return step_ == step::probing ? until_ : time_point::max(); }

 private:
  enum class step : std::uint8_t { none, due, probing, pausing };
  time_point until_{};
  step step_ = step::none;
};

}  // namespace eio
}  // namespace SIO_ABI
}  // namespace sio
