// What a socket keeps for its handlers, and how that looks to other servers.
#pragma once

#include <sio/convert.hpp>

#include <any>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace detail {

// Whether a `T` can travel, and what it holds, too.
template <class T, class = void>
struct shows : std::bool_constant<sendable<T>> {};
template <class A, class B>
struct shows<std::pair<A, B>> : std::bool_constant<shows<std::remove_const_t<A>>::value && shows<B>::value> {};
template <class... T>
struct shows<std::tuple<T...>> : std::bool_constant<(shows<T>::value && ...)> {};
template <class T>
struct shows<T, std::void_t<typename T::value_type>>
    : std::bool_constant<sendable<T> && shows<typename T::value_type>::value> {};

}  // namespace detail

/// One thing of whatever type it was asked for last.
class socket_data {
 public:
  /// Made when first asked for.
  template <class T>
  T& as() {
    if (!std::any_cast<T>(&kept_)) {
      kept_.emplace<T>();
      show_ = nullptr;
      if constexpr (detail::shows<T>::value) show_ = [](const std::any& a) { return to_value(*std::any_cast<T>(&a)); };
    }
    return *std::any_cast<T>(&kept_);
  }

  /// An empty object if there is nothing, or what cannot travel.
  value shown() const { return show_ ? show_(kept_) : value(object()); }

 private:
  std::any kept_;
  value (*show_)(const std::any&) = nullptr;
};

}  // namespace SIO_ABI
}  // namespace sio
