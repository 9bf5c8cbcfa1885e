// What events carry: null, bool, integer, number, string, binary, array, object.
#pragma once

#include <sio/binary.hpp>
#include <sio/config.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {

class value;

/// What a value holds; known as `value::kind`.
enum class value_kind : std::uint8_t { null, boolean, integer, number, string, binary, array, object };

/// A list of values. Write `array{value(x)}` for one element, never `array{x}`.
using array = std::vector<value>;

/// Named values in the order of their first insertion; a name stands once (the last value wins, as in JS).
class object {
 public:
  struct member;
  using const_iterator = const member*;
  using iterator = member*;

  object() noexcept;
  object(const object&);
  object(object&&) noexcept;
  object& operator=(const object&);
  object& operator=(object&&) noexcept;
  ~object();
  object(std::initializer_list<member> members);
  /// All of them at once, in n log n steps: of a name given twice the last value stands in the first one's place.
  static object from_members(std::vector<member> members);

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
  /// Takes that member out; false if there is none.
  bool erase(std::string_view name);

  /// The same names with the same values, in whatever order.
  friend bool operator==(const object& a, const object& b);
  friend bool operator!=(const object& a, const object& b) { return !(a == b); }

 private:
  std::vector<member> members_;
};

/// One JSON-like value, with binary as an eighth kind. Integers stay exact; a number never turns into a string.
class value {
 public:
  using kind = value_kind;

  value() noexcept : integer_(0) {}  ///< null
  value(std::nullptr_t) noexcept : integer_(0) {}
  template <class T, std::enable_if_t<std::is_same_v<T, bool>, int> = 0>
  value(T b) noexcept : integer_(0), kind_(kind::boolean) {
    boolean_ = b;
  }
  /// An integer that does not fit 64 signed bits becomes a double.
  template <class T, std::enable_if_t<std::is_integral_v<T> && !std::is_same_v<T, bool>, int> = 0>
  value(T i) noexcept;
  template <class T, std::enable_if_t<std::is_floating_point_v<T>, int> = 0>
  value(T d) noexcept : number_(static_cast<double>(d)), kind_(kind::number) {}
  value(std::string s) noexcept : string_(std::move(s)), kind_(kind::string) {}
  value(std::string_view s) : value(std::string(s)) {}
  value(const char* s) : value(std::string(s)) {}
  value(sio::binary b) noexcept : binary_(std::move(b)), kind_(kind::binary) {}
  value(sio::array a) noexcept : array_(std::move(a)), kind_(kind::array) {}
  value(sio::object o) noexcept : object_(std::move(o)), kind_(kind::object) {}

  value(const value& other);
  /// What was moved from is null.
  value(value&& other) noexcept : integer_(0) { take(other); }
  value& operator=(const value& other) { return *this = value(other); }
  value& operator=(value&& other) noexcept;
  ~value() {
    if (kind_ >= kind::string) destroy();
  }

  kind type() const noexcept { return kind_; }
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
  const bool* if_bool() const noexcept { return kind_ == kind::boolean ? &boolean_ : nullptr; }
  const std::int64_t* if_integer() const noexcept { return kind_ == kind::integer ? &integer_ : nullptr; }
  const std::string* if_string() const noexcept { return kind_ == kind::string ? &string_ : nullptr; }
  std::string* if_string() noexcept { return kind_ == kind::string ? &string_ : nullptr; }
  const sio::binary* if_binary() const noexcept { return kind_ == kind::binary ? &binary_ : nullptr; }
  const sio::array* if_array() const noexcept { return kind_ == kind::array ? &array_ : nullptr; }
  sio::array* if_array() noexcept { return kind_ == kind::array ? &array_ : nullptr; }
  const sio::object* if_object() const noexcept { return kind_ == kind::object ? &object_ : nullptr; }
  sio::object* if_object() noexcept { return kind_ == kind::object ? &object_ : nullptr; }
  /// An integer or a double, as a double.
  std::optional<double> if_number() const noexcept;

  /// The member of that name; a shared null value if this is no object or has none.
  const value& operator[](std::string_view name) const noexcept;
  /// The element at that place; a shared null value if this is no array or is shorter.
  const value& operator[](std::size_t index) const noexcept;

  /// As the type asked for; throws `std::invalid_argument` saying what was expected. See `convert.hpp`.
  template <class T>
  T as() const&;
  template <class T>
  T as() &&;

  friend bool operator==(const value& a, const value& b);
  friend bool operator!=(const value& a, const value& b) { return !(a == b); }

 private:
  void take(value& other) noexcept;  // this one holds nothing that needs an end
  void take_owned(value& other) noexcept;
  void destroy() noexcept;

  // Not a std::variant: whoever includes this would compile its visits anew, for each file.
  union {
    bool boolean_;
    std::int64_t integer_;
    double number_;
    std::string string_;
    sio::binary binary_;
    sio::array array_;
    sio::object object_;
  };
  kind kind_ = kind::null;
};

struct object::member {
  std::string first;
  value second;
  friend bool operator==(const member& a, const member& b) { return a.first == b.first && a.second == b.second; }
};

template <class T, std::enable_if_t<std::is_integral_v<T> && !std::is_same_v<T, bool>, int>>
value::value(T i) noexcept : integer_(static_cast<std::int64_t>(i)), kind_(kind::integer) {
  if constexpr (std::is_unsigned_v<T> && sizeof(T) >= sizeof(std::int64_t)) {
    if (i > static_cast<T>(INT64_MAX)) number_ = static_cast<double>(i), kind_ = kind::number;
  }
}

// The kinds before `string` need no constructor: their bytes are copied.
inline void value::take(value& other) noexcept {
  if (other.kind_ >= kind::string) return take_owned(other);
  std::memcpy(&integer_, &other.integer_, sizeof integer_);
  kind_ = std::exchange(other.kind_, kind::null);
}

inline std::optional<double> value::if_number() const noexcept {
  if (kind_ == kind::integer) return static_cast<double>(integer_);
  if (kind_ == kind::number) return number_;
  return std::nullopt;
}

// Here and not in the class: there `member` is not complete.
inline bool object::empty() const noexcept { return members_.empty(); }
inline std::size_t object::size() const noexcept { return members_.size(); }
inline object::iterator object::begin() noexcept { return members_.data(); }
inline object::iterator object::end() noexcept { return members_.data() + members_.size(); }
inline object::const_iterator object::begin() const noexcept { return members_.data(); }
inline object::const_iterator object::end() const noexcept { return members_.data() + members_.size(); }

}  // namespace SIO_ABI
}  // namespace sio

#if !defined(SIO_SEPARATE_COMPILATION)
#include <sio/impl/value.ipp>
#endif
