// Base64 against what Node's Buffer answered.
#include <sio/eio/base64.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <support/catch.hpp>

namespace base64 = sio::eio::base64;

namespace {

std::string encoded(std::string_view bytes) {
  std::string out;
  base64::encode(out, bytes);
  return out;
}

std::string decoded(std::string_view text) {
  std::string out;
  base64::decode(out, text);
  return out;
}

std::string hex(std::string_view bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

}  // namespace

TEST_CASE("base64 is written with the standard alphabet and padding") {
  CHECK(encoded("") == "");
  CHECK(encoded("f") == "Zg==");
  CHECK(encoded("fo") == "Zm8=");
  CHECK(encoded("foo") == "Zm9v");
  CHECK(encoded("foob") == "Zm9vYg==");
  CHECK(encoded("fooba") == "Zm9vYmE=");
  CHECK(encoded("foobar") == "Zm9vYmFy");
  CHECK(encoded(std::string_view("\x00\x00\x00", 3)) == "AAAA");
  CHECK(encoded("\xFF\xEF\xBE\xFB") ==
        "/+++"
        "+w==");
}

TEST_CASE("base64 is appended to what is there") {
  std::string text = "b";
  base64::encode(text, "foo");
  CHECK(text == "bZm9v");
  std::string bytes = "x";
  base64::decode(bytes, "Zm9v");
  CHECK(bytes == "xfoo");
}

TEST_CASE("base64 is read as Node's Buffer reads it") {
  struct row {
    std::string_view text;
    const char* bytes;
  };
  const row rows[] = {
      {"", ""},
      {"A", ""},
      {"AQ", "01"},
      {"AQI", "0102"},
      {"AQID", "010203"},
      {"AQIDB", "010203"},
      {"AQ==", "01"},
      {"AQ=", "01"},
      {"AQI=", "0102"},
      {"AR==", "01"},
      {"A===", ""},
      {"=AQID", ""},
      {"A=QID", ""},
      {"AQ==AQID", "01"},
      {"AQI=D", "0102"},
      {"AQID=AAA", "010203"},
      {"AB==CD", "00"},
      {"AB=C", "00"},
      {"ABC=DEF", "0010"},
      {"ABCDE=", "001083"},
      {"AQIDBA==AQ", "01020304"},
      {"!!", ""},
      {"AQ!!ID", "010203"},
      {"A Q\nI D", "010203"},
      {{"\0AQ", 3}, "01"},
      {"AQ\xE2\x82\xACID", "010203"},
      {"+/+/", "fbffbf"},
      {"-_-_", "fbffbf"},
      {"////", "ffffff"},
  };
  for (const row& r : rows) {
    INFO(r.text);
    CHECK(hex(decoded(r.text)) == r.bytes);
  }
}

TEST_CASE("base64 gives every byte back at every length") {
  std::string bytes;
  for (int i = 0; i != 260; ++i) {
    const std::string text = encoded(bytes);
    REQUIRE(text.size() == base64::encoded_size(bytes.size()));
    REQUIRE(decoded(text) == bytes);
    bytes += static_cast<char>(i);
  }
}
