// Payloads: many packets in one body.
#include <sio/eio/payload.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <support/catch.hpp>

namespace eio = sio::eio;

namespace {

// `4:hello 4b:01 error`: the packets of a body, and whether it went wrong.
std::string read(std::string_view body, std::size_t max_packets = 100) {
  const std::string exact(body);  // so that a read past its end is seen
  eio::payload_reader reader(exact, max_packets);
  std::string out;
  while (const std::optional<eio::packet> p = reader.next()) {
    if (!out.empty()) out += ' ';
    out += std::to_string(static_cast<int>(p->type));
    out += p->binary ? "b:" : ":";
    out += p->data;
  }
  if (reader.failed()) out += out.empty() ? "error" : " error";
  return out;
}

eio::encoded_packet text(std::string t) { return eio::encoded_packet(std::move(t)); }
eio::encoded_packet binary(std::string b) {
  return eio::encoded_packet(std::make_shared<const std::string>(std::move(b)), true);
}

}  // namespace

TEST_CASE("a payload is its packets joined by 0x1e") {
  CHECK(read("4hello\x1e"
             "2\x1e"
             "bAQIDBA==\x1e"
             "4\xE2\x82\xAC") == "4:hello 2: 4b:\x01\x02\x03\x04 4:\xE2\x82\xAC");
  CHECK(read("4") == "4:");
  CHECK(read("2probe") == "2:probe");
  CHECK(read("0{}") == "0:{}");
}

TEST_CASE("b is a binary message in lenient base64") {
  CHECK(read("bAQI") == "4b:\x01\x02");
  CHECK(read("b") == "4b:");
  CHECK(read("b!!") == "4b:");
  CHECK(read("bAQ\x1e"
             "bAg\x1e"
             "4x") == "4b:\x01 4b:\x02 4:x");
}

TEST_CASE("the packets before a wrong one are delivered, none after it") {
  CHECK(read("") == "error");
  CHECK(read("abc") == "error");
  CHECK(read("7") == "error");
  CHECK(read("4a\x1e") == "4:a error");
  CHECK(read("4a\x1e\x1e"
             "4b") == "4:a error");
  CHECK(read("\x1e"
             "4b") == "error");
  CHECK(read("4a\x1e"
             "9\x1e"
             "4b") == "4:a error");
}

TEST_CASE("a payload that failed says so at each call") {
  eio::payload_reader reader(
      "4a\x1e"
      "9",
      10);
  CHECK(reader.next());
  CHECK_FALSE(reader.failed());
  CHECK_FALSE(reader.next());
  CHECK_FALSE(reader.next());
  CHECK(reader.failed());
}

TEST_CASE("a payload of more than max_packets fails after that many") {
  CHECK(read("4a\x1e"
             "4b",
             2) == "4:a 4:b");
  CHECK(read("4a\x1e"
             "4b\x1e"
             "4c",
             2) == "4:a 4:b error");
  CHECK(read("4a", 0) == "error");
}

TEST_CASE("every beginning of a payload is read without harm") {
  const std::string_view body =
      "4hello\x1e"
      "2\x1e"
      "bAQIDBA==\x1e"
      "b!\x1e"
      "6\x1e"
      "0{}";
  for (std::size_t n = 1; n <= body.size(); ++n) {
    const std::string got = read(body.substr(0, n));
    CHECK((got.find("error") != std::string::npos) == (body[n - 1] == '\x1e'));
  }
}

TEST_CASE("packets are joined to a payload") {
  std::string payload;
  for (const auto& p : {text("4hello"), text("2"), binary("\x01\x02\x03\x04"), text("4\xE2\x82\xAC"), binary("")})
    eio::append(payload, p);
  CHECK(payload ==
        "4hello\x1e"
        "2\x1e"
        "bAQIDBA==\x1e"
        "4\xE2\x82\xAC\x1e"
        "b");
}

TEST_CASE("a packet's size in a payload is known before it is written") {
  for (const auto& p :
       {text("4hello"), text("2"), binary(""), binary("1"), binary("12"), binary("123"), binary("1234")}) {
    std::string payload;
    eio::append(payload, p);
    CHECK(eio::payload_size(p) == payload.size());
  }
}

TEST_CASE("a text frame may be base64 too") {
  std::string scratch;
  const std::optional<eio::packet> p = eio::decode("bAQI=", scratch);
  REQUIRE(p);
  CHECK(p->binary);
  CHECK(p->type == eio::packet_type::message);
  CHECK(p->data == "\x01\x02");
  CHECK(p->data.data() == scratch.data());
  CHECK(eio::decode("4b", scratch)->data == "b");
}
