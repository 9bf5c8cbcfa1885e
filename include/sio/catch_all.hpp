// Listeners of every event, whatever its name: `on_any` for those that arrive, `on_any_outgoing` for those that leave.
#pragma once

#include <sio/emitter.hpp>

#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>

namespace sio {
inline namespace SIO_ABI {

/// For the library: which catch-all listeners.
enum class catch_all_of : std::uint8_t { incoming, outgoing };

namespace detail {

// The event's name is the first argument; what it returns would answer instead of the event's own listeners.
template <class R, class... P>
struct catch_all_signature : event_signature<R, P...> {
  static constexpr bool check() {
    static_assert(!answer<R>::by_return, "sio: a catch-all listener returns nothing: the event's listeners answer");
    return !answer<R>::by_return && event_signature<R, P...>::check();
  }
};

template <class F>
handler make_catch_all(F f) {
  if constexpr (check_callable<F>())
    return bind_signature<typename signature<F>::template apply<catch_all_signature>, handler>(std::move(f));
  else
    return {};
}

}  // namespace detail

/// Mixed into what has catch-all listeners. `f` takes the event's name and then its arguments, deduced as those of
/// other handlers: `(std::string event, sio::array arguments)`. All calls may be made from any thread and from any
/// handler, unless said otherwise.
template <class Self>
class catch_all {
 public:
  /// For each event that arrives, before its middlewares and its listeners. The library's own events ("disconnect"
  /// …) are not shown.
  template <class F>
  listener_id on_any(F&& f) const {
    return add(catch_all_of::incoming, std::forward<F>(f), false);
  }
  /// The same, before those that are there already.
  template <class F>
  listener_id prepend_any(F&& f) const {
    return add(catch_all_of::incoming, std::forward<F>(f), true);
  }
  /// Removes one of them, or all.
  void off_any(listener_id id) const { self().remove_catch_all(catch_all_of::incoming, id); }
  void off_any() const { self().remove_catch_all(catch_all_of::incoming, std::nullopt); }
  /// How many there are. For handlers: throws `std::logic_error` on a thread other than the loop's.
  std::size_t listeners_any() const { return self().count_catch_all(catch_all_of::incoming); }

  /// For each event that leaves, emits and broadcasts; not for acknowledgements. Called when the event is on its way;
  /// events that `f` emits on the same socket meanwhile are not shown.
  template <class F>
  listener_id on_any_outgoing(F&& f) const {
    return add(catch_all_of::outgoing, std::forward<F>(f), false);
  }
  template <class F>
  listener_id prepend_any_outgoing(F&& f) const {
    return add(catch_all_of::outgoing, std::forward<F>(f), true);
  }
  void off_any_outgoing(listener_id id) const { self().remove_catch_all(catch_all_of::outgoing, id); }
  void off_any_outgoing() const { self().remove_catch_all(catch_all_of::outgoing, std::nullopt); }
  std::size_t listeners_any_outgoing() const { return self().count_catch_all(catch_all_of::outgoing); }

 private:
  const Self& self() const noexcept { return static_cast<const Self&>(*this); }

  template <class F>
  listener_id add(catch_all_of which, F&& f, bool first) const {
    return self().add_catch_all(which, detail::make_catch_all(std::decay_t<F>(std::forward<F>(f))), first);
  }
};

}  // namespace SIO_ABI
}  // namespace sio
