// JSON text to values and back: what is accepted, and letter for letter what JSON.stringify prints.
#include <sio/json/reader.hpp>
#include <sio/json/writer.hpp>
#include <support/catch.hpp>

#include <chrono>
#include <cmath>
#include <limits>

using namespace sio;

namespace {

// The text that a text is printed as after it was parsed; "refused" if it was not.
std::string reprinted(std::string_view text, std::size_t max_depth = 100) {
  const std::optional<value> v = json::parse(text, max_depth);
  return v ? json::to_text(*v) : "refused";
}

array pack_one(value v) {
  array out;
  out.push_back(std::move(v));
  return out;
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

std::chrono::steady_clock::duration time_to_parse(const std::string& text) {
  const auto start = std::chrono::steady_clock::now();
  (void)json::parse(text);
  return std::chrono::steady_clock::now() - start;
}

}  // namespace

TEST_CASE("every kind of JSON value is read") {
  CHECK(json::parse("null") == value());
  CHECK(json::parse("true") == value(true));
  CHECK(json::parse(" -7\t\r\n") == value(-7));
  CHECK(json::parse("0.5") == value(0.5));
  CHECK(json::parse(R"("a\"\\\/\b\f\n\r\t\u00e4")") == value("a\"\\/\b\f\n\r\t\xC3\xA4"));
  CHECK(json::parse(R"(["x",{"a":1,"b":[]},{}])") == value(array{"x", object{{"a", 1}, {"b", array()}}, object()}));
}

TEST_CASE("what JSON.parse refuses is refused") {
  for (const char* text : {"",
                           " ",
                           "[1]x",
                           "[1,]",
                           "{\"a\":1,}",
                           "{a:1}",
                           "{\"a\"}",
                           "{\"a\":}",
                           "{1:2}",
                           "[",
                           "]",
                           "[}",
                           "{]",
                           "01",
                           "1.",
                           ".5",
                           "+1",
                           "-",
                           "1e",
                           "0x1",
                           "NaN",
                           "Infinity",
                           "'a'",
                           "\"a",
                           "\"\\x\"",
                           "\"\\u12g4\"",
                           "\"\n\"",
                           "\"\x1f\"",
                           "nul",
                           "True",
                           "/**/1",
                           "1 2",
                           "\"\\",
                           "\"\\u",
                           "\"\\ud800\\u",
                           "\"\\ud8ud\"",
                           "\"\\udc0\"",
                           "\xEF\xBB\xBF"
                           "1",
                           "\\u0031",
                           "\\"}) {
    CAPTURE(text);
    CHECK_FALSE(json::parse(text));
  }
}

TEST_CASE("each cut of a text is refused") {
  const std::string text = R"({"a":["x\ud83d\ude00",true,{"b":1.5e3}]})";
  for (std::size_t size = 0; size != text.size(); ++size) CHECK_FALSE(json::parse(text.substr(0, size)));
  CHECK(json::parse(text));
}

TEST_CASE("NUL is no end of the text") {
  CHECK_FALSE(json::parse(std::string_view("[1]\0", 4)));
  CHECK_FALSE(json::parse(std::string_view("[1]\0x", 5)));
  CHECK_FALSE(json::parse(std::string_view("\"a\0b\"", 5)));
  CHECK(json::parse(R"("a\u0000b")") == value(std::string("a\0b", 3)));
}

TEST_CASE("depth is bounded") {
  CHECK(json::parse(nested(100)));
  CHECK_FALSE(json::parse(nested(101)));
  CHECK(json::parse("[[]]", 2));
  CHECK_FALSE(json::parse(R"([{"a":[]}])", 2));
  CHECK(json::parse("[[],[],{},[]]", 2));
  CHECK(json::parse("1", 0));
  CHECK_FALSE(json::parse(std::string(200'000, '[')));
  CHECK(json::parse(nested(1000), 1'000'000));
  CHECK_FALSE(json::parse(nested(1001), 1'000'000));
}

TEST_CASE("integers of 64 bits stay exact, larger ones are rounded, too large numbers refused") {
  CHECK(json::parse("9007199254740993") == value(9007199254740993));
  CHECK(json::parse("9223372036854775807") == value(std::numeric_limits<std::int64_t>::max()));
  CHECK(json::parse("-9223372036854775808") == value(std::numeric_limits<std::int64_t>::min()));
  CHECK(json::parse("9223372036854775808") == value(9223372036854775808.0));
  CHECK(json::parse("-9223372036854775809") == value(-9223372036854775808.0));
  CHECK(json::parse("1.7976931348623157e308") == value(std::numeric_limits<double>::max()));
  CHECK(json::parse("1e-400") == value(0.0));
  CHECK(json::parse("0." + std::string(400, '0') + "1") == value(0.0));
  CHECK(json::parse("0." + std::string(399, '0') + "1e400") == value(1.0));
  CHECK(json::parse("1e-99999999999999999999") == value(0.0));
  CHECK(json::parse("1" + std::string(400, '0') + "e-400") == std::nullopt);  // the reader counts digits first
  CHECK_FALSE(json::parse("1e400"));
  CHECK_FALSE(json::parse("-1e400"));
}

TEST_CASE("of a name given twice the last value wins in the first one's place") {
  CHECK(reprinted(R"({"a":1,"b":2,"a":3})") == R"({"a":3,"b":2})");
  CHECK(reprinted(R"({"__proto__":1,"":2})") == R"({"__proto__":1,"":2})");
}

TEST_CASE("half a surrogate pair becomes U+FFFD") {
  CHECK(reprinted(R"("\ud800")") == "\"\uFFFD\"");
  CHECK(reprinted(R"("\uDC00x")") == "\"\uFFFDx\"");
  CHECK(reprinted(R"("\ud800\ud83d\ude00")") == "\"\uFFFD\U0001F600\"");
  CHECK(reprinted(R"("\ude00\ud83d")") == "\"\uFFFD\uFFFD\"");
  CHECK(reprinted(R"({"\udfff":"\uDBFF\u0041"})") ==
        "{\"\uFFFD\":\"\uFFFD"
        "A\"}");
  CHECK(reprinted(R"("\\ud800")") == R"("\\ud800")");
  CHECK(reprinted(R"("\\\ud800")") == "\"\\\\\uFFFD\"");
}

TEST_CASE("bytes that are no UTF-8 are refused") {
  for (const char* bytes :
       {"\xED\xA0\x80", "\xC3", "\xFF", "\x80", "\xC0\x80", "\xE0\x80\x80", "\xF4\x90\x80\x80", "\xF8"}) {
    CAPTURE(bytes);
    CHECK_FALSE(json::parse('"' + std::string(bytes) + '"'));
  }
  CHECK(reprinted("\"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\"") == "\"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\"");
}

TEST_CASE("numbers print as in JavaScript") {
  const std::pair<double, const char*> cases[] = {{1.0, "1"},
                                                  {-0.0, "0"},
                                                  {0.1, "0.1"},
                                                  {-1.5, "-1.5"},
                                                  {100.0, "100"},
                                                  {123.456, "123.456"},
                                                  {1e20, "100000000000000000000"},
                                                  {1e21, "1e+21"},
                                                  {1.5e21, "1.5e+21"},
                                                  {123456789012345680000.0, "123456789012345680000"},
                                                  {1e-6, "0.000001"},
                                                  {1.5e-6, "0.0000015"},
                                                  {1e-7, "1e-7"},
                                                  {1.25e-7, "1.25e-7"},
                                                  {5e-324, "5e-324"},
                                                  {1.7976931348623157e308, "1.7976931348623157e+308"},
                                                  {18446744073709551616.0, "18446744073709552000"},
                                                  {0.1 + 0.2, "0.30000000000000004"},
                                                  {std::nan(""), "null"},
                                                  {std::numeric_limits<double>::infinity(), "null"},
                                                  {-std::numeric_limits<double>::infinity(), "null"}};
  for (const auto& [number, text] : cases) CHECK(json::to_text(number) == text);
  CHECK(json::to_text(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
}

TEST_CASE("texts are escaped as JSON.stringify does") {
  CHECK(json::to_text(std::string("\"\\/\b\f\n\r\t\v\0\x1f\x7f", 12)) ==
        "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u000b\\u0000\\u001f\x7F\"");
  CHECK(json::to_text("\u2028\u2029\u00e4") == "\"\u2028\u2029\u00e4\"");
}

TEST_CASE("what is printed is UTF-8 whatever the text was") {
  CHECK(json::to_text("a\xFF"
                      "b") ==
        "\"a\uFFFD"
        "b\"");
  CHECK(json::to_text("\xED\xA0\x80") == "\"\uFFFD\uFFFD\uFFFD\"");
  CHECK(json::to_text("\xE2\x82") == "\"\uFFFD\"");
  CHECK(json::to_text("\xF0\x9F\x98\"") == "\"\uFFFD\\\"\"");
  CHECK(json::to_text(object{{"\xC3", 1}}) == "{\"\uFFFD\":1}");
}

TEST_CASE("binaries leave placeholders, or print as Node's Buffers") {
  const array args{"x", binary{1, 2}, object{{"deep", pack_one(binary{3})}}};
  std::string text = "5";
  std::vector<binary> attachments;
  json::write(text, args, &attachments);
  CHECK(text == R"(5["x",{"_placeholder":true,"num":0},{"deep":[{"_placeholder":true,"num":1}]}])");
  CHECK(attachments == std::vector<binary>{{1, 2}, {3}});
  CHECK(attachments[0].data() == args[1].if_binary()->data());
  CHECK(json::to_text(binary{1, 255}) == R"({"type":"Buffer","data":[1,255]})");
}

TEST_CASE("a value of a program's own that nests too deep is refused") {
  value v;
  for (std::size_t i = 0; i != json::max_written_depth; ++i) v = pack_one(std::move(v));
  CHECK(json::to_text(v).size() == 2 * json::max_written_depth + 4);
  std::string out;
  CHECK_THROWS_WITH(json::write(out, pack_one(v)), "sio: a value nests deeper than 1000 levels");
}

TEST_CASE("time grows with the text, not with its square") {
  using std::chrono::seconds;
  std::string names = "{\"0\":0";
  for (int i = 0; i != 100'000; ++i) names += ",\"" + std::to_string(i % 70'000) + "\":1";
  CHECK(time_to_parse(names + "}") < seconds(5));
  std::string halves = "\"";
  for (int i = 0; i != 100'000; ++i) halves += "\\ud800";
  CHECK(time_to_parse(halves + "\"") < seconds(5));
  CHECK(time_to_parse(std::string(1'000'000, '1')) < seconds(5));
  CHECK(time_to_parse("0." + std::string(1'000'000, '0') + "1") < seconds(5));
  CHECK(time_to_parse("1e" + std::string(1'000'000, '1')) < seconds(5));
  CHECK(time_to_parse("[1e-" + std::string(1'000'000, '9') + "]") < seconds(5));
}
