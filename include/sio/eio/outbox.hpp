// What a session has to say and no transport has taken yet.
#pragma once

#include <sio/eio/packet.hpp>

#include <cstddef>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace eio {

class outbox {
 public:
  void push(encoded_packet p) {
    bytes_ += p.size();
    waiting_.push_back(std::move(p));
  }

  bool empty() const noexcept { return waiting_.empty(); }
  /// Bytes of all packets that wait.
  std::size_t bytes() const noexcept { return bytes_; }

  /// Gives each packet to `sink`, oldest first, and forgets it. The sink must not push.
  template <class Sink>
  void drain(Sink&& sink) {
    for (encoded_packet& p : waiting_) sink(std::move(p));
    clear();
  }

  void clear() noexcept {
    waiting_.clear();
    bytes_ = 0;
  }

 private:
  std::vector<encoded_packet> waiting_;
  std::size_t bytes_ = 0;
};

}  // namespace eio
}  // namespace SIO_ABI
}  // namespace sio
