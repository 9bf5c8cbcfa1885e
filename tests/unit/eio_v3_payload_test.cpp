// Payloads of Engine.IO v3: each packet behind its length, as text or as bytes.
#include <sio/eio/v3_payload.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <support/catch.hpp>
#include <vector>

namespace eio = sio::eio;
namespace v3 = sio::eio::v3;
using namespace std::string_literals;

namespace {

// `4:hello 4b:01 error`: the packets of a body, and whether it went wrong.
std::string read(std::string_view body, bool binary, std::size_t max_packets = 100) {
  const std::string exact(body);  // so that a read past its end is seen
  v3::payload_reader reader(exact, binary, max_packets);
  std::string out;
  while (const std::optional<eio::packet> p = reader.next()) {
    CHECK_FALSE(reader.failed());
    if (!out.empty()) out += ' ';
    out += std::to_string(static_cast<int>(p->type));
    out += p->binary ? "b:" : ":";
    out += p->data;
  }
  CHECK_FALSE(reader.next());
  if (reader.failed()) out += out.empty() ? "error" : " error";
  return out;
}

std::string text(std::string_view body, std::size_t max_packets = 100) { return read(body, false, max_packets); }
std::string bytes(const std::string& body, std::size_t max_packets = 100) { return read(body, true, max_packets); }

eio::encoded_packet packet(std::string t) { return eio::encoded_packet(std::move(t)); }
eio::encoded_packet binary(std::string b) {
  return eio::encoded_packet(std::make_shared<const std::string>(std::move(b)), true);
}

std::string as_text(const std::vector<eio::encoded_packet>& packets) {
  const v3::payload out = v3::encode_payload(packets, true);
  CHECK_FALSE(out.binary);
  return out.body;
}

std::string as_bytes(const std::vector<eio::encoded_packet>& packets) {
  const v3::payload out = v3::encode_payload(packets, false);
  CHECK(out.binary);
  return out.body;
}

}  // namespace

TEST_CASE("a v3 text payload has each packet behind its length in UTF-16 code units") {
  CHECK(text("6:4hello2:4€") == "4:hello 4:€");
  CHECK(text("4:4😀x6:3probe") == "4:😀x 3:probe");
  CHECK(text("10:b4AQIDBA==") == "4b:\x01\x02\x03\x04");
  CHECK(text("4:4hey1:6") == "4:hey 6:");
  CHECK(text("2:4:2:4:") == "4:: 4::");
  CHECK(text("0002:4a") == "4:a");
}

TEST_CASE("a v3 text payload of no packets is 0:") {
  CHECK(text("0:") == "");
  CHECK(text("0:0:2:4a0:") == "4:a");
  CHECK(text("") == "error");
}

TEST_CASE("the v3 packets before a wrong length are delivered, none after it") {
  CHECK(text("3:4h") == "error");
  CHECK(text("x:4") == "error");
  CHECK(text("5") == "error");
  CHECK(text(":4") == "error");
  CHECK(text("-1:4") == "error");
  CHECK(text(" 1:4") == "error");
  CHECK(text("0x1:4") == "error");
  CHECK(text("1e0:4") == "error");
  CHECK(text("1.0:4") == "error");
  CHECK(text("4:4hey3") == "4:hey error");
  CHECK(text("4:4hey3:") == "4:hey error");
  CHECK(text("4:4hey2:4") == "4:hey error");
  CHECK(text("2:4a3x4b") == "4:a error");
}

TEST_CASE("the v3 packets before a wrong one are delivered, none after it") {
  CHECK(text("1:9") == "error");
  CHECK(text("2:4a1:92:4b") == "4:a error");
  CHECK(text("2:4a1:b2:4b") == "4:a error");
}

TEST_CASE("a length that ends within a character is wrong") {
  CHECK(text("2:4😀") == "error");
  CHECK(text("3:4😀") == "4:😀");
  CHECK(text("2:4€") == "4:€");
}

TEST_CASE("a v3 length has 310 digits at most, however large its number") {
  CHECK(text(std::string(309, '0') + "2:4a") == "4:a");
  CHECK(text(std::string(310, '0') + "2:4a") == "error");
  CHECK(text(std::string(310, '9') + ":4a") == "error");
  CHECK(text("18446744073709551618:4a") == "error");
  CHECK(bytes("\x00"s + std::string(309, '\x00') +
              "\x02\xff"
              "4a"s) == "4:a");
  CHECK(bytes("\x00"s + std::string(310, '\x00') +
              "\x02\xff"
              "4a"s) == "error");
  CHECK(bytes("\x00"s + std::string(310, '\x09') +
              "\xff"
              "4a"s) == "error");
}

TEST_CASE("a v3 binary payload has each packet behind its kind and its length in bytes") {
  CHECK(bytes("\x00\x04\xff"
              "4€\x01\x05\xff\x04\x01\x02\x03\x04"s) == "4:€ 4b:\x01\x02\x03\x04");
  CHECK(bytes("\x00\x02\xff"
              "4a"s) == "4:a");
  CHECK(bytes("\x00\x05\xff"
              "4😀\x01\x02\xff\x04\xff"s) == "4:😀 4b:\xff");
  CHECK(bytes("\x01\x01\xff\x04"s) == "4b:");
  CHECK(bytes("\x00\x06\xff"
              "b4AQI="s) == "4b:\x01\x02");
  CHECK(bytes("\x01\x01\x01\xff\x04"
              "0123456789"s) == "4b:0123456789");
  CHECK(bytes("") == "");
}

TEST_CASE("a v3 binary payload that is not exactly so is wrong from there on") {
  CHECK(bytes("\x00\x09\x09\xff"
              "4"s) == "error");
  CHECK(bytes("\x02\x01\xff\x04"s) == "error");
  CHECK(bytes("\x00\xff"
              "4"s) == "error");
  CHECK(bytes("\x00\x0a\xff"
              "4123456789"s) == "error");
  CHECK(bytes("\x00\x00\xff"s) == "error");
  CHECK(bytes("\x01\x00\xff"s) == "error");
  CHECK(bytes("\x01\x01\xff\x07"s) == "error");
  CHECK(bytes("\x00\x02\xff"
              "4\x80"s) == "error");
  CHECK(bytes("\x00\x02\xff"
              "4a\x00\x02\xff"
              "4"s) == "4:a error");
  CHECK(bytes("\x00\x02\xff"
              "4a\x00"s) == "4:a error");
  CHECK(bytes("\x00\x02\xff"
              "4a4"s) == "4:a error");
}

TEST_CASE("a v3 payload of more than max_packets fails after that many") {
  CHECK(text("2:4a2:4b", 2) == "4:a 4:b");
  CHECK(text("2:4a2:4b2:4c", 2) == "4:a 4:b error");
  CHECK(text("0:0:0:2:4c", 3) == "error");
  CHECK(bytes("\x00\x02\xff"
              "4a\x00\x02\xff"
              "4b"s,
              1) == "4:a error");
}

TEST_CASE("every beginning of a v3 text payload is read without harm, and wrong unless it ends with a packet") {
  const std::string body = "6:4hello1:210:b4AQIDBA==4:4😀x0:";
  const std::vector<std::size_t> ends{8, 11, 24, 32, 34};
  for (std::size_t n = 1; n <= body.size(); ++n) {
    const bool whole = std::find(ends.begin(), ends.end(), n) != ends.end();
    CHECK((text(body.substr(0, n)).find("error") == std::string::npos) == whole);
  }
}

TEST_CASE("every beginning of a v3 binary payload is read without harm, and wrong unless it ends with a packet") {
  const std::string body =
      "\x00\x04\xff"
      "4€\x01\x05\xff\x04\x01\x02\x03\x04\x00\x01\xff"
      "2"s;
  const std::vector<std::size_t> ends{0, 7, 15, 19};
  for (std::size_t n = 0; n <= body.size(); ++n) {
    const bool whole = std::find(ends.begin(), ends.end(), n) != ends.end();
    CHECK((bytes(body.substr(0, n)).find("error") == std::string::npos) == whole);
  }
}

TEST_CASE("packets are joined to a v3 text payload") {
  CHECK(as_text({packet("4€"), binary("\x01\x02\x03\x04")}) == "2:4€10:b4AQIDBA==");
  CHECK(as_text({packet("4€"), packet("4😀x"), packet("3probe")}) == "2:4€4:4😀x6:3probe");
  CHECK(as_text({packet("1")}) == "1:1");
  CHECK(v3::encode_payload({packet("4€")}, false).body == "2:4€");
  CHECK_FALSE(v3::encode_payload({packet("4€")}, false).binary);
}

TEST_CASE("packets are joined to a v3 binary payload if one of them is binary") {
  CHECK(as_bytes({packet("4€"), binary("\x01\x02\x03\x04")}) ==
        "\x00\x04\xff"
        "4€\x01\x05\xff\x04\x01\x02\x03\x04"s);
  CHECK(as_bytes({packet("4😀"), binary("\xff")}) ==
        "\x00\x05\xff"
        "4😀\x01\x02\xff\x04\xff"s);
  CHECK(as_bytes({binary(std::string(99, 'x'))}) == "\x01\x01\x00\x00\xff\x04"s + std::string(99, 'x'));
}

TEST_CASE("a text's length in UTF-16 code units is what JS calls its length") {
  CHECK(v3::utf16_length("") == 0);
  CHECK(v3::utf16_length("aé€😀") == 5);
}
