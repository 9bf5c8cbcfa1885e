// SIO_ENUM: an enumeration travels as its enumerators' names.
#pragma once

#include <sio/conversion.hpp>
#include <sio/each.hpp>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace sio {
inline namespace SIO_ABI {

/// One enumerator and the name it travels under.
template <class E>
struct enumerator {
  std::string_view name;
  E is;
};

/// An enumeration with SIO_ENUM. A value without a name is sent as its integer; only names are taken.
template <class T>
struct convert<T, std::enable_if_t<std::is_enum_v<T> && detail::has_names<T>>> {
  static std::optional<T> from(const value& v, mismatch& why) {
    const std::string* text = v.if_string();
    std::string names;
    for (const enumerator<T>& e : sio_enumerators(type_tag<T>())) {
      if (text && *text == e.name) return e.is;
      names.append(names.empty() ? "\"" : ", \"").append(e.name).append("\"");
    }
    return detail::expected(why, "one of " + names);
  }
  static value to(T x) {
    for (const enumerator<T>& e : sio_enumerators(type_tag<T>()))
      if (e.is == x) return e.name;
    return static_cast<std::underlying_type_t<T>>(x);
  }
};

}  // namespace SIO_ABI
}  // namespace sio

/// Written after an enumeration, in its namespace: `SIO_ENUM(color, red, green)`; up to 32 enumerators. One that
/// travels under another name stands with it in brackets: `SIO_ENUM(color, (red, "Red"), green)`.
#define SIO_ENUM(type, ...)                                                         \
  constexpr auto sio_enumerators(::sio::type_tag<type>) {                           \
    return ::std::array{SIO_DETAIL_EACH(SIO_DETAIL_ENUMERATOR, type, __VA_ARGS__)}; \
  }

#define SIO_DETAIL_ENUMERATOR(type, x) SIO_DETAIL_CHOOSE(SIO_DETAIL_ENUMERATOR, type, x)
#define SIO_DETAIL_ENUMERATOR_AS(type, x, name) \
  ::sio::enumerator<type> { name, type::x }
