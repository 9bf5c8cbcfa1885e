// Values as MessagePack: byte for byte what notepack.io writes, and everything that it reads.
#include <sio/msgpack/reader.hpp>
#include <sio/msgpack/writer.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <support/catch.hpp>
#include <support/hex.hpp>
#include <utility>

using sio::array;
using sio::binary;
using sio::object;
using sio::value;
using support::from_hex;
using support::to_hex;

namespace {

std::string written(const value& v) {
  std::string out;
  sio::msgpack::write(out, v);
  return to_hex(out);
}

std::optional<value> read(std::string_view hex, std::size_t depth = 100) {
  return sio::msgpack::read(from_hex(hex), depth);
}

// Both ways: `hex` is how `v` is written and reads as it.
void check_both(const value& v, std::string_view hex) {
  CAPTURE(hex);
  CHECK(written(v) == hex);
  CHECK(read(hex) == v);
}

value lists(int levels) {
  value v = array();
  for (int i = 1; i != levels; ++i) v = array{value(std::move(v))};
  return v;
}

}  // namespace

TEST_CASE("MessagePack has the bytes of notepack") {
  check_both(nullptr, "c0");
  check_both(true, "c3");
  check_both(false, "c2");
  check_both(std::int64_t{1} << 40, "cf 00 00 01 00 00 00 00 00");
  check_both(-5, "fb");
  check_both(-(std::int64_t{1} << 40), "d3 ff ff ff 00 00 00 00 00");
  check_both(1.5, "cb 3f f8 00 00 00 00 00 00");
  check_both(0.5, "cb 3f e0 00 00 00 00 00 00");
  check_both("\xc3\xa9", "a2 c3 a9");
  check_both(binary{1}, "c4 01 01");
  check_both(std::int64_t{9007199254740992}, "cf 00 20 00 00 00 00 00 00");
  check_both(array(), "90");
  check_both(object(), "80");
  check_both(object{{"a", array{1, "b"}}}, "81 a1 61 92 01 a1 62");
  CHECK(written(std::nan("")) == "cb 7f f8 00 00 00 00 00 00");
}

TEST_CASE("an integer takes as few bytes as it can") {
  check_both(0, "00");
  check_both(127, "7f");
  check_both(128, "cc 80");
  check_both(255, "cc ff");
  check_both(256, "cd 01 00");
  check_both(65535, "cd ff ff");
  check_both(65536, "ce 00 01 00 00");
  check_both(4294967295, "ce ff ff ff ff");
  check_both(4294967296, "cf 00 00 00 01 00 00 00 00");
  check_both(std::numeric_limits<std::int64_t>::max(), "cf 7f ff ff ff ff ff ff ff");
  check_both(-1, "ff");
  check_both(-32, "e0");
  check_both(-33, "d0 df");
  check_both(-128, "d0 80");
  check_both(-129, "d1 ff 7f");
  check_both(-32768, "d1 80 00");
  check_both(-32769, "d2 ff ff 7f ff");
  check_both(std::numeric_limits<std::int32_t>::min(), "d2 80 00 00 00");
  check_both(std::int64_t{-2147483649}, "d3 ff ff ff ff 7f ff ff ff");
  check_both(std::numeric_limits<std::int64_t>::min(), "d3 80 00 00 00 00 00 00 00");
}

TEST_CASE("a whole double goes as an integer, as JS knows only one kind of number") {
  CHECK(written(3.0) == "03");
  CHECK(written(-0.0) == "00");
  CHECK(written(-33.0) == "d0 df");
  CHECK(written(9223372036854775808.0) == "cf 80 00 00 00 00 00 00 00");
  CHECK(written(18446744073709551616.0) == "cb 43 f0 00 00 00 00 00 00");
  CHECK(written(-1e300) == "cb fe 37 e4 3c 88 00 75 9c");
  CHECK(written(std::numeric_limits<double>::infinity()) == "cb 7f f0 00 00 00 00 00 00");
}

TEST_CASE("an unsigned integer past 63 bits is read as a double") {
  CHECK(read("cf ff ff ff ff ff ff ff ff") == value(18446744073709551615.0));
  CHECK(read("cf 80 00 00 00 00 00 00 00") == value(9223372036854775808.0));
}

TEST_CASE("texts, binaries, lists and objects of every length come back") {
  for (const std::size_t size : {0u, 1u, 15u, 16u, 31u, 32u, 255u, 256u, 65535u, 65536u}) {
    CAPTURE(size);
    array elements(size, value(7));
    std::vector<object::member> members;
    for (std::size_t i = 0; i != size; ++i) members.push_back({std::to_string(i), value(i)});
    for (const value& v : {value(std::string(size, 'x')), value(binary(std::string(size, 'x'))), value(elements),
                           value(object::from_members(members))}) {
      std::string bytes;
      sio::msgpack::write(bytes, v);
      CHECK(sio::msgpack::read(bytes, 1) == v);
    }
  }
  CHECK(written(std::string(32, 'x')).substr(0, 5) == "d9 20");
  CHECK(written(std::string(256, 'x')).substr(0, 8) == "da 01 00");
  CHECK(written(binary(std::string(256, 'x'))).substr(0, 8) == "c5 01 00");
  CHECK(written(array(16)).substr(0, 8) == "dc 00 10");
  CHECK(written(array(65536)).substr(0, 14) == "dd 00 01 00 00");
}

TEST_CASE("a longer form than needed is read as well") {
  CHECK(read("d9 01 61") == value("a"));
  CHECK(read("db 00 00 00 01 61") == value("a"));
  CHECK(read("c6 00 00 00 01 61") == value(binary{'a'}));
  CHECK(read("dd 00 00 00 01 c3") == value(array{value(true)}));
  CHECK(read("df 00 00 00 01 a1 61 01") == value(object{{"a", 1}}));
  CHECK(read("d3 00 00 00 00 00 00 00 01") == value(1));
  CHECK(read("ca 3f 00 00 00") == value(0.5));
}

TEST_CASE("what JS has and JSON has not arrives as it would from JSON") {
  CHECK(read("91 d4 00 00") == value(array{value(nullptr)}));
  CHECK(read("82 a1 61 d4 00 00 a1 62 01") == value(object{{"b", 1}}));
  CHECK(read("d4 00 00") == value(nullptr));
  CHECK(read("d7 00 00 00 01 9a d0 08 34 9c") == value("2025-11-29T14:33:10.044Z"));
  CHECK(read("d7 00 ff ff ff ff ff ff ff ff") == value("1969-12-31T23:59:59.999Z"));
  CHECK(read("d7 00 7f ff ff ff ff ff ff ff") == value(nullptr));
  CHECK(read("c7 02 00 01 02") == value(binary{1, 2}));
  CHECK(read("c8 00 02 00 01 02") == value(binary{1, 2}));
  CHECK(read("c9 00 00 00 02 00 01 02") == value(binary{1, 2}));
}

TEST_CASE("MessagePack's own timestamp is a text, too, and other extensions are a pair") {
  CHECK(read("d6 ff 00 00 00 00") == value("1970-01-01T00:00:00.000Z"));
  CHECK(read("d7 ff 1d 53 53 00 65 53 f1 00") == value("2023-11-14T22:13:20.123Z"));
  CHECK(read("c7 0c ff 00 00 00 00 ff ff ff ff ff ff ff ff") == value("1969-12-31T23:59:59.000Z"));
  CHECK(read("c7 0c ff 00 00 00 00 7f ff ff ff ff ff ff ff") == value(nullptr));
  CHECK(read("d5 07 01 02") == value(array{7, binary{1, 2}}));
  CHECK(read("d4 fe 01") == value(array{-2, binary{1}}));
  CHECK(read("c7 00 07") == value(array{7, binary()}));
  CHECK(read("d8 80 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00") ==
        value(array{-128, binary(std::string(16, '\0'))}));
}

TEST_CASE("names are texts, or integers that become texts") {
  CHECK(read("82 05 a1 61 ff a1 62") == value(object{{"5", "a"}, {"-1", "b"}}));
  CHECK(read("82 a1 61 01 a1 61 02") == value(object{{"a", 2}}));
  for (const char* bad : {"81 c0 01", "81 90 01", "81 80 01", "81 c4 01 61 01", "81 cb 3f f8 00 00 00 00 00 00 01"}) {
    CAPTURE(bad);
    CHECK_FALSE(read(bad));
  }
}

TEST_CASE("wrong UTF-8 becomes U+FFFD both ways, as in Node") {
  CHECK(read("a2 61 ff") == value("a\xEF\xBF\xBD"));
  CHECK(written("a\xff") == "a4 61 ef bf bd");
}

TEST_CASE("cut off anywhere, and with a byte too many, it is nothing") {
  const std::string whole = from_hex(
      "de 00 0a a1 61 dc 00 02 cb 3f f8 00 00 00 00 00 00 ca 3f 00 00 00 a1 62 da 00 01 78 a1 63 c5 00 01 79 a1 64 "
      "d3 ff ff ff ff 7f ff ff ff a1 65 d7 ff 1d 53 53 00 65 53 f1 00 a1 66 c7 02 00 01 02 a1 67 df 00 00 00 01 a1 68 "
      "db 00 00 00 01 7a a1 69 c6 00 00 00 01 61 a1 6a d2 80 00 00 00 a1 6b cd 01 00");
  CHECK(sio::msgpack::read(whole, 100));
  for (std::size_t size = 0; size != whole.size(); ++size) CHECK_FALSE(sio::msgpack::read(whole.substr(0, size), 100));
  CHECK_FALSE(sio::msgpack::read(whole + '\xc0', 100));
  CHECK_FALSE(read("c1"));
}

TEST_CASE("nothing is allocated for a length that is only announced") {
  for (const char* liar : {"dd ff ff ff ff", "df ff ff ff ff", "db ff ff ff ff", "c6 ff ff ff ff", "c9 ff ff ff ff 00",
                           "dd ff ff ff ff c0 c0", "dc ff ff dc ff ff dc ff ff", "8f a1 61 01"}) {
    CAPTURE(liar);
    CHECK_FALSE(read(liar));
  }
}

TEST_CASE("depth has a bound both ways") {
  const auto nested = [](std::size_t levels) { return std::string(levels, '\x91') + '\xc0'; };
  CHECK(sio::msgpack::read(nested(100), 100));
  CHECK_FALSE(sio::msgpack::read(nested(101), 100));
  CHECK_FALSE(sio::msgpack::read(nested(1'000'000), 100));
  CHECK_FALSE(sio::msgpack::read(std::string(100'000, '\x81'), 100));
  std::string out;
  sio::msgpack::write(out, lists(1000));
  CHECK_THROWS_AS(sio::msgpack::write(out, lists(1010)), std::length_error);
}
