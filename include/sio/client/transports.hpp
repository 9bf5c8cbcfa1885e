// What carries a client's session, and the WebSocket that may take it over.
#pragma once

#include <sio/client/engine_options.hpp>
#include <sio/client/polling.hpp>
#include <sio/client/websocket.hpp>
#include <sio/net/loop.hpp>

#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace cln {

/// Whom the transports tell.
class transport_user : public polling::user, public websocket::user {};

/// Lives on a loop.
class transports {
 public:
  transports(std::shared_ptr<net::loop> l, std::shared_ptr<const engine_options> o)
      : loop_(std::move(l)), options_(std::move(o)) {}

  bool is_polling(const polling& one) const noexcept { return &one == polling_.get(); }
  bool carries(const websocket& one) const noexcept { return &one == websocket_.get(); }
  bool offers(const websocket& one) const noexcept { return &one == candidate_.get(); }
  bool has_candidate() const noexcept { return candidate_ != nullptr; }

  void begin(transport by, std::weak_ptr<transport_user> user);
  /// A second one, for the session with that id.
  void begin_candidate(std::weak_ptr<transport_user> user, std::string_view sid);
  /// It carries the session from now on; its first word is `5`.
  void promote_candidate();
  void drop_candidate();

  void get(std::string_view sid) { std::shared_ptr(polling_)->get(sid); }
  void post(std::string_view sid, std::string payload) { std::shared_ptr(polling_)->post(sid, std::move(payload)); }
  void write(const eio::encoded_packet& p) { websocket_->write(p); }
  std::size_t buffered_bytes() const noexcept { return websocket_ ? websocket_->buffered_bytes() : 0; }
  bool writable() const noexcept { return websocket_ ? websocket_->writable() : polling_ != nullptr; }

  /// Ends them all at once.
  void abort() noexcept;
  /// Ends them, and lets the server know what it was that ended.
  void close(std::string_view sid);

 private:
  std::shared_ptr<net::loop> loop_;
  std::shared_ptr<const engine_options> options_;
  std::shared_ptr<polling> polling_;
  std::shared_ptr<websocket> websocket_, candidate_;
};

// ---- bodies

// A WebSocket may fail at once, and must be known by then.
inline void transports::begin(transport by, std::weak_ptr<transport_user> user) {
  if (by == transport::polling) {
    polling_ = std::make_shared<polling>(loop_, options_, std::move(user));
    return;
  }
  websocket_ = std::make_shared<websocket>(loop_, options_, std::move(user));
  std::shared_ptr(websocket_)->open({});
}

inline void transports::begin_candidate(std::weak_ptr<transport_user> user, std::string_view sid) {
  candidate_ = std::make_shared<websocket>(loop_, options_, std::move(user));
  std::shared_ptr(candidate_)->open(sid);
}

inline void transports::promote_candidate() {
  static const eio::encoded_packet& upgrade = eio::fixed_packet("5");
  websocket_ = std::exchange(candidate_, nullptr);
  websocket_->write(upgrade);
  const auto old = std::exchange(polling_, nullptr);
  old->close();
  loop_->bury(old);
}

// Whoever is dropped may be on the stack.
inline void transports::drop_candidate() {
  const auto old = std::exchange(candidate_, nullptr);
  if (!old) return;
  loop_->bury(old);
  old->close();
}

inline void transports::abort() noexcept {
  for (const auto& old : {std::exchange(candidate_, nullptr), std::exchange(websocket_, nullptr)}) {
    if (!old) continue;
    old->abort();
    loop_->bury(old);
  }
  const auto old = std::exchange(polling_, nullptr);
  if (!old) return;
  old->close();
  loop_->bury(old);
}

inline void transports::close(std::string_view sid) {
  drop_candidate();
  if (websocket_)
    websocket_->close();
  else if (polling_)
    loop_->bury(polling_), std::exchange(polling_, nullptr)->say_farewell(sid);
  abort();
}

}  // namespace cln
}  // namespace SIO_ABI
}  // namespace sio
