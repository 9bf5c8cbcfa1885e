// What a session has to say and no transport has taken yet.
#pragma once

#include <sio/eio/packet.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace eio {

/// How a packet that waits stands to the others.
enum class keep : std::uint8_t {
  always,
  while_fresh,  ///< a volatile event: newer ones may push it out
  with_last     ///< an attachment: goes where the packet before it goes
};

class outbox {
 public:
  void push(encoded_packet p, keep how = keep::always) {
    bytes_ += p.size();
    waiting_.push_back({std::move(p), how});
  }
  bool empty() const noexcept { return waiting_.empty(); }
  /// Bytes of all packets that wait.
  std::size_t bytes() const noexcept { return bytes_; }

  /// Gives each packet to `sink`, oldest first, and forgets it. The sink must not push.
  template <class Sink>
  void drain(Sink&& sink) {
    for (entry& e : waiting_) sink(std::move(e.packet));
    clear();
  }
  /// Forgets the oldest volatile event, but for one that was just pushed. False if none waits.
  bool drop_oldest() {
    const auto last_head = [this](std::size_t i) {
      while (++i < waiting_.size())
        if (waiting_[i].how != keep::with_last) return false;
      return true;
    };
    std::size_t at = 0;
    while (at != waiting_.size() && waiting_[at].how != keep::while_fresh) ++at;
    if (at == waiting_.size() || last_head(at)) return false;
    erase_event(at);
    return true;
  }
  void clear() noexcept {
    waiting_.clear();
    bytes_ = 0;
  }

 private:
  struct entry {
    encoded_packet packet;
    keep how;
  };

  // With its attachments.
  void erase_event(std::size_t at) {
    std::size_t end = at;
    do {
      bytes_ -= waiting_[end++].packet.size();
    } while (end != waiting_.size() && waiting_[end].how == keep::with_last);
    const auto first = waiting_.begin();
    waiting_.erase(first + static_cast<std::ptrdiff_t>(at), first + static_cast<std::ptrdiff_t>(end));
  }

  std::vector<entry> waiting_;
  std::size_t bytes_ = 0;
};

}  // namespace eio
}  // namespace SIO_ABI
}  // namespace sio
