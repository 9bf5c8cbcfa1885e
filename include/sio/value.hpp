// What events carry: null, bool, integer, number, string, binary, array, object.
#pragma once

#include <sio/binary.hpp>
#include <sio/config.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
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
  T as() const&;
  template <class T>
  T as() &&;

  friend bool operator==(const value& a, const value& b) { return a.v_ == b.v_; }
  friend bool operator!=(const value& a, const value& b) { return !(a == b); }

 private:
  std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, sio::binary, sio::array, sio::object> v_{
      nullptr};
};

struct object::member {
  std::string first;
  value second;
  friend bool operator==(const member& a, const member& b) { return a.first == b.first && a.second == b.second; }
};

// ---- bodies

namespace detail {

inline const value& null_value() noexcept {
  static const value none;
  return none;
}

// Where each name stands. Sorted, not hashed: the peer chooses the names, and with them the collisions.
using name_index = std::map<std::string_view, std::size_t>;

// Few names are compared pair by pair, which allocates nothing.
inline constexpr std::size_t few_members = 12;

inline bool distinct(const std::vector<object::member>& members) noexcept {
  for (std::size_t i = 1; i < members.size(); ++i)
    for (std::size_t j = 0; j != i; ++j)
      if (members[i].first == members[j].first) return false;
  return true;
}

inline std::vector<object::member> last_wins(std::vector<object::member> members) {
  std::vector<object::member> kept;
  kept.reserve(members.size());  // never grows below, so the views in `places` stay valid
  name_index places;
  for (object::member& m : members) {
    const auto found = places.find(m.first);
    if (found != places.end()) {
      kept[found->second].second = std::move(m.second);
      continue;
    }
    kept.push_back(std::move(m));
    places.emplace(kept.back().first, kept.size() - 1);
  }
  return kept;
}

}  // namespace detail

template <class T, std::enable_if_t<std::is_integral_v<T> && !std::is_same_v<T, bool>, int>>
value::value(T i) noexcept {
  if constexpr (std::is_unsigned_v<T> && sizeof(T) >= sizeof(std::int64_t)) {
    if (i > static_cast<T>(INT64_MAX)) {
      v_ = static_cast<double>(i);
      return;
    }
  }
  v_ = static_cast<std::int64_t>(i);
}

inline std::optional<double> value::if_number() const noexcept {
  if (const auto* i = std::get_if<std::int64_t>(&v_)) return static_cast<double>(*i);
  if (const auto* d = std::get_if<double>(&v_)) return *d;
  return std::nullopt;
}

inline const value& value::operator[](std::string_view name) const noexcept {
  const sio::object* o = if_object();
  return o ? (*o)[name] : detail::null_value();
}

inline const value& value::operator[](std::size_t index) const noexcept {
  const sio::array* a = if_array();
  return a && index < a->size() ? (*a)[index] : detail::null_value();
}

// Here and not in the class: there `member` is not complete.
inline object::object() noexcept = default;
inline object::object(const object&) = default;
inline object::object(object&&) noexcept = default;
inline object& object::operator=(const object&) = default;
inline object& object::operator=(object&&) noexcept = default;
inline object::~object() = default;

inline object::object(std::initializer_list<member> members) : object(from_members(members)) {}

inline object object::from_members(std::vector<member> members) {
  object out;
  const bool as_they_are = members.size() <= detail::few_members && detail::distinct(members);
  out.members_ = as_they_are ? std::move(members) : detail::last_wins(std::move(members));
  return out;
}

inline bool object::empty() const noexcept { return members_.empty(); }
inline std::size_t object::size() const noexcept { return members_.size(); }
inline object::iterator object::begin() noexcept { return members_.data(); }
inline object::iterator object::end() noexcept { return members_.data() + members_.size(); }
inline object::const_iterator object::begin() const noexcept { return members_.data(); }
inline object::const_iterator object::end() const noexcept { return members_.data() + members_.size(); }

inline const value* object::find(std::string_view name) const noexcept {
  for (const member& m : members_)
    if (m.first == name) return &m.second;
  return nullptr;
}

inline value* object::find(std::string_view name) noexcept {
  return const_cast<value*>(static_cast<const object&>(*this).find(name));
}

inline const value& object::operator[](std::string_view name) const noexcept {
  const value* found = find(name);
  return found ? *found : detail::null_value();
}

inline value& object::operator[](std::string_view name) {
  if (value* found = find(name)) return *found;
  members_.push_back({std::string(name), value()});
  return members_.back().second;
}

inline void object::set(std::string name, value v) {
  if (value* found = find(name))
    *found = std::move(v);
  else
    members_.push_back({std::move(name), std::move(v)});
}

inline bool object::erase(std::string_view name) {
  for (auto it = members_.begin(); it != members_.end(); ++it)
    if (it->first == name) return members_.erase(it), true;
  return false;
}

inline bool operator==(const object& a, const object& b) {
  if (a.size() != b.size()) return false;
  detail::name_index places;  // of b; filled when the order first differs
  for (std::size_t i = 0; i != a.size(); ++i) {
    const object::member& left = a.begin()[i];
    if (places.empty() && left == b.begin()[i]) continue;
    if (places.empty())
      for (std::size_t j = 0; j != b.size(); ++j) places.emplace(b.begin()[j].first, j);
    const auto found = places.find(left.first);
    if (found == places.end() || left.second != b.begin()[found->second].second) return false;
  }
  return true;
}

}  // namespace SIO_ABI
}  // namespace sio
