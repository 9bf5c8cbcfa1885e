// Packets in MessagePack: the vectors of npm socket.io-msgpack-parser, and its refusals.
#include <sio/msgpack/packets.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <support/catch.hpp>
#include <support/hex.hpp>

using sio::array;
using sio::binary;
using sio::object;
using sio::packet;
using sio::packet_type;
using sio::value;
using support::from_hex;
using support::to_hex;

namespace {

struct vector {
  packet p;
  std::string hex;
};

const vector vectors[] = {
    {{packet_type::connect, "/", {}, {}}, "82 a4 74 79 70 65 00 a3 6e 73 70 a1 2f"},
    {{packet_type::connect, "/", {}, value(object{{"sid", "x"}})},
     "83 a4 74 79 70 65 00 a3 6e 73 70 a1 2f a4 64 61 74 61 81 a3 73 69 64 a1 78"},
    {{packet_type::event, "/", {}, value(array{"foo", binary{1, 2}})},
     "83 a4 74 79 70 65 02 a3 6e 73 70 a1 2f a4 64 61 74 61 92 a3 66 6f 6f c4 02 01 02"},
    {{packet_type::event, "/a", 3, value(array{value("foo")})},
     "84 a4 74 79 70 65 02 a3 6e 73 70 a2 2f 61 a4 64 61 74 61 91 a3 66 6f 6f a2 69 64 03"},
    {{packet_type::ack, "/", 3, value(array{value("ok")})},
     "84 a4 74 79 70 65 03 a3 6e 73 70 a1 2f a4 64 61 74 61 91 a2 6f 6b a2 69 64 03"},
    {{packet_type::connect_error, "/", {}, value(object{{"message", "Invalid namespace"}})},
     "83 a4 74 79 70 65 04 a3 6e 73 70 a1 2f a4 64 61 74 61 81 a7 6d 65 73 73 61 67 65 b1 49 6e 76 61 6c 69 64 20 6e "
     "61 6d 65 73 70 61 63 65"},
    {{packet_type::disconnect, "/", {}, {}}, "82 a4 74 79 70 65 01 a3 6e 73 70 a1 2f"},
};

// Why these members are no packet; empty if they are one.
std::string refusal(const value& whole, std::size_t depth = 100) {
  std::string bytes, error;
  sio::msgpack::write(bytes, whole);
  const bool taken = sio::msgpack::decode(bytes, depth, error).has_value();
  CHECK(taken == error.empty());
  return error;
}

object event(value data) { return {{"type", 2}, {"nsp", "/"}, {"data", std::move(data)}}; }

}  // namespace

TEST_CASE("packets are the bytes of socket.io-msgpack-parser, both ways") {
  for (const vector& v : vectors) {
    CAPTURE(v.hex);
    CHECK(to_hex(sio::msgpack::encode(v.p)) == v.hex);
    std::string error;
    const std::optional<packet> p = sio::msgpack::decode(from_hex(v.hex), 100, error);
    REQUIRE(p);
    CHECK(p->type == v.p.type);
    CHECK(p->nsp == v.p.nsp);
    CHECK(p->id == v.p.id);
    CHECK(p->data == v.p.data);
  }
}

TEST_CASE("a packet of a real client has members in its own order, unknown ones, and undefined data") {
  std::string error;
  const auto p = sio::msgpack::decode(
      from_hex("84 a4 74 79 70 65 00 a4 64 61 74 61 d4 00 00 a7 6f 70 74 69 6f 6e 73 81 a8 63 6f 6d 70 72 65 73 73 c3 "
               "a3 6e 73 70 a1 2f"),
      100, error);
  REQUIRE(p);
  CHECK(p->type == packet_type::connect);
  CHECK_FALSE(p->data);
}

TEST_CASE("wrong packets are refused in the words of the JS decoder") {
  for (const value& type : {value(), value(5), value(-1), value(1.5), value("2")})
    CHECK(refusal(object{{"type", type}, {"nsp", "/"}}) == "invalid packet type");
  for (const value& whole : {value(), value(7), value(array{2, "/"}), value(object())})
    CHECK(refusal(whole) == "invalid packet type");
  for (const value& nsp : {value(), value(7), value(binary{'/'})})
    CHECK(refusal(object{{"type", 0}, {"nsp", nsp}}) == "invalid namespace");
  CHECK(refusal(object{{"type", 0}}) == "invalid namespace");
  for (const value& data : {value(), value(7), value("a"), value(object())})
    CHECK(refusal(event(data)) == "invalid payload");
  CHECK(refusal(object{{"type", 2}, {"nsp", "/"}}) == "invalid payload");
  CHECK(refusal(object{{"type", 3}, {"nsp", "/"}, {"id", 1}}) == "invalid payload");
  CHECK(refusal(object{{"type", 4}, {"nsp", "/"}}) == "invalid payload");
  CHECK(refusal(object{{"type", 1}, {"nsp", "/"}, {"data", object()}}) == "invalid payload");
  CHECK(refusal(object{{"type", 0}, {"nsp", "/"}, {"data", array()}}) == "invalid payload");
  for (const value& id : {value(), value("1"), value(1.5), value(-1), value(9007199254740992)})
    CHECK(refusal(object{{"type", 3}, {"nsp", "/"}, {"data", array()}, {"id", id}}) == "invalid packet id");
}

TEST_CASE("an event's name is looked at, which the JS decoder does not") {
  CHECK(refusal(event(array{"a", 1})).empty());
  CHECK(refusal(event(array{5, 1})).empty());
  for (const value& name : {value("connect"), value("disconnecting"), value("newListener"), value(), value(true)})
    CHECK(refusal(event(array{name, 1})) == "invalid payload");
  CHECK(refusal(event(array())) == "invalid payload");
}

TEST_CASE("what is no MessagePack, or too deep, is no packet") {
  std::string error;
  CHECK_FALSE(sio::msgpack::decode("", 100, error));
  CHECK(error == "Could not parse");
  const value deep = array{"a", array{value(array())}};
  CHECK(refusal(event(deep), 3).empty());
  CHECK(refusal(event(deep), 2) == "Could not parse");
}

TEST_CASE("the decoder takes binary messages only") {
  sio::msgpack::decoder decoder({});
  std::string error;
  CHECK(decoder.add(from_hex(vectors[0].hex), true, error));
  CHECK(error.empty());
  CHECK_FALSE(decoder.add("40", false, error));
  CHECK(error == "got text where MessagePack was expected");
}
