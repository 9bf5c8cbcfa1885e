// std::span on the way out, where the standard library has it.
#pragma once

#include <sio/collections.hpp>

#if defined(__has_include)
#if __has_include(<version>)
#include <version>
#endif
#endif

#if defined(__cpp_lib_span)
#include <cstddef>
#include <optional>
#include <span>
#include <type_traits>

namespace sio {
inline namespace SIO_ABI {

/// Sent as a list, bytes as a binary. What arrives has no other owner, so that a view of it would dangle.
template <class T, std::size_t N>
struct convert<std::span<T, N>> {
  template <class V>
  static std::optional<std::span<T, N>> from(const V&, mismatch&) {
    static_assert(detail::never<V>, "sio: take a std::vector here: a span would dangle");
    return std::nullopt;
  }
  static value to(std::span<T, N> x) {
    using element = std::remove_cv_t<T>;
    if constexpr (detail::is_byte<element>) {
      return binary(x.data(), x.size());
    } else {
      array out;
      out.reserve(x.size());
      for (const T& e : x) out.push_back(convert<element>::to(e));
      return out;
    }
  }
};

}  // namespace SIO_ABI
}  // namespace sio
#endif
