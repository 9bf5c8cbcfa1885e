// Rooms know members, not sockets: joins, leaves, and who a broadcast means.
#include <sio/server/rooms.hpp>
#include <support/catch.hpp>

#include <map>
#include <random>
#include <set>

using namespace sio;

namespace {

struct named : srv::member {
  explicit named(char c) : name(c) {}
  char name;
};

std::string meant(srv::rooms& all, const srv::address& to, std::vector<named*> everybody = {}) {
  std::string names;
  all.walk(
      to,
      [&](auto&& once) {
        for (named* n : everybody) once(*n);
      },
      [&](srv::member& m) { names += static_cast<named&>(m).name; });
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

TEST_CASE("a broadcast means the union of its rooms, each member once, less the excepted") {
  srv::rooms all;
  named a{'a'}, b{'b'}, c{'c'}, d{'d'};
  all.join(a, "x"), all.join(b, "x"), all.join(b, "y"), all.join(c, "y"), all.join(c, "muted");
  CHECK(meant(all, {{"x", "y"}, {}}) == "abc");
  CHECK(meant(all, {{"x", "y"}, {"muted"}}) == "ab");
  CHECK(meant(all, {{"nobody"}, {}}) == "");
  CHECK(meant(all, {{}, {"x"}}, {&a, &b, &c, &d}) == "cd");
  for (named* n : {&a, &b, &c, &d}) all.leave_all(*n);
}

TEST_CASE("joining twice is joining once, and an empty room is gone") {
  srv::rooms all;
  named a{'a'};
  all.join(a, "x"), all.join(a, "x");
  CHECK(all.of(a) == std::vector<std::string>{"x"});
  all.leave(a, "never joined");
  all.leave(a, "x");
  CHECK(all.size() == 0);
}

TEST_CASE("after any order of joins and leaves the rooms agree with a plain model") {
  srv::rooms all;
  std::mt19937 random{3};
  std::vector<std::unique_ptr<named>> people;
  for (char c = 'a'; c != 'i'; ++c) people.push_back(std::make_unique<named>(c));
  std::map<std::string, std::set<char>> model;
  for (int i = 0; i != 2000; ++i) {
    named& who = *people[random() % people.size()];
    const std::string room(1, static_cast<char>('p' + random() % 5));
    if (random() % 2)
      all.join(who, room), model[room].insert(who.name);
    else
      all.leave(who, room), model[room].erase(who.name);
    CHECK(meant(all, {{room}, {}}) == std::string(model[room].begin(), model[room].end()));
  }
  for (auto& p : people) all.leave_all(*p);
  CHECK(all.size() == 0);
}
