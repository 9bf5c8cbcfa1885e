// The one customization point between C++ types and values, and what it does for the simple ones.
#pragma once

#include <sio/error.hpp>
#include <sio/value.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace sio {
inline namespace SIO_ABI {

/// Why a value does not fit a type: where (".x", "[3].name"; empty: the value itself) and what belongs there ("a
/// number").
struct mismatch {
  std::string path;
  std::string expected;
};

/// Names a type in an argument, for lookup in that type's own namespace.
template <class T>
struct type_tag {};

namespace detail {

template <class T>
inline constexpr bool never = false;

// Whether SIO_ENUM gave it names.
template <class T, class = void>
inline constexpr bool has_names = false;
template <class T>
inline constexpr bool has_names<T, std::void_t<decltype(sio_enumerators(type_tag<T>()))>> = true;

// Says what was expected here, and is the empty answer.
inline std::nullopt_t expected(mismatch& why, std::string what) {
  why.path.clear();
  why.expected = std::move(what);
  return std::nullopt;
}

template <class T>
constexpr void refuse_type() {
  static_assert(never<T>,
                "sio: this type cannot travel in an event: write SIO_FIELDS(type, its members) after it, or specialise "
                "sio::convert<type>");
}

}  // namespace detail

/// How a `T` travels. Specialise it, with both functions, for a type of your own that SIO_FIELDS cannot describe.
template <class T, class = void>
struct convert {
  using unspecialised = void;
  /// The value as a `T`, or nothing and the reason. By value: what it holds is moved out, not copied.
  static std::optional<T> from(value, mismatch&) {
    detail::refuse_type<T>();
    return std::nullopt;
  }
  static value to(const T&) {
    detail::refuse_type<T>();
    return {};
  }
};

namespace detail {

/// Whether a `T` can travel in an event.
template <class T, class = void>
inline constexpr bool sendable = true;
template <class T>
inline constexpr bool sendable<T, typename convert<T>::unspecialised> = false;

}  // namespace detail

/// Any convertible thing as a value.
template <class T>
value to_value(T&& x) {
  return convert<std::decay_t<T>>::to(std::forward<T>(x));
}

// ---- the kinds of value themselves

template <>
struct convert<value> {
  static std::optional<value> from(value v, mismatch&) { return v; }
  static value to(value x) { return x; }
};

template <>
struct convert<std::nullptr_t> {
  static std::optional<std::nullptr_t> from(const value& v, mismatch& why) {
    if (!v.is_null()) return detail::expected(why, "null");
    return nullptr;
  }
  static value to(std::nullptr_t) { return {}; }
};

template <>
struct convert<bool> {
  static std::optional<bool> from(const value& v, mismatch& why) {
    if (const bool* b = v.if_bool()) return *b;
    return detail::expected(why, "a boolean");
  }
  static value to(bool x) { return x; }
};

template <>
struct convert<std::string> {
  static std::optional<std::string> from(value v, mismatch& why) {
    if (std::string* s = v.if_string()) return std::move(*s);
    return detail::expected(why, "a string");
  }
  static value to(std::string x) { return x; }
};

template <>
struct convert<binary> {
  static std::optional<binary> from(const value& v, mismatch& why) {
    if (const binary* b = v.if_binary()) return *b;
    return detail::expected(why, "a binary");
  }
  static value to(binary x) { return x; }
};

template <>
struct convert<array> {
  static std::optional<array> from(value v, mismatch& why) {
    if (array* a = v.if_array()) return std::move(*a);
    return detail::expected(why, "an array");
  }
  static value to(array x) { return x; }
};

template <>
struct convert<object> {
  static std::optional<object> from(value v, mismatch& why) {
    if (object* o = v.if_object()) return std::move(*o);
    return detail::expected(why, "an object");
  }
  static value to(object x) { return x; }
};

// ---- numbers

namespace detail {

template <class T>
std::optional<T> exactly(std::int64_t i) noexcept {
  if constexpr (std::is_unsigned_v<T>) {
    if (i < 0 || static_cast<std::uint64_t>(i) > std::numeric_limits<T>::max()) return std::nullopt;
  } else {
    if (i < std::numeric_limits<T>::min() || i > std::numeric_limits<T>::max()) return std::nullopt;
  }
  return static_cast<T>(i);
}

// Both bounds are powers of two, so that a double holds them exactly.
template <class T>
std::optional<T> exactly(double d) noexcept {
  constexpr double top = 2.0 * static_cast<double>(T{1} << (std::numeric_limits<T>::digits - 1));
  constexpr double bottom = std::is_signed_v<T> ? -top : 0.0;
  if (!(d >= bottom && d < top)) return std::nullopt;
  const T i = static_cast<T>(d);
  if (static_cast<double>(i) != d) return std::nullopt;
  return i;
}

template <class T>
std::string range_of() {
  return "an integer from " + std::to_string(std::numeric_limits<T>::min()) + " to " +
         std::to_string(std::numeric_limits<T>::max());
}

inline bool has_fraction(double d) noexcept {
  constexpr double all_whole = 4503599627370496.0;  // 2^52: from here on a double has no fraction
  return d > -all_whole && d < all_whole && static_cast<double>(static_cast<std::int64_t>(d)) != d;
}

}  // namespace detail

/// Integers: a double without a fraction will do; nothing is cut off.
template <class T>
struct convert<T, std::enable_if_t<std::is_integral_v<T>>> {
  static std::optional<T> from(const value& v, mismatch& why) {
    const std::optional<double> d = v.if_number();
    if (!d || detail::has_fraction(*d)) return detail::expected(why, "an integer");
    const std::int64_t* i = v.if_integer();
    std::optional<T> out = i ? detail::exactly<T>(*i) : detail::exactly<T>(*d);
    if (!out) return detail::expected(why, detail::range_of<T>());
    return out;
  }
  static value to(T x) { return x; }
};

template <class T>
struct convert<T, std::enable_if_t<std::is_floating_point_v<T>>> {
  static std::optional<T> from(const value& v, mismatch& why) {
    if (const std::optional<double> d = v.if_number()) return static_cast<T>(*d);
    return detail::expected(why, "a number");
  }
  static value to(T x) { return x; }
};

/// Enumerations travel as their integer, those with SIO_ENUM as a name.
template <class T>
struct convert<T, std::enable_if_t<std::is_enum_v<T> && !detail::has_names<T>>> {
  using number = std::underlying_type_t<T>;
  static std::optional<T> from(const value& v, mismatch& why) {
    if (const std::optional<number> n = convert<number>::from(v, why)) return static_cast<T>(*n);
    return std::nullopt;
  }
  static value to(T x) { return convert<number>::to(static_cast<number>(x)); }
};

// ---- texts

/// A reason travels as the words of the JS packages.
template <>
struct convert<reason> {
  static std::optional<reason> from(const value& v, mismatch& why) {
    const std::string* text = v.if_string();
    const std::optional<reason> out = text ? to_reason(*text) : std::nullopt;
    if (!out) return detail::expected(why, "a reason for a disconnect");
    return out;
  }
  static value to(reason x) { return to_string(x); }
};

namespace detail {

template <class T>
inline constexpr bool is_text_view =
    std::is_same_v<T, std::string_view> || std::is_same_v<T, const char*> || std::is_same_v<T, char*>;

}  // namespace detail

/// Views can be sent; what arrives has no other owner, so that a view of it would dangle.
template <class T>
struct convert<T, std::enable_if_t<detail::is_text_view<T>>> {
  template <class V>
  static std::optional<T> from(const V&, mismatch&) {
    static_assert(detail::never<V>, "sio: take a std::string here: a view or a pointer would dangle");
    return std::nullopt;
  }
  static value to(T x) {
    if constexpr (std::is_pointer_v<T>)
      if (!x) return {};
    return x;
  }
};

}  // namespace SIO_ABI
}  // namespace sio
