// Bodies of value.hpp.
#pragma once

#include <sio/value.hpp>

#include <cstring>
#include <map>
#include <new>

namespace sio {
inline namespace SIO_ABI {

namespace detail {

inline const value& null_value() noexcept {
  static const value& none = *new value;  // for threads that outlive other statics
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

// ---- value

SIO_DECL value::value(const value& other) : integer_(0) {
  switch (other.kind_) {
    case kind::string: new (&string_) std::string(other.string_); break;
    case kind::binary: new (&binary_) sio::binary(other.binary_); break;
    case kind::array: new (&array_) sio::array(other.array_); break;
    case kind::object: new (&object_) sio::object(other.object_); break;
    default: std::memcpy(&integer_, &other.integer_, sizeof integer_);
  }
  kind_ = other.kind_;
}

SIO_DECL value& value::operator=(value&& other) noexcept {
  value taken(std::move(other));  // first: it may be a part of what goes
  if (kind_ >= kind::string) destroy();
  take(taken);
  return *this;
}

SIO_DECL void value::take_owned(value& other) noexcept {
  switch (other.kind_) {
    case kind::string: new (&string_) std::string(std::move(other.string_)); break;
    case kind::binary: new (&binary_) sio::binary(std::move(other.binary_)); break;
    case kind::array: new (&array_) sio::array(std::move(other.array_)); break;
    case kind::object: new (&object_) sio::object(std::move(other.object_)); break;
    default: return;
  }
  other.destroy();
  kind_ = std::exchange(other.kind_, kind::null);
}

SIO_DECL void value::destroy() noexcept {
  switch (kind_) {
    case kind::string: string_.~basic_string(); break;
    case kind::binary: binary_.~binary(); break;
    case kind::array: array_.~vector(); break;
    case kind::object: object_.~object(); break;
    default: break;
  }
}

SIO_DECL bool operator==(const value& a, const value& b) {
  if (a.kind_ != b.kind_) return false;
  switch (a.kind_) {
    case value_kind::null: return true;
    case value_kind::boolean: return a.boolean_ == b.boolean_;
    case value_kind::integer: return a.integer_ == b.integer_;
    case value_kind::number: return a.number_ == b.number_;
    case value_kind::string: return a.string_ == b.string_;
    case value_kind::binary: return a.binary_ == b.binary_;
    case value_kind::array: return a.array_ == b.array_;
    case value_kind::object: return a.object_ == b.object_;
  }
  return false;
}

SIO_DECL const value& value::operator[](std::string_view name) const noexcept {
  const sio::object* o = if_object();
  return o ? (*o)[name] : detail::null_value();
}

SIO_DECL const value& value::operator[](std::size_t index) const noexcept {
  const sio::array* a = if_array();
  return a && index < a->size() ? (*a)[index] : detail::null_value();
}

// ---- object

SIO_DECL object::object() noexcept = default;
SIO_DECL object::object(const object&) = default;
SIO_DECL object::object(object&&) noexcept = default;
SIO_DECL object& object::operator=(const object&) = default;
SIO_DECL object& object::operator=(object&&) noexcept = default;
SIO_DECL object::~object() = default;

SIO_DECL object::object(std::initializer_list<member> members) : object(from_members(members)) {}

SIO_DECL object object::from_members(std::vector<member> members) {
  object out;
  const bool as_they_are = members.size() <= detail::few_members && detail::distinct(members);
  out.members_ = as_they_are ? std::move(members) : detail::last_wins(std::move(members));
  return out;
}

SIO_DECL const value* object::find(std::string_view name) const noexcept {
  for (const member& m : members_)
    if (m.first == name) return &m.second;
  return nullptr;
}

SIO_DECL value* object::find(std::string_view name) noexcept {
  return const_cast<value*>(static_cast<const object&>(*this).find(name));
}

SIO_DECL const value& object::operator[](std::string_view name) const noexcept {
  const value* found = find(name);
  return found ? *found : detail::null_value();
}

SIO_DECL value& object::operator[](std::string_view name) {
  if (value* found = find(name)) return *found;
  members_.push_back({std::string(name), value()});
  return members_.back().second;
}

SIO_DECL void object::set(std::string name, value v) {
  if (value* found = find(name))
    *found = std::move(v);
  else
    members_.push_back({std::move(name), std::move(v)});
}

SIO_DECL bool object::erase(std::string_view name) {
  for (auto it = members_.begin(); it != members_.end(); ++it)
    if (it->first == name) return members_.erase(it), true;
  return false;
}

SIO_DECL bool operator==(const object& a, const object& b) {
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
