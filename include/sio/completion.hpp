// A completion token as the receiver of an answer: a callback, asio::use_future, asio::use_awaitable and their kin.
#pragma once

#include <sio/emitter.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/associated_executor.hpp>
#include <asio/async_result.hpp>
#include <asio/dispatch.hpp>
#include <asio/post.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace detail {

/// Throws `std::invalid_argument` for a name that is the library's own.
void check_event_name(std::string_view event);
/// The system's executor in place of an empty one.
asio::any_io_executor never_empty(asio::any_io_executor executor);

/// The token where none is given: asio::use_awaitable, once coroutine.hpp is included.
template <class T, class = void>
struct default_token {
  using type = void;
};

/// A handler of Asio's, called once on its own executor, which has work until then.
template <class Handler>
class completion {
 public:
  using executor = asio::associated_executor_t<Handler, asio::any_io_executor>;

  completion(Handler h, const asio::any_io_executor& fallback)
      : handler_(std::move(h)), work_(tracked(asio::get_associated_executor(handler_, fallback))) {}

  template <class... R>
  void complete(error_code ec, std::tuple<R...> results) {
    asio::dispatch(work_, [h = std::move(handler_), ec, results = std::move(results)]() mutable {
      std::apply([&](R&... r) { std::move(h)(ec, std::move(r)...); }, results);
    });
  }

 private:
  static auto tracked(const executor& e) { return asio::prefer(e, asio::execution::outstanding_work.tracked); }

  Handler handler_;
  decltype(tracked(std::declval<const executor&>())) work_;
};

template <class Handler>
std::shared_ptr<completion<std::decay_t<Handler>>> make_completion(Handler&& h, asio::any_io_executor fallback) {
  return std::make_shared<completion<std::decay_t<Handler>>>(std::forward<Handler>(h),
                                                             never_empty(std::move(fallback)));
}

// One answer's arguments as R…; default-made ones if they do not fit, or if there are none.
template <class... R, class Completion>
std::optional<std::string> complete_with(Completion& done, error_code ec, array& args) {
  argument_reader in{args};
  parameters<R...> taken;
  const bool fits = !ec && taken.read(in);
  if (!ec && !fits) ec = errc::unexpected_answer;
  const auto pack = [](R&&... r) { return std::tuple<R...>(std::move(r)...); };
  done.complete(ec, fits ? taken.call(pack) : std::tuple<R...>());
  if (in.why_not.empty()) return std::nullopt;
  return std::move(in.why_not);
}

template <class Signature>
struct ack_completion;
template <class... R>
struct ack_completion<void(error_code, R...)> {
  using signature = void(error_code, R...);
  using answers = array;
  static_assert((std::is_same_v<R, std::decay_t<R>> && ...),
                "sio: the types of an answer are plain: no & and no const");

  template <class Handler>
  static ack_handler make(Handler&& h, asio::any_io_executor fallback) {
    return [done = make_completion(std::forward<Handler>(h), std::move(fallback))](error_code ec, array& args) {
      return complete_with<R...>(*done, ec, args);
    };
  }
};

/// How an emit of `To` begins that a token waits for; a `Completion` makes the receiver of what comes back.
template <class To, class Completion>
class ack_initiation {
 public:
  using executor_type = asio::any_io_executor;

  ack_initiation(To to, const emit_flags& flags) : to_(std::move(to)), flags_(flags) {}

  executor_type get_executor() const { return never_empty(to_.get_executor()); }

  template <class Handler>
  void operator()(Handler&& h, std::string event, array args) const {
    const executor_type home = to_.get_executor();
    auto done = Completion::make(std::forward<Handler>(h), home);
    if (home) return to_.emit_array(flags_, event, std::move(args), std::move(done));
    asio::post(never_empty(home), [done = std::move(done)] {
      typename Completion::answers none;
      done(errc::disconnected, none);
    });
  }

 private:
  To to_;
  emit_flags flags_;
};

// ---- the last argument is the token, unless it can travel

template <class... A>
struct last_of {
  using type = void;
  static constexpr bool is_token = false;
};
template <class A, class... More>
struct last_of<A, More...> {
  using type = std::tuple_element_t<sizeof...(More), std::tuple<A, More...>>;
  static constexpr bool is_token = !sendable<std::decay_t<type>>;
};

template <class Signature, class Initiation, class Token>
using initiated = decltype(asio::async_initiate<Token, Signature>(std::declval<Initiation>(),
                                                                  std::declval<std::remove_reference_t<Token>&>(),
                                                                  std::declval<std::string>(), std::declval<array>()));

template <class... A>
using token_of = std::conditional_t<last_of<A...>::is_token, typename last_of<A...>::type,
                                    typename default_token<last_of<A...>>::type>;

template <class Signature, class Initiation, class Token>
struct asked {
  using type = initiated<Signature, Initiation, Token>;
};
template <class Signature, class Initiation>
struct asked<Signature, Initiation, void> {
  using type = void;
};

/// What `emit_with_ack` of a `To` returns for these arguments.
template <class To, class Completion, class... A>
using asked_t = typename asked<typename Completion::signature, ack_initiation<To, Completion>, token_of<A...>>::type;

template <class Signature, class Initiation, class Tuple, std::size_t... I>
auto ask_with_token(Initiation start, std::string_view event, Tuple&& all, std::index_sequence<I...>) {
  using token = std::tuple_element_t<sizeof...(I), std::decay_t<Tuple>>;
  return asio::async_initiate<token, Signature>(std::move(start), std::get<sizeof...(I)>(all), std::string(event),
                                                pack_array(std::get<I>(std::forward<Tuple>(all))...));
}

template <class Completion, class To, class... A>
auto ask(To to, const emit_flags& flags, std::string_view event, A&&... a) -> asked_t<To, Completion, A...> {
  using signature = typename Completion::signature;
  using token = token_of<A...>;
  check_event_name(event);
  ack_initiation<To, Completion> start(std::move(to), flags);
  static_assert(!std::is_void_v<token>,
                "sio: emit_with_ack takes a completion token as its last argument (a callback, asio::use_future, ...); "
                "with C++20 and sio/coroutine.hpp none means asio::use_awaitable");
  if constexpr (last_of<A...>::is_token)
    return ask_with_token<signature>(std::move(start), event, std::forward_as_tuple(std::forward<A>(a)...),
                                     std::make_index_sequence<sizeof...(A) - 1>());
  else if constexpr (!std::is_void_v<token>)
    return ask_with_token<signature>(std::move(start), event, std::forward_as_tuple(std::forward<A>(a)..., token()),
                                     std::make_index_sequence<sizeof...(A)>());
}

}  // namespace detail
}  // namespace SIO_ABI
}  // namespace sio
