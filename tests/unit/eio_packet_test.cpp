// Engine.IO packets: one text frame each.
#include <sio/eio/packet.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <support/catch.hpp>

namespace eio = sio::eio;
using eio::packet_type;

TEST_CASE("a text frame is a type and its data") {
  struct row {
    std::string_view text;
    packet_type type;
    std::string_view data;
  };
  const row rows[] = {
      {"0{}", packet_type::open, "{}"},       {"1", packet_type::close, ""},
      {"2probe", packet_type::ping, "probe"}, {"3probe", packet_type::pong, "probe"},
      {"4", packet_type::message, ""},        {"4\xE2\x82\xAC", packet_type::message, "\xE2\x82\xAC"},
      {"5", packet_type::upgrade, ""},        {"6", packet_type::noop, ""},
  };
  for (const row& r : rows) {
    INFO(r.text);
    const std::optional<eio::packet> p = eio::decode(r.text);
    REQUIRE(p);
    CHECK(p->type == r.type);
    CHECK(p->data == r.data);
    CHECK_FALSE(p->binary);
  }
}

TEST_CASE("what begins with no type is no packet") {
  for (const std::string_view text : {"", "7", "8", "9", "abc", "b", "bAQI", "-1", " 4", "/4", "\xFF"}) {
    INFO(text);
    CHECK_FALSE(eio::decode(text));
  }
  CHECK_FALSE(eio::decode(std::string_view("\0004", 2)));
}

TEST_CASE("a packet that leaves shares its bytes") {
  const eio::encoded_packet text{std::string("4hello")};
  const eio::encoded_packet copy = text;
  CHECK(copy.bytes() == "4hello");
  CHECK(copy.size() == 6);
  CHECK_FALSE(copy.binary());
  CHECK(copy.shared() == text.shared());

  const auto bytes = std::make_shared<const std::string>("\x01\x02");
  const eio::encoded_packet binary(bytes, true);
  CHECK(binary.binary());
  CHECK(binary.bytes().data() == bytes->data());
}

TEST_CASE("a packet without a buffer is empty") {
  CHECK(eio::encoded_packet().bytes().empty());
  CHECK(eio::encoded_packet(nullptr, true).size() == 0);
}
