// nlohmann::json in handlers and emits, where that library is installed.
#if __has_include(<nlohmann/json.hpp>)
#include <sio/handler.hpp>
#include <sio/nlohmann.hpp>
#include <support/catch.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace sio;
using nlohmann::json;
using nlohmann::ordered_json;

namespace {

const value everything = object{{"z", nullptr},
                                {"a", true},
                                {"i", -7},
                                {"d", 1.5},
                                {"s", "\xc3\xa9"},
                                {"b", binary{1, 2}},
                                {"l", array{1, array(), object()}}};

json nested(int levels) {
  json j = 1;
  for (int i = 0; i != levels; ++i) {
    json outer = json::array();
    outer.push_back(std::move(j));
    j = std::move(outer);
  }
  return j;
}

}  // namespace

TEST_CASE("a value becomes a json and the same value again") {
  const auto j = everything.as<json>();
  CHECK(j["i"] == -7);
  CHECK(j["b"] == json::binary({1, 2}));
  CHECK(j["l"][0] == 1);
  CHECK(to_value(j) == everything);
}

TEST_CASE("an ordered_json keeps the order") {
  const auto j = everything.as<ordered_json>();
  CHECK(j.begin().key() == "z");
  const value back = to_value(j);
  REQUIRE(back == everything);
  CHECK(back.if_object()->begin()->first == "z");
}

TEST_CASE("a json's numbers stay what they are") {
  CHECK(to_value(json(std::numeric_limits<std::int64_t>::min())) == value(std::numeric_limits<std::int64_t>::min()));
  CHECK(to_value(json(std::uint64_t{7})) == value(7));
  CHECK(to_value(json(std::numeric_limits<std::uint64_t>::max())) == value(18446744073709551615.0));
  CHECK(to_value(json(1.5)) == value(1.5));
  CHECK(to_value(json(json::value_t::discarded)) == value());
}

TEST_CASE("a json too deep is refused both ways") {
  CHECK(to_value(nested(1000)).is_array());
  CHECK_THROWS_AS(to_value(nested(1001)), std::length_error);
  value deep = 1;
  for (int i = 0; i != 1001; ++i) deep = array{value(std::move(deep))};
  CHECK_THROWS_AS(deep.as<json>(), std::invalid_argument);
}

TEST_CASE("a handler takes jsons and answers with one") {
  const handler run = make_handler([](json j, std::vector<json> more, std::optional<json> none) {
    return json{{"x", j["x"]}, {"more", more.size()}, {"none", !none}};
  });
  array answer;
  event_call call{{object{{"x", 1}}, array{2, 3}}, ack([&](array a) { answer = std::move(a); }), nullptr};
  CHECK_FALSE(run(call));
  CHECK(answer == array{value(object{{"more", 2}, {"none", true}, {"x", 1}})});
}
#endif
