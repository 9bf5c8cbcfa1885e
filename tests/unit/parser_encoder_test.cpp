// Socket.IO packets as they leave, letter for letter what the JS encoder writes.
#include <sio/parser/decoder.hpp>
#include <sio/parser/encoder.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <support/catch.hpp>
#include <utility>

using sio::array;
using sio::binary;
using sio::object;
using sio::value;
namespace parser = sio::parser;
using parser::packet;
using parser::packet_type;

namespace {

constexpr std::nullopt_t none = std::nullopt;

// `452-["a",…] <01> <02>`: the frames of a packet.
std::string wire(const parser::encoded& e) {
  std::string out(e.head.bytes());
  for (const auto& a : e.attachments) {
    CHECK(a.binary());
    out += " <";
    for (const char c : a.bytes()) out += {'0', static_cast<char>('0' + c)};
    out += '>';
  }
  return out;
}

std::string wire(packet_type type, std::optional<value> data, std::string nsp = "/",
                 std::optional<std::uint64_t> id = none) {
  return wire(parser::encode(packet{type, std::move(nsp), id, std::move(data)}));
}

value deep(int levels) {
  value v(1);
  for (int i = 0; i != levels; ++i) v = value(array{std::move(v)});
  return v;
}

}  // namespace

TEST_CASE("packets are written as the JS encoder writes them") {
  CHECK(wire(packet_type::connect, none) == "40");
  CHECK(wire(packet_type::connect, object{{"token", "123"}}, "/admin") == R"(40/admin,{"token":"123"})");
  CHECK(wire(packet_type::connect, object{{"sid", "x"}}) == R"(40{"sid":"x"})");
  CHECK(wire(packet_type::disconnect, none) == "41");
  CHECK(wire(packet_type::disconnect, none, "/admin") == "41/admin,");
  CHECK(wire(packet_type::event, array{"foo", nullptr, nullptr, std::nan(""), "1970-01-01T00:00:00.000Z"}) ==
        R"(42["foo",null,null,null,"1970-01-01T00:00:00.000Z"])");
  CHECK(wire(packet_type::event, array{value("foo")}, "/", 0) == R"(420["foo"])");
  CHECK(wire(packet_type::event, array{value("a")}, "/admin", 456) == R"(42/admin,456["a"])");
  CHECK(wire(packet_type::ack, array{}, "/", 12) == "4312[]");
  CHECK(wire(packet_type::event, array{"baz", binary{1, 2, 3, 4}}) ==
        R"(451-["baz",{"_placeholder":true,"num":0}] <01020304>)");
  CHECK(wire(packet_type::event, array{"b", object{{"x", array{binary{1}, binary{2}}}}}, "/admin", 7) ==
        R"(452-/admin,7["b",{"x":[{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]}] <01> <02>)");
  CHECK(wire(packet_type::ack, array{value(binary{9})}, "/", 3) == R"(461-3[{"_placeholder":true,"num":0}] <09>)");
  CHECK(wire(packet_type::connect_error, object{{"message", "no"}}) == R"(44{"message":"no"})");
  CHECK(wire(packet_type::connect_error, object{{"message", "no"}, {"data", object{{"code", 1}}}}, "/x") ==
        R"(44/x,{"message":"no","data":{"code":1}})");
}

TEST_CASE("each kind of packet has its own short way") {
  CHECK(wire(parser::encode_event("/", none, "hello", {1, "x"})) == R"(42["hello",1,"x"])");
  CHECK(wire(parser::encode_event("", none, "a\"\n", {})) == R"(42["a\"\n"])");
  CHECK(wire(parser::encode_event("/admin", 456, "a", {})) == R"(42/admin,456["a"])");
  CHECK(wire(parser::encode_event("/", 0, "b", {binary{1}, object{{"c", binary{2}}}})) ==
        R"(452-0["b",{"_placeholder":true,"num":0},{"c":{"_placeholder":true,"num":1}}] <01> <02>)");
  CHECK(wire(parser::encode_ack("/", 12, {})) == "4312[]");
  CHECK(wire(parser::encode_ack("/x", 3, array{value(binary{9})})) ==
        R"(461-/x,3[{"_placeholder":true,"num":0}] <09>)");
  CHECK(wire(parser::encode_connect("/", "x")) == R"(40{"sid":"x"})");
  CHECK(wire(parser::encode_connect("/admin", "x")) == R"(40/admin,{"sid":"x"})");
  CHECK(wire(parser::encode_connect_error("/", "no")) == R"(44{"message":"no"})");
  CHECK(wire(parser::encode_connect_error("/x", "n\"o", value(nullptr))) == R"(44/x,{"message":"n\"o","data":null})");
  CHECK(wire(parser::encode_disconnect("/")) == "41");
  CHECK(wire(parser::encode_disconnect("/admin")) == "41/admin,");
}

TEST_CASE("an attachment shares the buffer of the user's binary") {
  const binary b(std::string(1000, 'x'));
  const parser::encoded e = parser::encode_event("/", none, "a", {b, b});
  REQUIRE(e.attachments.size() == 2);
  CHECK(e.attachments[0].shared() == b.shared());
  CHECK(e.attachments[1].shared() == b.shared());
}

TEST_CASE("an empty binary is an attachment too") {
  CHECK(wire(parser::encode_event("/", none, "a", array{value(binary())})) ==
        R"(451-["a",{"_placeholder":true,"num":0}] <>)");
}

TEST_CASE("a binary outside of events and acks is printed as Node prints a Buffer") {
  CHECK(wire(packet_type::connect, object{{"a", binary{1, 2}}}) == R"(40{"a":{"type":"Buffer","data":[1,2]}})");
  const std::optional<value> data(std::in_place, binary{3});
  CHECK(wire(parser::encode_connect_error("/", "m", data)) ==
        R"(44{"message":"m","data":{"type":"Buffer","data":[3]}})");
}

TEST_CASE("whether a packet is binary is told by its data") {
  CHECK(wire(packet_type::binary_event, array{value("a")}) == R"(42["a"])");
  CHECK(wire(packet_type::binary_ack, array{value(binary{1})}, "/", 1) ==
        R"(461-1[{"_placeholder":true,"num":0}] <01>)");
}

TEST_CASE("a value that nests too deep is the program's mistake") {
  CHECK_THROWS_AS(parser::encode_event("/", none, "a", array{deep(1001)}), std::length_error);
  CHECK_NOTHROW(parser::encode_event("/", none, "a", array{deep(999)}));
}

TEST_CASE("what is written can be read again") {
  const array args{"x", 1, 2.5, binary{1, 2}, object{{"b", array{value(binary{3})}}}, nullptr};
  const parser::encoded e = parser::encode_event("/admin", 9, "event", args);
  parser::decoder decoder;
  std::optional<packet> p = decoder.add(e.head.bytes().substr(1), false);
  for (const auto& a : e.attachments) {
    CHECK_FALSE(p);
    p = decoder.add(a.bytes(), true);
  }
  REQUIRE(p);
  CHECK(p->type == packet_type::event);
  CHECK(p->nsp == "/admin");
  CHECK(p->id == 9);
  array expected = args;
  expected.insert(expected.begin(), value("event"));
  CHECK(*p->data == value(expected));
}
