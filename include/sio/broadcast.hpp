// An emit to many: which rooms, less which, and how. Each call returns a new one, so that any step can be kept.
#pragma once

#include <sio/adapter.hpp>

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {

namespace srv {
class nsp;
}

/// Rooms as an argument: one name or a list of names.
class room_list {
 public:
  room_list(const char* name) : names_{name} {}
  room_list(std::string name) : names_{std::move(name)} {}
  room_list(std::string_view name) : names_{std::string(name)} {}
  room_list(std::vector<std::string> names) : names_(std::move(names)) {}
  room_list(std::initializer_list<std::string> names) : names_(names) {}

  const std::vector<std::string>& names() const noexcept { return names_; }

 private:
  std::vector<std::string> names_;
};

/// A broadcast in the making (JS: BroadcastOperator). Reaches the union of its rooms, each socket once, less the
/// sockets that are in an excepted room; without rooms, the whole namespace. May be used on any thread.
class broadcast {
 public:
  broadcast() = default;

  broadcast to(const room_list& rooms) const;
  broadcast in(const room_list& rooms) const { return to(rooms); }
  /// A socket's own id is a room, too: `except(s.id())`.
  broadcast except(const room_list& rooms) const;
  /// Dropped for the sockets that could not be sent to at once.
  broadcast volatile_() const;

  /// Throws `std::invalid_argument` for a reserved event name, as in JS.
  template <class... A>
  void emit(std::string_view event, A&&... a) const {
    static_assert(!detail::ends_with_ack_receiver<A...>, "sio: a broadcast takes no acknowledgement in this version");
    emit_array(event, pack_array(std::forward<A>(a)...));
  }
  void emit_array(std::string_view event, array arguments) const;

 private:
  friend class nsp;
  friend class socket;

  std::shared_ptr<srv::nsp> nsp_;
  broadcast_options to_;
};

}  // namespace SIO_ABI
}  // namespace sio
