// Polls as scripts, posts as forms.
#include <sio/server/jsonp.hpp>

#include <support/catch.hpp>

namespace jsonp = sio::srv::jsonp;

TEST_CASE("of what a client calls its script only the digits are kept") {
  CHECK(jsonp::index("12") == "12");
  CHECK(jsonp::index("") == "");
  CHECK(jsonp::index("1](alert(1));//") == "11");
  CHECK(jsonp::index("alert") == "");
  CHECK(jsonp::index("٣") == "");
}

TEST_CASE("a payload becomes a script that no payload can leave") {
  CHECK(jsonp::wrap("0", "1:6") == "___eio[0](\"1:6\");");
  CHECK(jsonp::wrap("", "a\"b\\c\n</script>") == "___eio[](\"a\\\"b\\\\c\\n</script>\");");
  CHECK(jsonp::wrap("1", "€\u2028x\u2029y\u2027z\u20ac") == "___eio[1](\"€\\u2028x\\u2029y\u2027z\u20ac\");");
  CHECK(jsonp::wrap("1", "\u2029") == "___eio[1](\"\\u2029\");");
  CHECK(jsonp::wrap("1", "\u2028\u2028") == "___eio[1](\"\\u2028\\u2028\");");
}

TEST_CASE("the payload of a form is its field d") {
  CHECK(jsonp::unwrap("d=1%3A2") == "1:2");
  CHECK(jsonp::unwrap("d=4a+b%2B%E2%82%AC") == "4a b+€");
  CHECK(jsonp::unwrap("x=1&d=2&y=3") == "2");
  CHECK(jsonp::unwrap("d=") == "");
  CHECK(jsonp::unwrap("d=a=b") == "a=b");
}

TEST_CASE("a form without the field, or with two of it, has no payload") {
  CHECK_FALSE(jsonp::unwrap(""));
  CHECK_FALSE(jsonp::unwrap("1:2"));
  CHECK_FALSE(jsonp::unwrap("D=1%3A2"));
  CHECK_FALSE(jsonp::unwrap("d=1&d=2"));
}

TEST_CASE("a form's \\n is a line end, its \\\\n a backslash and an n") {
  CHECK(jsonp::unwrap("d=a\\nb") == "a\nb");
  CHECK(jsonp::unwrap("d=a\\\\nb") == "a\\nb");
  CHECK(jsonp::unwrap("d=a\\\\\\nb") == "a\\\\nb");
  CHECK(jsonp::unwrap("d=\\\\n\\n") == "\\n\n");
  CHECK(jsonp::unwrap("d=a\\tb\\") == "a\\tb\\");
}
