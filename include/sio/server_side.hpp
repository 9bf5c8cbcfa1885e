// The other servers of a cluster: what is said to them, and what they answer.
#pragma once

#include <sio/broadcast.hpp>

#include <memory>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace detail {

/// The other servers' namespaces of that name. For any thread.
class server_side {
 public:
  explicit server_side(std::shared_ptr<srv::nsp> to) : to_(std::move(to)) {}

  template <class... A>
  void emit(std::string_view event, A&&... a) const {
    check(event);
    if constexpr (ends_with_ack_receiver<A...>)
      emit_and_gather(event, std::forward_as_tuple(std::forward<A>(a)...),
                      std::make_index_sequence<sizeof...(A) - 1>());
    else
      emit_array({}, event, pack_array(std::forward<A>(a)...), {});
  }

  /// Throws `std::invalid_argument` for an event that is the library's own.
  static void check(std::string_view event);
  asio::any_io_executor get_executor() const;
  void emit_array(const emit_flags& flags, std::string_view event, array arguments, answers_handler done) const;

 private:
  template <class Tuple, std::size_t... I>
  void emit_and_gather(std::string_view event, Tuple&& all, std::index_sequence<I...>) const {
    emit_array({}, event, pack_array(std::get<I>(std::forward<Tuple>(all))...),
               make_answers_handler(std::decay_t<std::tuple_element_t<sizeof...(I), std::decay_t<Tuple>>>(
                   std::get<sizeof...(I)>(std::forward<Tuple>(all)))));
  }

  std::shared_ptr<srv::nsp> to_;
};

}  // namespace detail
}  // namespace SIO_ABI
}  // namespace sio
