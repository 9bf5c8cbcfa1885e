// What a client has to say and no transport has taken yet; a POST takes as much as the server allows in one body.
#pragma once

#include <sio/eio/packet.hpp>
#include <sio/eio/payload.hpp>

#include <cstddef>
#include <deque>
#include <string>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace eio {

class client_outbox {
 public:
  void push(encoded_packet p) {
    bytes_ += p.size();
    waiting_.push_back(std::move(p));
  }
  bool empty() const noexcept { return waiting_.empty(); }
  /// Bytes of all packets that wait.
  std::size_t bytes() const noexcept { return bytes_; }

  /// The oldest packets as one body of no more than `most` bytes (0: no limit); one that is larger goes alone.
  std::string take_payload(std::size_t most) {
    std::string body;
    do {
      append(body, waiting_.front());
      pop();
    } while (!empty() && (most == 0 || body.size() + 1 + payload_size(waiting_.front()) <= most));
    return body;
  }

  /// Gives each packet to `sink`, oldest first, and forgets it. The sink must not push.
  template <class Sink>
  void drain(Sink&& sink) {
    for (; !empty(); pop()) sink(std::as_const(waiting_.front()));
  }

  void clear() noexcept {
    waiting_.clear();
    bytes_ = 0;
  }

 private:
  void pop() noexcept {
    bytes_ -= waiting_.front().size();
    waiting_.pop_front();
  }

  std::deque<encoded_packet> waiting_;
  std::size_t bytes_ = 0;
};

}  // namespace eio
}  // namespace SIO_ABI
}  // namespace sio
