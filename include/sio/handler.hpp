// Makes handlers of plain lambdas: their parameters say what the arguments must be, what they return is the answer.
#pragma once

#include <sio/ack.hpp>
#include <sio/convert.hpp>
#include <sio/error.hpp>
#include <sio/parameter.hpp>
#include <sio/signature.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace sio {
inline namespace SIO_ABI {

/// One event on its way to the handlers.
struct event_call {
  array args;                    ///< after the event's name
  ack done;                      ///< empty when the peer asked for no answer
  const socket* self = nullptr;  ///< the server's socket that it arrived on
  std::string_view event{};      ///< its name
  const nsp* made = nullptr;     ///< the namespace that "new_namespace" is about
  const client* at = nullptr;    ///< the client that it arrived at
};

/// Nothing if the lambda ran; else why not: "argument 1.x: expected a number".
using handler = std::function<std::optional<std::string>(event_call&)>;
/// The same for an answer. A lambda whose first parameter is an `error_code` runs for a wrong answer, too, with
/// `errc::unexpected_answer`; the sentence is still returned, to be reported.
using ack_handler = std::function<std::optional<std::string>(error_code, array&)>;

/// What is done with what a handler returns. Specialised where coroutines are known (coroutine.hpp): one that answers
/// `later` is given the whole call, and keeps what it needs.
template <class R, class = void>
struct answer {
  static constexpr bool later = false;
  static constexpr bool by_return = true;  ///< then the handler may not take an `ack` as well
  static void give(event_call& call, R result) { call.done(std::move(result)); }
};

/// A tuple is an answer of several arguments.
template <class... T>
struct answer<std::tuple<T...>> {
  static constexpr bool later = false;
  static constexpr bool by_return = true;
  static void give(event_call& call, std::tuple<T...> result) {
    std::apply([&](auto&... part) { call.done(std::move(part)...); }, result);
  }
};

template <>
struct answer<void> {
  static constexpr bool later = false;
  static constexpr bool by_return = false;
};

namespace detail {

template <class... P>
constexpr bool check_parameters() {
  constexpr bool well = (takes_well<P> && ...);
  static_assert(well, "sio: a handler takes its parameters by value, const& or &&, not by &");
  return well;
}

template <class R, class... P>
struct event_signature {
  static constexpr bool check() {
    constexpr bool answers_twice = answer<R>::by_return && (std::is_same_v<std::decay_t<P>, ack> || ...);
    static_assert(!answers_twice, "sio: a handler answers by its return value or by its sio::ack parameter, not both");
    return !answers_twice && check_parameters<P...>();
  }
  static constexpr bool later = answer<R>::later;

  template <class F>
  static std::optional<std::string> start(const std::shared_ptr<F>& f, event_call& call) {
    return answer<R>::template start<parameters<P...>>(f, call);
  }

  template <class F>
  static std::optional<std::string> run(F& f, event_call& call) {
    argument_reader in{call.args, &call.done, call.self, call.made, call.at};
    parameters<P...> taken;
    if (!taken.read(in)) return std::move(in.why_not);
    if constexpr (std::is_void_v<R>)
      taken.call(f);
    else
      answer<R>::give(call, taken.call(f));
    return std::nullopt;
  }
};

// (A...): runs only for an answer that came and fits.
template <class... P>
struct ack_signature {
  static constexpr bool later = false;
  static constexpr bool check() { return check_parameters<P...>(); }

  template <class F>
  static std::optional<std::string> run(F& f, error_code ec, array& args) {
    if (ec) return std::nullopt;
    argument_reader in{args};
    parameters<P...> taken;
    if (!taken.read(in)) return std::move(in.why_not);
    taken.call(f);
    return std::nullopt;
  }
};

// (error_code, A...): always runs, on an error with default-made arguments.
template <class... P>
struct ack_signature_with_code {
  static constexpr bool later = false;
  static constexpr bool check() {
    constexpr bool makeable = (std::is_default_constructible_v<std::decay_t<P>> && ...);
    static_assert(makeable, "sio: after an error_code an answer's parameters need a default constructor");
    return makeable && check_parameters<P...>();
  }

  template <class F>
  static std::optional<std::string> run(F& f, error_code ec, array& args) {
    argument_reader in{args};
    parameters<P...> taken;
    if (!ec && taken.read(in)) return taken.call(f, error_code()), std::nullopt;
    f(ec ? ec : make_error_code(errc::unexpected_answer), std::decay_t<P>()...);
    if (ec) return std::nullopt;
    return std::move(in.why_not);
  }
};

template <class... P>
struct ack_signature_of : ack_signature<P...> {};
template <class First, class... P>
struct ack_signature_of<First, P...> : std::conditional_t<std::is_same_v<std::decay_t<First>, error_code>,
                                                          ack_signature_with_code<P...>, ack_signature<First, P...>> {};

// Wrong signatures end here, with one sentence each, before anything is made of them.
template <class F>
constexpr bool check_callable() {
  constexpr bool deducible = signature<F>::known;
  static_assert(deducible,
                "sio: a handler must be a callable whose parameter types can be deduced: write them out, not auto");
  constexpr bool copyable = !deducible || std::is_copy_constructible_v<F>;
  static_assert(copyable, "sio: a handler must be copyable: hold what cannot be copied in a std::shared_ptr");
  return deducible && copyable;
}

template <class R, class...>
struct answers_later : std::bool_constant<answer<R>::later> {};

template <class F>
constexpr bool check_receiver() {
  if constexpr (check_callable<F>()) {
    constexpr bool later = signature<F>::template apply<answers_later>::value;
    static_assert(!later, "sio: the receiver of an answer is no coroutine: in a coroutine, co_await emit_with_ack");
    return !later;
  } else {
    return false;
  }
}

// What answers later runs on when its listener has gone, so it shares what the lambda holds.
template <class Signature, class Result, class F>
Result bind_signature(F f) {
  if constexpr (Signature::check() && Signature::later)
    return [f = std::make_shared<F>(std::move(f))](auto&&... call) { return Signature::start(f, call...); };
  else if constexpr (Signature::check())
    return [f = std::move(f)](auto&&... call) mutable { return Signature::run(f, call...); };
  else
    return {};
}

}  // namespace detail

/// A lambda, function or std::function as a handler of events.
template <class F>
handler make_handler(F f) {
  if constexpr (detail::check_callable<F>())
    return detail::bind_signature<typename detail::signature<F>::template apply<detail::event_signature>, handler>(
        std::move(f));
  else
    return {};
}

/// A lambda `(A...)` or `(error_code, A...)` as the receiver of an answer.
template <class F>
ack_handler make_ack_handler(F f) {
  if constexpr (detail::check_receiver<F>())
    return detail::bind_signature<typename detail::signature<F>::template apply_parameters<detail::ack_signature_of>,
                                  ack_handler>(std::move(f));
  else
    return {};
}

}  // namespace SIO_ABI
}  // namespace sio
