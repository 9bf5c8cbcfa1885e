// Structs and enumerations whose parts travel under names of the user's choice.
#include <sio/convert.hpp>
#include <support/catch.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace sio;

namespace gallery {

enum class color { red, green, blue };
SIO_ENUM(color, red, (green, "Green"), blue)

enum level : unsigned char { low, high };
SIO_ENUM(level, low, high)

struct pixel {
  int x = 0, y = 0;
  color paint = color::red;
};
SIO_FIELDS(pixel, x, (y, "the y"), paint)

struct picture {
  std::string id;
  std::vector<pixel> pixels;
  std::optional<color> background;
};
SIO_FIELDS(picture, (id, "_id"), pixels, (background, "class"))

class secret {
 public:
  secret() = default;
  explicit secret(int n) : n_(n) {}
  int n() const { return n_; }
  enum class mode { on, off };
  friend SIO_ENUM(mode, (on, "yes"), (off, "no"))

      private : int n_ = 0;
  friend SIO_FIELDS(secret, (n_, "n"))
};

}  // namespace gallery

namespace {

template <class T>
std::string why_not(value v) {
  try {
    return std::move(v).as<T>(), "";
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
}

}  // namespace

TEST_CASE("an enumeration with SIO_ENUM travels as a name") {
  CHECK(to_value(gallery::color::red) == value("red"));
  CHECK(to_value(gallery::color::green) == value("Green"));
  CHECK(to_value(gallery::low) == value("low"));
  CHECK(to_value(gallery::secret::mode::off) == value("no"));
  CHECK(value("blue").as<gallery::color>() == gallery::color::blue);
  CHECK(value("Green").as<gallery::color>() == gallery::color::green);
  CHECK(value("yes").as<gallery::secret::mode>() == gallery::secret::mode::on);
}

TEST_CASE("other names and numbers are no enumerators, and the sentence names those that are") {
  for (const value& v : {value("green"), value("RED"), value(""), value(0), value()})
    CHECK(why_not<gallery::color>(v) == "value: expected one of \"red\", \"Green\", \"blue\"");
}

TEST_CASE("an enumeration's value without a name is sent as its integer") {
  CHECK(to_value(static_cast<gallery::color>(7)) == value(7));
}

TEST_CASE("a field may travel under another name") {
  const value sent = to_value(gallery::picture{"p1", {{1, 2, gallery::color::blue}}, gallery::color::red});
  const value expected = object{
      {"_id", "p1"}, {"pixels", array{value(object{{"x", 1}, {"the y", 2}, {"paint", "blue"}})}}, {"class", "red"}};
  CHECK(sent == expected);
  const auto back = sent.as<gallery::picture>();
  CHECK(back.id == "p1");
  CHECK(back.pixels.at(0).y == 2);
  CHECK(back.background == gallery::color::red);
  CHECK(to_value(gallery::secret(3)) == value(object{{"n", 3}}));
  CHECK(value(object{{"n", 4}}).as<gallery::secret>().n() == 4);
}

TEST_CASE("a mismatch names the field as it travels") {
  const value pixel = object{{"x", 1}, {"the y", "two"}, {"paint", "red"}};
  CHECK(why_not<gallery::picture>(object{{"_id", "p"}, {"pixels", array{value(pixel)}}}) ==
        "value.pixels[0].the y: expected an integer");
  CHECK(why_not<gallery::picture>(object{{"id", "p"}}) == "value._id: expected a string");
}
