// nlohmann::json and ordered_json as values, whatever version the program includes; this header includes none.
#pragma once

#include <sio/conversion.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace detail {

template <class T, class = void>
inline constexpr bool is_nlohmann = false;
template <class T>
inline constexpr bool is_nlohmann<
    T, std::void_t<typename T::json_sax_t, typename T::value_t, typename T::binary_t, typename T::number_unsigned_t>> =
    true;

inline constexpr std::size_t max_nlohmann_depth = 1000;

// Names stand once in an object already, so that ordered_json, which looks for each in all others, need not look.
template <class Object, class Json>
void add_member(Object& to, std::string&& name, Json&& member) {
  if constexpr (std::is_base_of_v<std::vector<typename Object::value_type>, Object>)
    to.emplace_back(std::move(name), std::move(member));
  else
    to.emplace(std::move(name), std::move(member));
}

template <class Json>
struct nlohmann_conversion {
  using kind = typename Json::value_t;

  static bool read(value&& v, Json& out, std::size_t depth) {
    switch (v.type()) {
      case value::kind::null: out = nullptr; break;
      case value::kind::boolean: out = *v.if_bool(); break;
      case value::kind::integer: out = *v.if_integer(); break;
      case value::kind::number: out = *v.if_number(); break;
      case value::kind::string: out = std::move(*v.if_string()); break;
      case value::kind::binary: out = Json::binary({v.if_binary()->begin(), v.if_binary()->end()}); break;
      case value::kind::array: return depth != 0 && read(*v.if_array(), out, depth - 1);
      case value::kind::object: return depth != 0 && read(*v.if_object(), out, depth - 1);
    }
    return true;
  }

  static value write(const Json& j, std::size_t depth) {
    switch (j.type()) {
      case kind::boolean: return j.template get<bool>();
      case kind::number_integer: return static_cast<std::int64_t>(j.template get<typename Json::number_integer_t>());
      case kind::number_unsigned: return static_cast<std::uint64_t>(j.template get<typename Json::number_unsigned_t>());
      case kind::number_float: return static_cast<double>(j.template get<typename Json::number_float_t>());
      case kind::string: return std::string(j.template get_ref<const typename Json::string_t&>());
      case kind::binary: return sio::binary(j.get_binary().data(), j.get_binary().size());
      case kind::array:
      case kind::object: break;
      default: return nullptr;  // null, and what a parser discarded
    }
    if (depth == 0) throw std::length_error("sio: a nlohmann::json nests deeper than 1000 levels");
    return j.is_array() ? write_array(j, depth - 1) : write_object(j, depth - 1);
  }

 private:
  static bool read(array& from, Json& out, std::size_t depth) {
    out = Json::array();
    auto& elements = out.template get_ref<typename Json::array_t&>();
    elements.resize(from.size());
    for (std::size_t i = 0; i != from.size(); ++i)
      if (!read(std::move(from[i]), elements[i], depth)) return false;
    return true;
  }

  static bool read(object& from, Json& out, std::size_t depth) {
    out = Json::object();
    auto& members = out.template get_ref<typename Json::object_t&>();
    for (object::member& m : from) {
      Json member;
      if (!read(std::move(m.second), member, depth)) return false;
      add_member(members, std::move(m.first), std::move(member));
    }
    return true;
  }

  static value write_array(const Json& j, std::size_t depth) {
    array out;
    out.reserve(j.size());
    for (const Json& element : j) out.push_back(write(element, depth));
    return out;
  }

  static value write_object(const Json& j, std::size_t depth) {
    std::vector<object::member> out;
    out.reserve(j.size());
    for (auto it = j.begin(); it != j.end(); ++it) out.push_back({std::string(it.key()), write(it.value(), depth)});
    return object::from_members(std::move(out));
  }
};

}  // namespace detail

/// Everything as its like: a binary becomes a json binary and back (its subtype is lost), an unsigned integer past 63
/// bits a double. What nests deeper than 1000 levels is a mismatch on the way in, `std::length_error` on the way out.
template <class T>
struct convert<T, std::enable_if_t<detail::is_nlohmann<T>>> {
  static std::optional<T> from(value v, mismatch& why) {
    std::optional<T> out(std::in_place);
    if (detail::nlohmann_conversion<T>::read(std::move(v), *out, detail::max_nlohmann_depth)) return out;
    return detail::expected(why, "a value of at most 1000 levels");
  }
  static value to(const T& x) { return detail::nlohmann_conversion<T>::write(x, detail::max_nlohmann_depth); }
};

}  // namespace SIO_ABI
}  // namespace sio
