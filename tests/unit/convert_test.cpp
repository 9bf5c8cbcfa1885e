// C++ types to values and back, and the sentence for what does not fit.
#include <sio/convert.hpp>
#include <support/catch.hpp>

#include <cstdint>

using namespace sio;

namespace app {

struct point {
  double x = 0;
  double y = 0;
};
SIO_FIELDS(point, x, y)

struct shape {
  std::string name;
  std::vector<point> points;
  std::optional<std::string> colour;
  value extra;
};
SIO_FIELDS(shape, name, points, colour, extra)

class account {
 public:
  account() = default;
  explicit account(int balance) : balance_(balance) {}
  int balance() const { return balance_; }

 private:
  int balance_ = 0;
  friend SIO_FIELDS(account, balance_)
};

struct wide {
  int a = 1, b = 2, c = 3, d = 4, e = 5, f = 6, g = 7, h = 8, i = 9, j = 10, k = 11, l = 12, m = 13, n = 14, o = 15,
      p = 16;
  int q = 17, r = 18, s = 19, t = 20, u = 21, v = 22, w = 23, x = 24, y = 25, z = 26, aa = 27, bb = 28, cc = 29,
      dd = 30, ee = 31, ff = 32;
};
SIO_FIELDS(wide, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z, aa, bb, cc, dd, ee, ff)

enum class level : unsigned char { low, high };

struct celsius {
  double degrees;
};

}  // namespace app

template <>
struct sio::convert<app::celsius> {
  static std::optional<app::celsius> from(const value& v, mismatch& why) {
    if (const auto degrees = convert<double>::from(v, why)) return app::celsius{*degrees};
    why.expected = "a temperature";
    return std::nullopt;
  }
  static value to(const app::celsius& x) { return x.degrees; }
};

namespace {

// Why `v` is no T: "value.x: expected a number"; "fits" if it is one.
template <class T>
std::string why_not(const value& v) {
  mismatch why;
  if (convert<T>::from(v, why)) return "fits";
  return why.path + ": " + why.expected;
}

template <class T>
T there_and_back(const T& x) {
  return to_value(x).template as<T>();
}

}  // namespace

TEST_CASE("an integer is exact or refused") {
  CHECK(value(255).as<std::uint8_t>() == 255);
  CHECK(value(255.0).as<std::uint8_t>() == 255);
  CHECK(value(-1.0).as<std::int64_t>() == -1);
  CHECK(value(9223372036854775808.0).as<std::uint64_t>() == 9223372036854775808u);
  CHECK(why_not<std::uint8_t>(256) == ": an integer from 0 to 255");
  CHECK(why_not<std::uint8_t>(256.0) == ": an integer from 0 to 255");
  CHECK(why_not<std::uint64_t>(-1) == ": an integer from 0 to 18446744073709551615");
  CHECK(why_not<std::int64_t>(9223372036854775808.0) ==
        ": an integer from -9223372036854775808 to 9223372036854775807");
  CHECK(why_not<int>(1e300) == ": an integer from -2147483648 to 2147483647");
  CHECK(why_not<int>(0.5) == ": an integer");
  CHECK(why_not<int>("1") == ": an integer");
  CHECK(why_not<int>(true) == ": an integer");
}

TEST_CASE("numbers, booleans and texts do not stand in for each other") {
  CHECK(value(1).as<double>() == 1.0);
  CHECK(why_not<double>("1") == ": a number");
  CHECK(why_not<double>(nullptr) == ": a number");
  CHECK(why_not<bool>(1) == ": a boolean");
  CHECK(why_not<std::string>(1) == ": a string");
  CHECK(why_not<std::nullptr_t>(0) == ": null");
  CHECK(to_value("text") == "text");
  CHECK(to_value(std::string_view("text")) == "text");
  CHECK(to_value(static_cast<const char*>(nullptr)).is_null());
}

TEST_CASE("null and an empty optional are one") {
  CHECK(to_value(std::optional<int>()).is_null());
  CHECK(to_value(std::optional<int>(3)) == 3);
  CHECK(value().as<std::optional<int>>() == std::nullopt);
  CHECK(value(3).as<std::optional<int>>() == 3);
  CHECK(why_not<std::optional<int>>("x") == ": an integer");
}

TEST_CASE("collections travel as arrays and objects") {
  CHECK(there_and_back(std::vector<int>{1, 2}) == std::vector<int>{1, 2});
  CHECK(there_and_back(std::vector<bool>{true, false}) == std::vector<bool>{true, false});
  CHECK(there_and_back(std::array<int, 2>{1, 2}) == std::array<int, 2>{1, 2});
  CHECK(there_and_back(std::map<std::string, int>{{"a", 1}}) == std::map<std::string, int>{{"a", 1}});
  CHECK(there_and_back(std::unordered_map<std::string, int>{{"a", 1}}).at("a") == 1);
  CHECK(there_and_back(std::pair<int, std::string>(1, "a")).second == "a");
  CHECK(there_and_back(std::tuple<int, bool>(1, true)) == std::tuple<int, bool>(1, true));
  CHECK(to_value(std::tuple<>()) == value(array()));
}

TEST_CASE("a mismatch says where it is") {
  using list = std::vector<std::map<std::string, int>>;
  CHECK(why_not<list>(pack_array(object{{"a", 1}}, object{{"b", "x"}})) == "[1].b: an integer");
  CHECK(why_not<list>(pack_array(object{{"a\nb", "x"}})) == "[0].?: an integer");
  CHECK(why_not<std::array<int, 2>>(pack_array(1)) == ": an array of 2");
  CHECK(why_not<std::tuple<int, bool>>(pack_array(1, 2)) == "[1]: a boolean");
  CHECK(why_not<std::pair<int, int>>(pack_array(1)) == ": an array of 2");
}

TEST_CASE("a set is an array whose equal elements are one") {
  CHECK(to_value(std::set<std::string>{"b", "a"}) == value(array{"a", "b"}));
  CHECK(value(array{3, 1, 3}).as<std::set<int>>() == std::set<int>{1, 3});
  CHECK(why_not<std::set<int>>(array{1, "x"}) == "[1]: an integer");
}

#if defined(__cpp_lib_span)
TEST_CASE("a span is sent as a list, bytes as a binary") {
  const int numbers[] = {1, 2, 3};
  const unsigned char bytes[] = {4, 5};
  CHECK(to_value(std::span(numbers)) == value(array{1, 2, 3}));
  CHECK(to_value(std::span<const unsigned char>(bytes)) == value(binary{4, 5}));
}
#endif

TEST_CASE("bytes travel as binary") {
  const std::vector<unsigned char> bytes{1, 0, 255};
  CHECK(to_value(bytes).is_binary());
  CHECK(there_and_back(bytes) == bytes);
  CHECK(there_and_back(std::vector<std::byte>(3)).size() == 3);
  CHECK(there_and_back(std::array<unsigned char, 2>{1, 2}) == std::array<unsigned char, 2>{1, 2});
  CHECK(why_not<std::array<unsigned char, 2>>(binary{1}) == ": a binary of 2 bytes");
  CHECK(why_not<std::vector<unsigned char>>(pack_array(1)) == ": a binary");
}

TEST_CASE("a binary is shared and a text is moved, never copied") {
  const binary b{1, 2};
  CHECK(to_value(b).as<binary>().data() == b.data());
  value v(std::string(100, 'x'));
  const char* const letters = v.if_string()->data();
  CHECK(std::move(v).as<std::string>().data() == letters);
}

TEST_CASE("a struct with SIO_FIELDS is an object") {
  const app::shape s{"triangle", {{1, 2}, {3, 4}}, std::nullopt, 5};
  const value v = to_value(s);
  CHECK(v["points"][1]["x"] == 3.0);
  CHECK(v["colour"].is_null());
  CHECK(v.as<app::shape>().points[1].y == 4);
  CHECK(there_and_back(app::account(7)).balance() == 7);
}

TEST_CASE("unknown members are ignored, missing ones must be optional") {
  const object o{{"name", "dot"}, {"points", array()}, {"size", 4}};
  CHECK(value(o).as<app::shape>().extra.is_null());
  CHECK(why_not<app::point>(object{{"x", 1}}) == ".y: a number");
  CHECK(why_not<app::shape>(object{{"name", "x"}, {"points", pack_array(object{{"x", "1"}})}}) ==
        ".points[0].x: a number");
  CHECK(why_not<app::point>(pack_array(1, 2)) == ": an object");
}

TEST_CASE("a struct may have 32 fields") {
  const value v = to_value(app::wide());
  CHECK(v.if_object()->size() == 32);
  CHECK(v["ff"] == 32);
  CHECK(v.as<app::wide>().ee == 31);
}

TEST_CASE("enumerations travel as integers, reasons as their words") {
  CHECK(to_value(app::level::high) == 1);
  CHECK(value(1).as<app::level>() == app::level::high);
  CHECK(why_not<app::level>(256) == ": an integer from 0 to 255");
  CHECK(to_value(reason::ping_timeout) == "ping timeout");
  CHECK(value("transport close").as<reason>() == reason::transport_close);
  CHECK(why_not<reason>("boredom") == ": a reason for a disconnect");
}

TEST_CASE("a variant takes the first alternative that fits") {
  using either = std::variant<int, std::string>;
  CHECK(value(1).as<either>() == either(1));
  CHECK(value("a").as<either>() == either("a"));
  CHECK(why_not<either>(true) == ": an integer or a string");
  using shape = std::variant<app::point, std::vector<int>>;
  CHECK(why_not<shape>(object{{"x", 1}, {"y", "?"}}) == ": a number at .y or an array");
  CHECK(to_value(either("a")) == "a");
}

TEST_CASE("a type of one's own can say how it travels") {
  CHECK(to_value(app::celsius{36.6}) == 36.6);
  CHECK(value(36.6).as<app::celsius>().degrees == 36.6);
  CHECK(why_not<std::vector<app::celsius>>(pack_array("hot")) == "[0]: a temperature");
}

TEST_CASE("as throws a clear sentence") {
  CHECK_THROWS_WITH(value(object{{"x", "1"}, {"y", 1}}).as<app::point>(), "value.x: expected a number");
  CHECK_THROWS_AS(value().as<int>(), std::invalid_argument);
}
