// SIO_FIELDS: a struct travels as an object with its members' names.
#pragma once

#include <sio/conversion.hpp>

#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {

/// Names a type in an argument, for lookup in that type's own namespace.
template <class T>
struct type_tag {};

/// One member of a struct and the name it travels under.
template <class S, class M>
struct field {
  std::string_view name;
  M S::*member;
};

template <class S, class M>
constexpr field<S, M> make_field(std::string_view name, M S::*member) {
  return {name, member};
}

namespace detail {

template <class T, class = void>
struct has_fields : std::false_type {};
template <class T>
struct has_fields<T, std::void_t<decltype(sio_fields(type_tag<T>()))>> : std::true_type {};

// A missing member is read as null: optionals and values take that, others say what they expected.
template <class T, class S, class M>
bool take_field(object& from, T& out, const field<S, M>& f, mismatch& why) {
  value* found = from.find(f.name);
  std::optional<M> taken = convert<M>::from(found ? std::move(*found) : value(), why);
  if (taken) return out.*f.member = std::move(*taken), true;
  why.path.insert(0, f.name).insert(0, 1, '.');
  return false;
}

}  // namespace detail

/// A struct with SIO_FIELDS: members it does not know are ignored, a missing one must be optional.
template <class T>
struct convert<T, std::enable_if_t<detail::has_fields<T>::value>> {
  static_assert(std::is_default_constructible_v<T>, "sio: a struct with SIO_FIELDS needs a default constructor");

  static std::optional<T> from(value v, mismatch& why) {
    object* o = v.if_object();
    if (!o) return detail::expected(why, "an object");
    T out{};
    const auto take_all = [&](const auto&... f) { return (detail::take_field(*o, out, f, why) && ...); };
    if (!std::apply(take_all, sio_fields(type_tag<T>()))) return std::nullopt;
    return out;
  }

  static value to(T x) {
    std::vector<object::member> out;
    const auto give_all = [&](const auto&... f) {
      out.reserve(sizeof...(f));
      (out.push_back({std::string(f.name), to_value(std::move(x.*f.member))}), ...);
    };
    std::apply(give_all, sio_fields(type_tag<T>()));
    return object::from_members(std::move(out));
  }
};

}  // namespace SIO_ABI
}  // namespace sio

/// Written after a struct, in its namespace: `SIO_FIELDS(point, x, y)`; up to 32 members. Inside the class, with
/// `friend` before it, it reaches private members too: `friend SIO_FIELDS(point, x_, y_)`.
#define SIO_FIELDS(type, ...) \
  constexpr auto sio_fields(::sio::type_tag<type>) { return ::std::make_tuple(SIO_DETAIL_FIELDS(type, __VA_ARGS__)); }

// The preprocessor knows no loop. SIO_DETAIL_EXPAND makes MSVC's old one split __VA_ARGS__.
// clang-format off
#define SIO_DETAIL_EXPAND(x) x
#define SIO_DETAIL_FIELDS(type, ...) SIO_DETAIL_EXPAND(SIO_DETAIL_PICK(__VA_ARGS__, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)(type, __VA_ARGS__))
#define SIO_DETAIL_PICK(_1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16, _17, _18, _19, _20, _21, _22, _23, _24, _25, _26, _27, _28, _29, _30, _31, _32, n, ...) SIO_DETAIL_FIELDS_##n
#define SIO_DETAIL_FIELDS_1(type, x) ::sio::make_field(#x, &type::x)
#define SIO_DETAIL_FIELDS_2(type, x, ...) SIO_DETAIL_FIELDS_1(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_FIELDS_1(type, __VA_ARGS__))
#define SIO_DETAIL_FIELDS_3(type, x, ...) SIO_DETAIL_FIELDS_1(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_FIELDS_2(type, __VA_ARGS__))
#define SIO_DETAIL_FIELDS_4(type, x, ...) SIO_DETAIL_FIELDS_1(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_FIELDS_3(type, __VA_ARGS__))
#define SIO_DETAIL_FIELDS_5(type, x, ...) SIO_DETAIL_FIELDS_1(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_FIELDS_4(type, __VA_ARGS__))
#define SIO_DETAIL_FIELDS_6(type, x, ...) SIO_DETAIL_FIELDS_1(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_FIELDS_5(type, __VA_ARGS__))
#define SIO_DETAIL_FIELDS_7(type, x, ...) SIO_DETAIL_FIELDS_1(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_FIELDS_6(type, __VA_ARGS__))
#define SIO_DETAIL_FIELDS_8(type, x, ...) SIO_DETAIL_FIELDS_1(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_FIELDS_7(type, __VA_ARGS__))
#define SIO_DETAIL_FIELDS_9(type, x, ...) SIO_DETAIL_FIELDS_1(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_FIELDS_8(type, __VA_ARGS__))
#define SIO_DETAIL_FIELDS_10(type, x, ...) SIO_DETAIL_FIELDS_1(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_FIELDS_9(type, __VA_ARGS__))
#define SIO_DETAIL_FIELDS_11(type, x, ...) SIO_DETAIL_FIELDS_1(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_FIELDS_10(type, __VA_ARGS__))
#define SIO_DETAIL_FIELDS_12(type, x, ...) SIO_DETAIL_FIELDS_1(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_FIELDS_11(type, __VA_ARGS__))
#define SIO_DETAIL_FIELDS_13(type, x, ...) SIO_DETAIL_FIELDS_1(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_FIELDS_12(type, __VA_ARGS__))
#define SIO_DETAIL_FIELDS_14(type, x, ...) SIO_DETAIL_FIELDS_1(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_FIELDS_13(type, __VA_ARGS__))
#define SIO_DETAIL_FIELDS_15(type, x, ...) SIO_DETAIL_FIELDS_1(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_FIELDS_14(type, __VA_ARGS__))
#define SIO_DETAIL_FIELDS_16(type, x, ...) SIO_DETAIL_FIELDS_1(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_FIELDS_15(type, __VA_ARGS__))
#define SIO_DETAIL_FIELDS_17(type, x, ...) SIO_DETAIL_FIELDS_1(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_FIELDS_16(type, __VA_ARGS__))
#define SIO_DETAIL_FIELDS_18(type, x, ...) SIO_DETAIL_FIELDS_1(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_FIELDS_17(type, __VA_ARGS__))
#define SIO_DETAIL_FIELDS_19(type, x, ...) SIO_DETAIL_FIELDS_1(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_FIELDS_18(type, __VA_ARGS__))
#define SIO_DETAIL_FIELDS_20(type, x, ...) SIO_DETAIL_FIELDS_1(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_FIELDS_19(type, __VA_ARGS__))
#define SIO_DETAIL_FIELDS_21(type, x, ...) SIO_DETAIL_FIELDS_1(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_FIELDS_20(type, __VA_ARGS__))
#define SIO_DETAIL_FIELDS_22(type, x, ...) SIO_DETAIL_FIELDS_1(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_FIELDS_21(type, __VA_ARGS__))
#define SIO_DETAIL_FIELDS_23(type, x, ...) SIO_DETAIL_FIELDS_1(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_FIELDS_22(type, __VA_ARGS__))
#define SIO_DETAIL_FIELDS_24(type, x, ...) SIO_DETAIL_FIELDS_1(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_FIELDS_23(type, __VA_ARGS__))
#define SIO_DETAIL_FIELDS_25(type, x, ...) SIO_DETAIL_FIELDS_1(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_FIELDS_24(type, __VA_ARGS__))
#define SIO_DETAIL_FIELDS_26(type, x, ...) SIO_DETAIL_FIELDS_1(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_FIELDS_25(type, __VA_ARGS__))
#define SIO_DETAIL_FIELDS_27(type, x, ...) SIO_DETAIL_FIELDS_1(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_FIELDS_26(type, __VA_ARGS__))
#define SIO_DETAIL_FIELDS_28(type, x, ...) SIO_DETAIL_FIELDS_1(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_FIELDS_27(type, __VA_ARGS__))
#define SIO_DETAIL_FIELDS_29(type, x, ...) SIO_DETAIL_FIELDS_1(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_FIELDS_28(type, __VA_ARGS__))
#define SIO_DETAIL_FIELDS_30(type, x, ...) SIO_DETAIL_FIELDS_1(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_FIELDS_29(type, __VA_ARGS__))
#define SIO_DETAIL_FIELDS_31(type, x, ...) SIO_DETAIL_FIELDS_1(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_FIELDS_30(type, __VA_ARGS__))
#define SIO_DETAIL_FIELDS_32(type, x, ...) SIO_DETAIL_FIELDS_1(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_FIELDS_31(type, __VA_ARGS__))
// clang-format on
