// What sockets, namespaces and servers share: `on`, `once`, `off`, and the shape of `emit`.
#pragma once

#include <sio/handler.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace sio {
inline namespace SIO_ABI {

/// Names one listener, to take it off again.
using listener_id = std::uint64_t;

/// How an emit is sent.
struct emit_flags {
  bool is_volatile = false;                          ///< dropped where it could not leave at once
  std::optional<std::chrono::milliseconds> timeout;  ///< how long to wait for the acknowledgement
  bool local = false;                                ///< only for the sockets of this server
  std::optional<bool> compress;                      ///< whether it may be compressed, where that can be
};

namespace detail {

/// A number that no other listener of this process has.
listener_id next_listener_id() noexcept;

template <class T>
inline constexpr bool is_ack_receiver = signature<std::decay_t<T>>::known;

template <class... A>
inline constexpr bool ends_with_ack_receiver = false;
template <class A, class... More>
inline constexpr bool ends_with_ack_receiver<A, More...> =
    is_ack_receiver<std::tuple_element_t<sizeof...(More), std::tuple<A, More...>>>;

// All but the last argument as an array, the last as the receiver of the answer.
template <class Send, class Tuple, std::size_t... I>
void split_ack(Send&& send, Tuple&& all, std::index_sequence<I...>) {
  constexpr std::size_t last = sizeof...(I);
  send(pack_array(std::get<I>(std::forward<Tuple>(all))...),
       make_ack_handler(
           std::decay_t<std::tuple_element_t<last, std::decay_t<Tuple>>>(std::get<last>(std::forward<Tuple>(all)))));
}

/// Calls `send(array, ack_handler)`; the handler is empty unless the last argument is a lambda.
template <class Send, class... A>
void with_arguments(Send&& send, A&&... a) {
  if constexpr (ends_with_ack_receiver<A...>)
    split_ack(send, std::forward_as_tuple(std::forward<A>(a)...), std::make_index_sequence<sizeof...(A) - 1>());
  else
    send(pack_array(std::forward<A>(a)...), ack_handler());
}

}  // namespace detail

/// Mixed into what has listeners. All calls may be made from any thread and from any handler.
template <class Self>
class emitter {
 public:
  /// Calls `f` for each event of that name. What `f` takes says what the event's arguments must be; what it returns
  /// is the acknowledgement. See handler.hpp.
  template <class F>
  listener_id on(std::string_view event, F&& f) const {
    return self().add_listener(event, make_handler(std::decay_t<F>(std::forward<F>(f))), false);
  }
  /// The same, for the next event only.
  template <class F>
  listener_id once(std::string_view event, F&& f) const {
    return self().add_listener(event, make_handler(std::decay_t<F>(std::forward<F>(f))), true);
  }

 private:
  const Self& self() const noexcept { return static_cast<const Self&>(*this); }
};

}  // namespace SIO_ABI
}  // namespace sio
