// Optionals, lists, bytes, sets, maps, tuples and variants as values.
#pragma once

#include <sio/conversion.hpp>

#include <array>
#include <cstddef>
#include <cstring>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace sio {
inline namespace SIO_ABI {

namespace detail {

// A part of a value, moved out of it; on a mismatch its place stands before the path inside it.
template <class T>
bool take_part(value& part, std::optional<T>& out, mismatch& why) {
  out = convert<T>::from(std::move(part), why);
  return out.has_value();
}

template <class T>
bool take_element(array& from, std::size_t i, std::optional<T>& out, mismatch& why) {
  if (take_part(from[i], out, why)) return true;
  why.path.insert(0, "[" + std::to_string(i) + "]");
  return false;
}

// The peer chose this name: it goes into an error's text only when it is short and plain.
inline std::string shown(const std::string& name) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  for (const char c : name)
    if (!plain(c)) return ".?";
  return name.size() <= 64 ? "." + name : ".?";
}

template <class T>
inline constexpr bool is_byte =
    std::is_same_v<T, unsigned char> || std::is_same_v<T, char> || std::is_same_v<T, std::byte>;

template <class T>
struct is_optional : std::false_type {};
template <class T>
struct is_optional<std::optional<T>> : std::true_type {};

}  // namespace detail

/// Null and a missing argument or member are an empty optional.
template <class T>
struct convert<std::optional<T>> {
  static std::optional<std::optional<T>> from(value v, mismatch& why) {
    std::optional<std::optional<T>> out(std::in_place);
    if (v.is_null()) return out;
    *out = convert<T>::from(std::move(v), why);
    if (!*out) out.reset();
    return out;
  }
  static value to(std::optional<T> x) { return x ? convert<T>::to(std::move(*x)) : value(); }
};

// ---- lists

template <class T, class A>
struct convert<std::vector<T, A>, std::enable_if_t<!detail::is_byte<T>>> {
  static std::optional<std::vector<T, A>> from(value v, mismatch& why) {
    array* a = v.if_array();
    if (!a) return detail::expected(why, "an array");
    std::vector<T, A> out;
    out.reserve(a->size());
    std::optional<T> element;
    for (std::size_t i = 0; i != a->size(); ++i) {
      if (!detail::take_element(*a, i, element, why)) return std::nullopt;
      out.push_back(std::move(*element));
    }
    return out;
  }
  static value to(std::vector<T, A> x) {
    array out;
    out.reserve(x.size());
    for (auto&& element : x) out.push_back(convert<T>::to(T(std::move(element))));
    return out;
  }
};

/// Bytes travel as binary, not as a list of numbers.
template <class T, class A>
struct convert<std::vector<T, A>, std::enable_if_t<detail::is_byte<T>>> {
  static std::optional<std::vector<T, A>> from(const value& v, mismatch& why) {
    const binary* b = v.if_binary();
    if (!b) return detail::expected(why, "a binary");
    const T* bytes = reinterpret_cast<const T*>(b->data());
    return std::vector<T, A>(bytes, bytes + b->size());
  }
  static value to(const std::vector<T, A>& x) { return binary(x.data(), x.size()); }
};

template <class T, std::size_t N>
struct convert<std::array<T, N>, std::enable_if_t<!detail::is_byte<T>>> {
  static std::optional<std::array<T, N>> from(value v, mismatch& why) {
    array* a = v.if_array();
    if (!a || a->size() != N) return detail::expected(why, "an array of " + std::to_string(N));
    std::array<T, N> out{};
    std::optional<T> element;
    for (std::size_t i = 0; i != N; ++i) {
      if (!detail::take_element(*a, i, element, why)) return std::nullopt;
      out[i] = std::move(*element);
    }
    return out;
  }
  static value to(std::array<T, N> x) {
    array out;
    out.reserve(N);
    for (T& element : x) out.push_back(convert<T>::to(std::move(element)));
    return out;
  }
};

template <class T, std::size_t N>
struct convert<std::array<T, N>, std::enable_if_t<detail::is_byte<T>>> {
  static std::optional<std::array<T, N>> from(const value& v, mismatch& why) {
    const binary* b = v.if_binary();
    if (!b || b->size() != N) return detail::expected(why, "a binary of " + std::to_string(N) + " bytes");
    std::array<T, N> out{};
    if constexpr (N != 0) std::memcpy(out.data(), b->data(), N);
    return out;
  }
  static value to(const std::array<T, N>& x) { return binary(x.data(), N); }
};

/// An array, in its order; of equal elements one is kept.
template <class T, class C, class A>
struct convert<std::set<T, C, A>> {
  static std::optional<std::set<T, C, A>> from(value v, mismatch& why) {
    array* a = v.if_array();
    if (!a) return detail::expected(why, "an array");
    std::set<T, C, A> out;
    std::optional<T> element;
    for (std::size_t i = 0; i != a->size(); ++i) {
      if (!detail::take_element(*a, i, element, why)) return std::nullopt;
      out.insert(std::move(*element));
    }
    return out;
  }
  static value to(const std::set<T, C, A>& x) {
    array out;
    out.reserve(x.size());
    for (const T& element : x) out.push_back(convert<T>::to(element));
    return out;
  }
};

// ---- maps

namespace detail {

template <class Map>
struct map_conversion {
  using mapped = typename Map::mapped_type;

  static std::optional<Map> from(value v, mismatch& why) {
    object* o = v.if_object();
    if (!o) return expected(why, "an object");
    Map out;
    std::optional<mapped> part;
    for (object::member& m : *o) {
      if (!take_part(m.second, part, why)) return why.path.insert(0, shown(m.first)), std::nullopt;
      out.emplace(std::move(m.first), std::move(*part));
    }
    return out;
  }

  static value to(Map x) {
    std::vector<object::member> out;
    out.reserve(x.size());
    for (auto& [name, mapped_value] : x) out.push_back({name, convert<mapped>::to(std::move(mapped_value))});
    return object::from_members(std::move(out));
  }
};

}  // namespace detail

template <class T, class C, class A>
struct convert<std::map<std::string, T, C, A>> : detail::map_conversion<std::map<std::string, T, C, A>> {};

/// The peer chooses the names, and with them the collisions: take a `std::map` from peers you do not trust.
template <class T, class H, class E, class A>
struct convert<std::unordered_map<std::string, T, H, E, A>>
    : detail::map_conversion<std::unordered_map<std::string, T, H, E, A>> {};

// ---- tuples: an array of just so many elements

namespace detail {

template <class Tuple, class... T>
struct tuple_conversion {
  static std::optional<Tuple> from(value v, mismatch& why) {
    array* a = v.if_array();
    if (!a || a->size() != sizeof...(T)) return expected(why, "an array of " + std::to_string(sizeof...(T)));
    return take(*a, why, std::index_sequence_for<T...>());
  }

  static value to(Tuple x) {
    array out;
    out.reserve(sizeof...(T));
    std::apply([&](auto&... part) { (out.push_back(to_value(std::move(part))), ...); }, x);
    return out;
  }

 private:
  template <std::size_t... I>
  static std::optional<Tuple> take(array& from, mismatch& why, std::index_sequence<I...>) {
    std::tuple<std::optional<T>...> parts;
    if (!(take_element(from, I, std::get<I>(parts), why) && ...)) return std::nullopt;
    return Tuple(std::move(*std::get<I>(parts))...);
  }
};

}  // namespace detail

template <class T, class U>
struct convert<std::pair<T, U>> : detail::tuple_conversion<std::pair<T, U>, T, U> {};

template <class... T>
struct convert<std::tuple<T...>> : detail::tuple_conversion<std::tuple<T...>, T...> {};

// ---- variants: the first alternative that fits, in their order

template <class... T>
struct convert<std::variant<T...>> {
  static std::optional<std::variant<T...>> from(const value& v, mismatch& why) {
    std::optional<std::variant<T...>> out;
    std::string tried;
    ((out || attempt<T>(v, out, tried)), ...);
    if (!out) detail::expected(why, std::move(tried));
    return out;
  }
  static value to(std::variant<T...> x) {
    return std::visit([](auto& held) { return to_value(std::move(held)); }, x);
  }

 private:
  template <class U>
  static bool attempt(const value& v, std::optional<std::variant<T...>>& out, std::string& tried) {
    mismatch why;
    if (std::optional<U> fits = convert<U>::from(v, why)) return out.emplace(std::move(*fits)), true;
    tried += (tried.empty() ? "" : " or ") + why.expected + (why.path.empty() ? "" : " at " + why.path);
    return false;
  }
};

}  // namespace SIO_ABI
}  // namespace sio
