// C++ types <-> values: all conversions, `value::as`, and lists of arguments.
#pragma once

#include <sio/chrono.hpp>
#include <sio/collections.hpp>
#include <sio/conversion.hpp>
#include <sio/enums.hpp>
#include <sio/fields.hpp>
#include <sio/spans.hpp>

#include <stdexcept>
#include <type_traits>
#include <utility>

namespace sio {
inline namespace SIO_ABI {

/// Arguments as the list that an event or an acknowledgement carries.
template <class... A>
array pack_array(A&&... a) {
  array out;
  out.reserve(sizeof...(A));
  (out.push_back(to_value(std::forward<A>(a))), ...);
  return out;
}

template <class T>
T value::as() && {
  mismatch why;
  if (std::optional<T> out = convert<T>::from(std::move(*this), why)) return std::move(*out);
  throw std::invalid_argument("value" + why.path + ": expected " + why.expected);
}

template <class T>
T value::as() const& {
  return value(*this).template as<T>();
}

}  // namespace SIO_ABI
}  // namespace sio
