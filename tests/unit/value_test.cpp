// What values, objects and binaries hold and how they compare.
#include <sio/value.hpp>
#include <support/catch.hpp>

#include <chrono>
#include <limits>

using namespace sio;

TEST_CASE("a value knows its kind") {
  CHECK(value().is_null());
  CHECK(value(true).is_bool());
  CHECK(value(7).is_integer());
  CHECK(value(0.5).type() == value::kind::number);
  CHECK(value("text").is_string());
  CHECK(value(binary{1, 2}).is_binary());
  CHECK(value(array{value(1)}).is_array());
  CHECK(value(object{{"a", 1}}).is_object());
}

TEST_CASE("integers stay exact in 64 signed bits and become doubles above") {
  CHECK(*value(std::numeric_limits<std::int64_t>::max()).if_integer() == std::numeric_limits<std::int64_t>::max());
  CHECK(*value(std::uint64_t{9223372036854775807u}).if_integer() == std::numeric_limits<std::int64_t>::max());
  CHECK(value(std::uint64_t{9223372036854775808u}).if_number() == 9223372036854775808.0);
  CHECK(value(7).if_number() == 7.0);
  CHECK_FALSE(value("7").if_number());
}

TEST_CASE("what is not there reads as null") {
  const value v(object{{"list", array{value(1), value(2)}}});
  CHECK(v["list"][1] == 2);
  CHECK(v["list"][2].is_null());
  CHECK(v["list"]["name"].is_null());
  CHECK(v["other"][0]["deeper"].is_null());
}

TEST_CASE("an object keeps the order of its names") {
  object o{{"b", 1}, {"a", 2}};
  o["c"] = 3;
  o.set("b", 4);
  CHECK(o.begin()[0].first == "b");
  CHECK(o.begin()[0].second == 4);
  CHECK(o.begin()[2].first == "c");
  CHECK(o.erase("a"));
  CHECK_FALSE(o.erase("a"));
  CHECK_FALSE(o.contains("a"));
  CHECK(o.size() == 2);
}

TEST_CASE("of a name given twice the last value stands in the first one's place") {
  const object few{{"a", 1}, {"b", 2}, {"a", 3}};
  CHECK(few == object{{"a", 3}, {"b", 2}});
  CHECK(few.begin()[0].first == "a");

  std::vector<object::member> many;
  for (int i = 0; i != 100; ++i) many.push_back({std::to_string(i % 50), i});
  const object o = object::from_members(many);
  CHECK(o.size() == 50);
  CHECK(o.begin()[7].first == "7");
  CHECK(o["7"] == 57);
}

TEST_CASE("an object of two texts is no list") {
  const object o{{"a", "b"}, {"c", "d"}};
  CHECK(o.size() == 2);
  CHECK(o["c"] == "d");
}

TEST_CASE("a hundred thousand names are sorted out in no time") {
  std::vector<object::member> members;
  for (int i = 0; i != 100'000; ++i) members.push_back({std::to_string(i), i});
  const auto start = std::chrono::steady_clock::now();
  CHECK(object::from_members(std::move(members)).size() == 100'000);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(5));
}

TEST_CASE("objects are equal in whatever order") {
  CHECK(object{{"a", 1}, {"b", 2}} == object{{"b", 2}, {"a", 1}});
  CHECK(object{{"a", 1}, {"b", 2}} != object{{"b", 2}, {"a", 2}});
  CHECK(object{{"a", 1}, {"b", 2}} != object{{"a", 1}, {"c", 2}});
  CHECK(object{{"a", 1}} != object{});
}

TEST_CASE("a copied object is a copy") {
  object a{{"x", 1}};
  object b = a;
  b["x"] = 2;
  CHECK(a["x"] == 1);
  a = std::move(b);
  CHECK(a["x"] == 2);
}

TEST_CASE("a binary's copies share its bytes") {
  const binary a{1, 2, 255};
  const binary b = a;
  CHECK(a.data() == b.data());
  CHECK(b[2] == 255);
  CHECK(binary("ab", 2) == binary(std::string("ab")));
  CHECK(binary().empty());
  CHECK(binary(nullptr, 0) == binary());
  CHECK(binary().begin() == binary().end());
}
