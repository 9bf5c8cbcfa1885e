// What a callable returns and takes, where that can be deduced.
#pragma once

#include <sio/config.hpp>

#include <type_traits>

namespace sio {
inline namespace SIO_ABI {
namespace detail {

template <class R, class... P>
struct known_signature {
  static constexpr bool known = true;
  template <template <class, class...> class To>
  using apply = To<R, P...>;
  template <template <class...> class To>
  using apply_parameters = To<P...>;
};

template <class M>
struct member_signature {
  static constexpr bool known = false;
};
template <class C, class R, class... P>
struct member_signature<R (C::*)(P...)> : known_signature<R, P...> {};
template <class C, class R, class... P>
struct member_signature<R (C::*)(P...) const> : known_signature<R, P...> {};
template <class C, class R, class... P>
struct member_signature<R (C::*)(P...) noexcept> : known_signature<R, P...> {};
template <class C, class R, class... P>
struct member_signature<R (C::*)(P...) const noexcept> : known_signature<R, P...> {};

// Lambdas, std::function and classes with one operator(); generic lambdas have no address to ask.
template <class F, class = void>
struct signature {
  static constexpr bool known = false;
};
template <class F>
struct signature<F, std::void_t<decltype(&F::operator())>> : member_signature<decltype(&F::operator())> {};
template <class R, class... P>
struct signature<R (*)(P...)> : known_signature<R, P...> {};
template <class R, class... P>
struct signature<R (*)(P...) noexcept> : known_signature<R, P...> {};

}  // namespace detail
}  // namespace SIO_ABI
}  // namespace sio
