// SIO_FIELDS: a struct travels as an object with its members' names, or others.
#pragma once

#include <sio/conversion.hpp>
#include <sio/each.hpp>

#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {

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

/// Written after a struct, in its namespace: `SIO_FIELDS(point, x, y)`; up to 32 members. One that travels under
/// another name stands with it in brackets: `SIO_FIELDS(user, (id, "_id"), name)`. Inside the class, with `friend`
/// before it, it reaches private members too: `friend SIO_FIELDS(point, x_, y_)`.
#define SIO_FIELDS(type, ...)                                                       \
  constexpr auto sio_fields(::sio::type_tag<type>) {                                \
    return ::std::make_tuple(SIO_DETAIL_EACH(SIO_DETAIL_FIELD, type, __VA_ARGS__)); \
  }

#define SIO_DETAIL_FIELD(type, x) SIO_DETAIL_CHOOSE(SIO_DETAIL_FIELD, type, x)
#define SIO_DETAIL_FIELD_AS(type, x, name) ::sio::make_field(name, &type::x)
