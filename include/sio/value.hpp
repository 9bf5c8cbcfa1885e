// What events carry: null, bool, integer, number, string, binary, array, object.
#pragma once

#include <sio/config.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace sio {
inline namespace SIO_ABI {

class value;

/// A list of values. Write `array{value(x)}` for one element, never `array{x}`.
using array = std::vector<value>;

/// Bytes, shared and immutable: copying one copies a pointer. May stand anywhere in an event's arguments.
class binary {
 public:
  binary() = default;
  explicit binary(std::string bytes);
  binary(const void* data, std::size_t size);
  binary(std::initializer_list<unsigned char> bytes);

  const unsigned char* data() const noexcept;
  std::size_t size() const noexcept { return view().size(); }
  bool empty() const noexcept { return size() == 0; }
  const unsigned char* begin() const noexcept { return data(); }
  const unsigned char* end() const noexcept { return data() + size(); }
  unsigned char operator[](std::size_t i) const noexcept { return data()[i]; }
  /// The bytes as a view; valid while any copy of this binary lives.
  std::string_view view() const noexcept { return bytes_ ? std::string_view(*bytes_) : std::string_view(); }
  /// The shared buffer itself; null when empty by default construction.
  const std::shared_ptr<const std::string>& shared() const noexcept { return bytes_; }

  friend bool operator==(const binary& a, const binary& b) noexcept { return a.view() == b.view(); }
  friend bool operator!=(const binary& a, const binary& b) noexcept { return !(a == b); }

 private:
  std::shared_ptr<const std::string> bytes_;
};

/// Named values in the order of their first insertion; a name stands once (the last value wins, as in JS).
class object {
 public:
  struct member;
  using const_iterator = const member*;
  using iterator = member*;

  object() = default;
  object(std::initializer_list<member> members);

  bool empty() const noexcept;
  std::size_t size() const noexcept;
  iterator begin() noexcept;
  iterator end() noexcept;
  const_iterator begin() const noexcept;
  const_iterator end() const noexcept;

  /// The value of that name, or null (the pointer) if there is none.
  const value* find(std::string_view name) const noexcept;
  value* find(std::string_view name) noexcept;
  bool contains(std::string_view name) const noexcept { return find(name) != nullptr; }
  /// The value of that name; a shared null value if there is none.
  const value& operator[](std::string_view name) const noexcept;
  /// The value of that name; inserted as null if there is none.
  value& operator[](std::string_view name);
  /// Inserts, or replaces the value of that name in its place.
  void set(std::string name, value v);
  bool erase(std::string_view name);

  friend bool operator==(const object& a, const object& b);
  friend bool operator!=(const object& a, const object& b) { return !(a == b); }

 private:
  std::vector<member> members_;
};

/// One JSON-like value, with binary as an eighth kind. Integers stay exact; a number never turns into a string.
class value {
 public:
  enum class kind : std::uint8_t { null, boolean, integer, number, string, binary, array, object };

  value() noexcept = default;  ///< null
  value(std::nullptr_t) noexcept {}
  template <class T, std::enable_if_t<std::is_same_v<T, bool>, int> = 0>
  value(T b) noexcept : v_(b) {}
  /// An integer that does not fit 64 signed bits becomes a double.
  template <class T, std::enable_if_t<std::is_integral_v<T> && !std::is_same_v<T, bool>, int> = 0>
  value(T i) noexcept;
  template <class T, std::enable_if_t<std::is_floating_point_v<T>, int> = 0>
  value(T d) noexcept : v_(static_cast<double>(d)) {}
  value(std::string s) noexcept : v_(std::move(s)) {}
  value(std::string_view s) : v_(std::string(s)) {}
  value(const char* s) : v_(std::string(s)) {}
  value(sio::binary b) noexcept : v_(std::move(b)) {}
  value(sio::array a) noexcept : v_(std::move(a)) {}
  value(sio::object o) noexcept : v_(std::move(o)) {}

  kind type() const noexcept { return static_cast<kind>(v_.index()); }
  bool is_null() const noexcept { return type() == kind::null; }
  bool is_bool() const noexcept { return type() == kind::boolean; }
  bool is_integer() const noexcept { return type() == kind::integer; }
  /// An integer or a double.
  bool is_number() const noexcept { return type() == kind::integer || type() == kind::number; }
  bool is_string() const noexcept { return type() == kind::string; }
  bool is_binary() const noexcept { return type() == kind::binary; }
  bool is_array() const noexcept { return type() == kind::array; }
  bool is_object() const noexcept { return type() == kind::object; }

  /// What it holds, if it holds that; null (the pointer) otherwise.
  const bool* if_bool() const noexcept { return std::get_if<bool>(&v_); }
  const std::int64_t* if_integer() const noexcept { return std::get_if<std::int64_t>(&v_); }
  const std::string* if_string() const noexcept { return std::get_if<std::string>(&v_); }
  std::string* if_string() noexcept { return std::get_if<std::string>(&v_); }
  const sio::binary* if_binary() const noexcept { return std::get_if<sio::binary>(&v_); }
  const sio::array* if_array() const noexcept { return std::get_if<sio::array>(&v_); }
  sio::array* if_array() noexcept { return std::get_if<sio::array>(&v_); }
  const sio::object* if_object() const noexcept { return std::get_if<sio::object>(&v_); }
  sio::object* if_object() noexcept { return std::get_if<sio::object>(&v_); }
  /// An integer or a double, as a double.
  std::optional<double> if_number() const noexcept;

  /// The member of that name; a shared null value if this is no object or has none.
  const value& operator[](std::string_view name) const noexcept;
  /// The element at that place; a shared null value if this is no array or is shorter.
  const value& operator[](std::size_t index) const noexcept;

  /// As the type asked for; throws `std::invalid_argument` saying what was expected. See `convert.hpp`.
  template <class T>
  T as() const;

  friend bool operator==(const value& a, const value& b) { return a.v_ == b.v_; }
  friend bool operator!=(const value& a, const value& b) { return !(a == b); }

 private:
  std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, sio::binary, sio::array, sio::object> v_{nullptr};
};

struct object::member {
  std::string first;
  value second;
  friend bool operator==(const member& a, const member& b) { return a.first == b.first && a.second == b.second; }
};

// (bodies below)

}  // namespace SIO_ABI
}  // namespace sio
