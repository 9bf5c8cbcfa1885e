// The parameters of a handler: where each one gets its argument from.
#pragma once

#include <sio/ack.hpp>
#include <sio/convert.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

namespace sio {
inline namespace SIO_ABI {

class socket;  // handles; only their names are needed here
class nsp;
class client;

namespace detail {

// Hands out a call's arguments one after the other; a failed conversion leaves its sentence in `why_not`.
struct argument_reader {
  array& args;
  ack* done = nullptr;
  const socket* self = nullptr;
  const nsp* made = nullptr;
  const client* at = nullptr;
  std::size_t next = 0;
  std::string why_not{};  // a sentence is never empty
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
  const socket& give() const { return *held; }
};

template <>
struct parameter<nsp> {
  const nsp* held = nullptr;

  bool read(argument_reader& in) {
    held = in.made;
    if (!held) in.why_not = "the handler takes a sio::nsp, which only \"new_namespace\" has";
    return held != nullptr;
  }
  const nsp& give() const { return *held; }
};

template <>
struct parameter<client> {
  const client* held = nullptr;

  bool read(argument_reader& in) {
    held = in.at;
    if (!held) in.why_not = "the handler takes a sio::client, which only a client's events have";
    return held != nullptr;
  }
  const client& give() const { return *held; }
};

// An lvalue reference to something mutable could only be to a temporary.
template <class P>
inline constexpr bool takes_well = !std::is_lvalue_reference_v<P> || std::is_const_v<std::remove_reference_t<P>>;

template <class... P>
class parameters {
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

}  // namespace detail
}  // namespace SIO_ABI
}  // namespace sio
