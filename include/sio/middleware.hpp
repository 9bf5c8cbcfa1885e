// What stands between a client and a namespace, or between an event and its listeners, and how it goes on.
#pragma once

#include <sio/error.hpp>

#include <exception>
#include <functional>
#include <string>
#include <type_traits>
#include <utility>

namespace sio {
inline namespace SIO_ABI {

class socket;

/// Ends a middleware: call it once, now or later, from any thread; without argument the socket (or the event) goes on
/// to the next middleware, with an error it goes no further. Of several calls the first counts.
class next {
 public:
  explicit next(std::function<void(const connect_error*)> go_on) : go_on_(std::move(go_on)) {}

  void operator()() const { go_on_(nullptr); }
  void operator()(const connect_error& refusal) const { go_on_(&refusal); }
  /// The same with its `what()`.
  void operator()(const std::exception& refusal) const { go_on_with(connect_error(refusal.what())); }

 private:
  void go_on_with(const connect_error& refusal) const { go_on_(&refusal); }

  std::function<void(const connect_error*)> go_on_;
};

/// Asked about each client that wants to join a namespace.
using middleware = std::function<void(const socket&, const next&)>;
/// Asked about each event of one socket; it may change the arguments until it calls `next`.
using event_middleware = std::function<void(const socket&, const std::string& event, array& arguments, const next&)>;

namespace detail {

template <class R>
constexpr bool returns_nothing() {
  static_assert(std::is_void_v<R>, "sio: a middleware returns nothing: it goes on, or it throws, or it calls next");
  return true;
}

}  // namespace detail

/// How a middleware that takes no `next` goes on. Specialised where coroutines are known (coroutine.hpp).
template <class R, class = void>
struct ending {
  static_assert(detail::returns_nothing<R>());
  /// `call` and what it refers to live as long as `go_on`.
  template <class Call>
  static void run(Call call, const socket&, const next& go_on) {
    call();
    go_on();
  }
};

namespace detail {

template <class F>
middleware make_middleware(F f) {
  static_assert(std::is_invocable_v<F&, socket, next> || std::is_invocable_v<F&, socket>,
                "sio: a middleware takes (sio::socket) and may throw, or (sio::socket, sio::next)");
  if constexpr (std::is_invocable_v<F&, socket, next>)
    return [f = std::move(f)](const socket& s, const next& go_on) mutable {
      static_assert(returns_nothing<std::invoke_result_t<F&, socket, next>>());
      f(s, go_on);
    };
  else
    return [f = std::move(f)](const socket& s, const next& go_on) mutable {
      ending<std::invoke_result_t<F&, socket>>::run([&f, &s] { return f(s); }, s, go_on);
    };
}

template <class F>
event_middleware make_event_middleware(F f) {
  constexpr bool with_next = std::is_invocable_v<F&, const std::string&, array&, next>;
  constexpr bool without = std::is_invocable_v<F&, const std::string&, array&>;
  static_assert(with_next || without,
                "sio: a socket's middleware takes (std::string, sio::array) and may throw, or (std::string, "
                "sio::array, sio::next)");
  if constexpr (with_next)
    return [f = std::move(f)](const socket&, const std::string& event, array& arguments, const next& go_on) mutable {
      static_assert(returns_nothing<std::invoke_result_t<F&, const std::string&, array&, next>>());
      f(event, arguments, go_on);
    };
  else if constexpr (without)
    return [f = std::move(f)](const socket& s, const std::string& event, array& arguments, const next& go_on) mutable {
      using result = std::invoke_result_t<F&, const std::string&, array&>;
      ending<result>::run([&] { return f(event, arguments); }, s, go_on);
    };
  else
    return {};
}

}  // namespace detail
}  // namespace SIO_ABI
}  // namespace sio
