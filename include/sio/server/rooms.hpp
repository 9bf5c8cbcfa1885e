// Who is in which room. Rooms know members, not sockets.
#pragma once

#include <sio/config.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

class rooms;
struct room;

/// What can be in rooms.
class member {
 public:
  member() = default;
  member(const member&) = delete;
  member& operator=(const member&) = delete;

 private:
  friend class rooms;
  struct place {
    room* in;
    std::size_t at;  // in that room's list
  };
  std::vector<place> places_;
  std::uint64_t mark_ = 0;  // the last walk that met this member
};

struct room {
  std::string_view name;  // the map's key
  std::vector<member*> members;
};

/// Whom a broadcast is for: the union of `rooms` (nobody named: everybody), less who is in a room of `except`.
struct address {
  std::vector<std::string> rooms;
  std::vector<std::string> except;
};

/// What a join or a leave changed.
struct room_move {
  bool moved = false;
  bool whole_room = false;  ///< the room came with it, or went
};

class rooms {
 public:
  room_move join(member& who, std::string_view name) {
    const auto found = all_.lower_bound(name);
    const bool there = found != all_.end() && found->first == name;
    room& r = there ? found->second : create(found, name);
    if (std::any_of(who.places_.begin(), who.places_.end(), [&](const auto& p) { return p.in == &r; })) return {};
    who.places_.push_back({&r, r.members.size()});
    r.members.push_back(&who);
    return {true, !there};
  }

  room_move leave(member& who, std::string_view name) {
    for (std::size_t i = 0; i != who.places_.size(); ++i)
      if (who.places_[i].in->name == name) return {true, remove(who, i)};
    return {};
  }

  void leave_all(member& who) {
    while (!who.places_.empty()) remove(who, who.places_.size() - 1);
  }

  std::vector<std::string> of(const member& who) const {
    std::vector<std::string> names;
    for (const member::place& p : who.places_) names.emplace_back(p.in->name);
    return names;
  }

  std::size_t size() const noexcept { return all_.size(); }

  /// Calls `visit(name, how many are in it)` for each room.
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (const auto& [name, r] : all_) visit(name, r.members.size());
  }
  std::size_t size_of(std::string_view name) const {
    const room* r = find(name);
    return r ? r->members.size() : 0;
  }
  template <class Visit>
  void for_each_in(std::string_view name, Visit&& visit) const {
    if (const room* r = find(name))
      for (member* m : r->members) visit(*m);
  }

  /// Calls `visit(member&)` once for each member that `to`, an address or what has one's members, means; `everybody`
  /// are those that no room at all stands for. The visit must not change rooms.
  template <class Address, class Everybody, class Visit>
  void walk(const Address& to, Everybody&& everybody, Visit&& visit) {
    const std::uint64_t skipped = ++marks_, met = ++marks_;
    for (const std::string& name : to.except)
      if (const room* r = find(name))
        for (member* m : r->members) m->mark_ = skipped;
    const auto once = [&](member& m) {
      if (m.mark_ == skipped || m.mark_ == met) return;
      m.mark_ = met;
      visit(m);
    };
    if (to.rooms.empty()) return everybody(once);
    for (const std::string& name : to.rooms)
      if (const room* r = find(name))
        for (member* m : r->members) once(*m);
  }

 private:
  // Sorted, not hashed: names come from users and their clients, and no choice of names makes it slow.
  using map = std::map<std::string, room, std::less<>>;

  const room* find(std::string_view name) const {
    const auto found = all_.find(name);
    return found == all_.end() ? nullptr : &found->second;
  }

  room& create(map::iterator hint, std::string_view name) {
    const auto made = all_.emplace_hint(hint, std::string(name), room{});
    made->second.name = made->first;
    return made->second;
  }

  // The last one takes the place of the one that leaves, on both sides. True if the room went, too.
  bool remove(member& who, std::size_t index) {
    const member::place left = who.places_[index];
    std::vector<member*>& members = left.in->members;
    member* last = members.back();
    members[left.at] = last;
    members.pop_back();
    for (member::place& p : last->places_)
      if (p.in == left.in) p.at = left.at;
    who.places_.erase(who.places_.begin() + static_cast<std::ptrdiff_t>(index));
    if (!members.empty()) return false;
    all_.erase(all_.find(left.in->name));
    return true;
  }

  map all_;
  std::uint64_t marks_ = 0;
};

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
