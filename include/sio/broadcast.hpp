// An emit to many: which rooms, less which, and how. Each call returns a new one, so that any step can be kept.
#pragma once

#include <sio/adapter.hpp>
#include <sio/broadcast_answers.hpp>
#include <sio/query.hpp>

#include <chrono>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {

namespace srv {
class nsp;
}

class remote_socket;

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
  template <class R>
  using gathered =
      std::conditional_t<std::is_same_v<R, broadcast_answers>, void(error_code, R), void(error_code, std::vector<R>)>;

 public:
  broadcast() = default;

  broadcast to(const room_list& rooms) const;
  broadcast in(const room_list& rooms) const { return to(rooms); }
  /// A socket's own id is a room, too: `except(s.id())`.
  broadcast except(const room_list& rooms) const;
  /// Dropped for the sockets that could not be sent to at once.
  broadcast volatile_() const;
  /// Whether it may be compressed, where a connection can; it may, unless told otherwise.
  broadcast compress(bool on) const;
  /// Only for the sockets of this server.
  broadcast local() const;
  /// How long to wait for the acknowledgements.
  broadcast timeout(std::chrono::milliseconds d) const;

  /// Throws `std::invalid_argument` for a reserved event name, as in JS. A lambda as the last argument asks for
  /// answers, and receives them when all have come: `[](error_code ec, std::vector<int> answers)`. With
  /// `errc::timed_out` those are the ones that came in time. A client that leaves is not waited for. A
  /// `sio::broadcast_answers` also tells who answered and who did not. Without `timeout` it waits for 20 s.
  template <class... A>
  void emit(std::string_view event, A&&... a) const {
    if constexpr (detail::ends_with_ack_receiver<A...>)
      emit_and_gather(event, std::forward_as_tuple(std::forward<A>(a)...),
                      std::make_index_sequence<sizeof...(A) - 1>());
    else
      emit_array(event, pack_array(std::forward<A>(a)...));
  }
  void emit_array(std::string_view event, array arguments) const;
  /// `emit("message", …)`.
  template <class... A>
  void send(A&&... a) const {
    emit("message", std::forward<A>(a)...);
  }
  /// The same, and completes with all answers, as `void(error_code, std::vector<R>)`, or without an `R`, as
  /// `void(error_code, broadcast_answers)`: the last argument is a completion token of Asio's, and may be left out in
  /// C++20.
  template <class R = broadcast_answers, class... A>
  auto emit_with_ack(std::string_view event, A&&... a) const
      -> detail::asked_t<broadcast, detail::answers_completion<gathered<R>>, A...> {
    return detail::ask<detail::answers_completion<gathered<R>>>(*this, to_.flags, event, std::forward<A>(a)...);
  }

  // ---- the sockets themselves, of all servers unless `local`

  /// Completes with them as they are, as `void(error_code, std::vector<sio::remote_socket>)`: the token is a completion
  /// token of Asio's, or a lambda, which may leave the error_code out.
  template <class Token>
  auto fetch_sockets(Token&& token) const -> detail::query_result<std::vector<remote_socket>, Token> {
    return detail::query<std::vector<remote_socket>>(
        get_executor(), [self = *this](auto done) { self.fetch(std::move(done)); }, std::forward<Token>(token));
  }
  /// Has them join rooms.
  void sockets_join(const room_list& rooms) const;
  void sockets_leave(const room_list& rooms) const;
  /// Has them leave the namespace; with `close`, ends their connections.
  void disconnect_sockets(bool close = false) const;

 private:
  friend class nsp;
  friend class socket;
  friend class flagged_socket;
  friend class remote_socket;
  template <class To, class Completion>
  friend class detail::ack_initiation;

  template <class Tuple, std::size_t... I>
  void emit_and_gather(std::string_view event, Tuple&& all, std::index_sequence<I...>) const {
    emit_array(to_.flags, event, pack_array(std::get<I>(std::forward<Tuple>(all))...),
               detail::make_answers_handler(std::decay_t<std::tuple_element_t<sizeof...(I), std::decay_t<Tuple>>>(
                   std::get<sizeof...(I)>(std::forward<Tuple>(all)))));
  }
  void emit_array(const emit_flags& flags, std::string_view event, array arguments, answers_handler done) const;
  void fetch(detail::answer_to_query<std::vector<remote_socket>> done) const;
  asio::any_io_executor get_executor() const;
  broadcast with(const emit_flags& flags) const;

  std::shared_ptr<srv::nsp> nsp_;
  broadcast_options to_;
};

}  // namespace SIO_ABI
}  // namespace sio
