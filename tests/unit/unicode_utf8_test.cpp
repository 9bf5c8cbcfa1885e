// Which bytes are UTF-8: the borders of Unicode's table 3-7, at each distance from an eight-byte word.
#include <sio/unicode/utf8.hpp>

#include <support/catch.hpp>

#include <string>
#include <websocketpp/utf8_validator.hpp>

using sio::unicode::is_utf8;
using sio::unicode::to_valid_utf8;

namespace {

bool everywhere(const std::string& text, bool expected) {
  for (std::size_t before = 0; before != 17; ++before)
    for (std::size_t after = 0; after != 17; ++after)
      if (is_utf8(std::string(before, 'a') + text + std::string(after, 'z')) != expected) return false;
  return true;
}

}  // namespace

TEST_CASE("characters of every length are UTF-8") {
  for (const std::string good : {"", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
                                 "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"})
    CHECK(everywhere(good, true));
  CHECK(is_utf8(std::string(1, '\0')));
}

TEST_CASE("overlong forms, surrogates, large, lonely and cut bytes are not UTF-8") {
  for (const std::string bad : {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xed\xbf\xbf",
                                "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xc2", "\xe2\x82",
                                "\xf0\x9f\x98", "\xe2\x28\xa1", "\xf0\x9f\x28\x80"})
    CHECK(everywhere(bad, false));
}

TEST_CASE("all sequences of two bytes, and of a lead and three, agree with websocketpp's validator") {
  std::string text(4, '\0');
  for (unsigned a = 0x7e; a != 256; ++a)
    for (unsigned b = 0; b != 256; ++b)
      for (const unsigned c : {0x00u, 0x7fu, 0x80u, 0xbfu, 0xc0u}) {
        text[0] = static_cast<char>(a), text[1] = static_cast<char>(b), text[2] = text[3] = static_cast<char>(c);
        for (std::size_t n = 1; n <= 4; ++n)
          if (is_utf8(text.substr(0, n)) != websocketpp::utf8_validator::validate(text.substr(0, n)))
            FAIL(a << ' ' << b << ' ' << c << ' ' << n);
      }
}

TEST_CASE("what is no UTF-8 becomes U+FFFD, as TextDecoder does it") {
  const std::string bad = "\xef\xbf\xbd";
  CHECK(to_valid_utf8("a\xff") == "a" + bad);
  CHECK(to_valid_utf8("\xc0\x80") == bad + bad);
  CHECK(to_valid_utf8("\xe2\x82") == bad);
  CHECK(to_valid_utf8("\xe2\x82z") == bad + "z");
  CHECK(to_valid_utf8("\xed\xa0\x80") == bad + bad + bad);
  CHECK(to_valid_utf8("\xf0\x9f\x98") == bad);
  CHECK(to_valid_utf8("\xf4\x90\x80\x80") == bad + bad + bad + bad);
  CHECK(to_valid_utf8("\xf4\x8f\xbf\xbf") == "\xf4\x8f\xbf\xbf");
}
