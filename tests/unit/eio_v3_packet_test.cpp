// Engine.IO v3 packets: a binary one has its type.
#include <sio/eio/v3_packet.hpp>
#include <support/catch.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace v3 = sio::eio::v3;

namespace {

std::string shown(const std::optional<sio::eio::packet>& p) {
  if (!p) return "error";
  return std::to_string(static_cast<int>(p->type)) + (p->binary ? "b:" : ":") + std::string(p->data);
}

std::string text(std::string_view wire) {
  std::string scratch;
  return shown(v3::decode(wire, scratch));
}

}  // namespace

TEST_CASE("a v3 text packet is one of v4") {
  CHECK(text("4hello") == "4:hello");
  CHECK(text("4") == "4:");
  CHECK(text("2probe") == "2:probe");
  CHECK(text("") == "error");
  CHECK(text("7") == "error");
  CHECK(text("x") == "error");
}

TEST_CASE("a v3 packet in base64 has its type behind the b") {
  CHECK(text("b4AQI=") == "4b:\x01\x02");
  CHECK(text("b4") == "4b:");
  CHECK(text("b2") == "2b:");
  CHECK(text("b") == "error");
  CHECK(text("b7AQI=") == "error");
  CHECK(text("bb4AQI=") == "error");
}

TEST_CASE("a v3 binary frame begins with its type") {
  CHECK(shown(v3::decode_binary("\x04\x01\x02")) == "4b:\x01\x02");
  CHECK(shown(v3::decode_binary("\x04")) == "4b:");
  CHECK(shown(v3::decode_binary("\x06z")) == "6b:z");
  CHECK(shown(v3::decode_binary("")) == "error");
  CHECK(shown(v3::decode_binary("\x07")) == "error");
  CHECK(shown(v3::decode_binary("4")) == "error");
  CHECK(shown(v3::decode_binary("\xff")) == "error");
}

TEST_CASE("a v3 binary message leaves with its type, as bytes or as base64") {
  const sio::eio::encoded_packet p(std::make_shared<const std::string>("\x01\x02"), true);
  std::string bytes, base64, plain;
  v3::append_binary(bytes, p);
  v3::append_text(base64, p);
  v3::append_text(plain, sio::eio::encoded_packet("4hello"));
  CHECK(bytes == "\x04\x01\x02");
  CHECK(base64 == "b4AQI=");
  CHECK(plain == "4hello");
}
