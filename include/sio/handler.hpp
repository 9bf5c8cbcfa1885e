// Makes handlers of plain lambdas: their parameters say what the arguments must be, what they return is the answer.
#pragma once

#include <sio/ack.hpp>
#include <sio/convert.hpp>
#include <sio/error.hpp>
#include <sio/signature.hpp>

#include <functional>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

namespace sio {
inline namespace SIO_ABI {

class socket;

/// One event on its way to the handlers.
struct event_call {
  array args;                    ///< after the event's name
  ack done;                      ///< empty when the peer asked for no answer
  const socket* self = nullptr;  ///< the server's socket that it arrived on
};

/// Nothing if the lambda ran; else why not: "argument 1.x: expected a number".
using handler = std::function<std::optional<std::string>(event_call&)>;
/// The same for an answer. A lambda whose first parameter is an `error_code` runs for a wrong answer, too, with
/// `errc::unexpected_answer`; the sentence is still returned, to be reported.
using ack_handler = std::function<std::optional<std::string>(error_code, array&)>;

/// What is done with what a handler returns. Specialised where coroutines are known.
template <class R, class = void>
struct answer {
  static constexpr bool by_return = true;  ///< then the handler may not take an `ack` as well
  static void give(event_call& call, R result) { call.done(std::move(result)); }
};

/// A tuple is an answer of several arguments.
template <class... T>
struct answer<std::tuple<T...>> {
  static constexpr bool by_return = true;
  static void give(event_call& call, std::tuple<T...> result) {
    std::apply([&](auto&... part) { call.done(std::move(part)...); }, result);
  }
};

template <>
struct answer<void> {
  static constexpr bool by_return = false;
};

namespace detail {

// Hands out a call's arguments one after the other; a failed conversion leaves its sentence in `why_not`.
struct argument_reader {
  array& args;
  ack* done = nullptr;
  const socket* self = nullptr;
  std::size_t next = 0;
  std::optional<std::string> why_not{};
};

inline bool refuse(argument_reader& in, bool missing, const mismatch& why) {
  in.why_not = "argument " + std::to_string(in.next) + why.path + (missing ? ": missing, expected " : ": expected ") +
               why.expected;
  return false;
}

// What one parameter needs: read() fetches it, give() hands it to the lambda.
template <class P>
struct parameter {
  std::optional<P> held;

  bool read(argument_reader& in) {
    const bool missing = in.next >= in.args.size();
    value v = missing ? value() : std::move(in.args[in.next]);
    ++in.next;
    mismatch why;
    held = convert<P>::from(std::move(v), why);
    return held || refuse(in, missing, why);
  }
  P&& give() { return std::move(*held); }
};

template <>
struct parameter<array> {
  array held;

  bool read(argument_reader& in) {
    for (; in.next < in.args.size(); ++in.next) held.push_back(std::move(in.args[in.next]));
    return true;
  }
  array&& give() { return std::move(held); }
};

template <>
struct parameter<ack> {
  ack held;

  bool read(argument_reader& in) {
    if (in.done) held = *in.done;
    return true;
  }
  ack&& give() { return std::move(held); }
};

template <>
struct parameter<socket> {
  const socket* held = nullptr;

  bool read(argument_reader& in) {
    held = in.self;
    if (!held) in.why_not = "the handler takes a sio::socket, which only a server's events have";
    return held != nullptr;
  }
  const socket& give() { return *held; }
};

// An lvalue reference to something mutable could only be to a temporary.
template <class P>
inline constexpr bool takes_well = !std::is_lvalue_reference_v<P> || std::is_const_v<std::remove_reference_t<P>>;

template <class... P>
class parameters {
  static_assert((takes_well<P> && ...), "sio: a handler takes its parameters by value, const& or &&, not by &");

 public:
  bool read(argument_reader& in) {
    return std::apply([&](auto&... p) { return (p.read(in) && ...); }, parameters_);
  }

  template <class F, class... First>
  decltype(auto) call(F& f, First&&... first) {
    return std::apply([&](auto&... p) -> decltype(auto) { return f(std::forward<First>(first)..., p.give()...); },
                      parameters_);
  }

 private:
  std::tuple<parameter<std::decay_t<P>>...> parameters_;
};

template <class R, class... P>
struct event_signature {
  static constexpr bool answers_twice = answer<R>::by_return && (std::is_same_v<std::decay_t<P>, ack> || ...);
  static_assert(!answers_twice, "sio: a handler answers by its return value or by its sio::ack parameter, not by both");

  template <class F>
  static std::optional<std::string> run(F& f, event_call& call) {
    argument_reader in{call.args, &call.done, call.self};
    parameters<P...> taken;
    if (!taken.read(in)) return in.why_not;
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
  template <class F>
  static std::optional<std::string> run(F& f, error_code ec, array& args) {
    if (ec) return std::nullopt;
    argument_reader in{args};
    parameters<P...> taken;
    if (!taken.read(in)) return in.why_not;
    taken.call(f);
    return std::nullopt;
  }
};

// (error_code, A...): always runs, on an error with default-made arguments.
template <class... P>
struct ack_signature_with_code {
  static_assert((std::is_default_constructible_v<std::decay_t<P>> && ...),
                "sio: after an error_code an answer's parameters need a default constructor");

  template <class F>
  static std::optional<std::string> run(F& f, error_code ec, array& args) {
    argument_reader in{args};
    parameters<P...> taken;
    if (!ec && taken.read(in)) return taken.call(f, error_code()), std::nullopt;
    f(ec ? ec : make_error_code(errc::unexpected_answer), std::decay_t<P>()...);
    return in.why_not;
  }
};

template <class... P>
struct ack_signature_of : ack_signature<P...> {};
template <class First, class... P>
struct ack_signature_of<First, P...> : std::conditional_t<std::is_same_v<std::decay_t<First>, error_code>,
                                                          ack_signature_with_code<P...>, ack_signature<First, P...>> {};

template <class F>
constexpr bool check_callable() {
  constexpr bool deducible = signature<F>::known;
  static_assert(deducible,
                "sio: a handler must be a callable whose parameter types can be deduced: write them out, not auto");
  constexpr bool copyable = !deducible || std::is_copy_constructible_v<F>;
  static_assert(copyable, "sio: a handler must be copyable: hold what cannot be copied in a std::shared_ptr");
  return deducible && copyable;
}

}  // namespace detail

/// A lambda, function or std::function as a handler of events.
template <class F>
handler make_handler(F f) {
  if constexpr (detail::check_callable<F>()) {
    using run_with = typename detail::signature<F>::template apply<detail::event_signature>;
    return [f = std::move(f)](event_call& call) mutable { return run_with::run(f, call); };
  } else {
    return {};
  }
}

/// A lambda `(A...)` or `(error_code, A...)` as the receiver of an answer.
template <class F>
ack_handler make_ack_handler(F f) {
  if constexpr (detail::check_callable<F>()) {
    using run_with = typename detail::signature<F>::template apply_parameters<detail::ack_signature_of>;
    return [f = std::move(f)](error_code ec, array& args) mutable { return run_with::run(f, ec, args); };
  } else {
    return {};
  }
}

}  // namespace SIO_ABI
}  // namespace sio
