// What a reader makes of compressed frames: fragments, control frames between, limits, contexts, and RSV1 where it is
// wrong.
#include <sio/ws/reader.hpp>

#include <support/catch.hpp>
#include <support/frames.hpp>

#include <optional>
#include <string>
#include <vector>

#if defined(SIO_WITH_DEFLATE)

using frames::bytes;
using frames::masked;
using frames::naked;
using frames::story;
using sio::ws::deflate_terms;
using sio::ws::deflater;
using sio::ws::limits;
using sio::ws::role;
using words = std::vector<std::string>;

namespace {

constexpr unsigned text = 0xc1, binary = 0xc2, first_text = 0x41, first_binary = 0x42, next = 0x00, last = 0x80;

/// Byte by byte and cut at each place: all must tell the same story.
story read(role me, const std::string& wire, const deflate_terms& agreed, const limits& bounds) {
  const story whole = frames::read(me, bounds, wire, {std::string::npos}, agreed);
  CHECK(frames::read(me, bounds, wire, {1}, agreed) == whole);
  for (std::size_t cut = 1; cut < wire.size() && cut < 300; ++cut)
    if (!(frames::read(me, bounds, wire, {cut, std::string::npos}, agreed) == whole)) FAIL("cut at " << cut);
  return whole;
}
story server(const std::string& wire, const deflate_terms& agreed = {}, const limits& bounds = {}) {
  return read(role::server, wire, agreed, bounds);
}

std::string deflated(std::string_view message) { return deflater(15, false, {}).compress(message); }

void refuses(const story& told, int code, const std::string& why) {
  CHECK(told.error == code);
  CHECK(told.error_text == why);
  CHECK_FALSE(told.mid_message);
}

const std::string frame = "Invalid WebSocket frame: ";
const deflate_terms no_context{true, true, 15, 15};

}  // namespace

TEST_CASE("compressed messages come between others, text and binary, small and empty") {
  const std::string wire = masked(text, deflated("hello")) + masked(0x81, "plain") + masked(binary, deflated("\xff")) +
                           masked(text, deflated("")) + masked(text, "") + masked(0x82, "") +
                           masked(text, deflated(std::string(1000, 'x')));
  const words all{
      "text hello", "text plain", "binary \xff", "text ", "text ", "binary ", "text " + std::string(1000, 'x')};
  CHECK(server(wire, no_context).events == all);
}

TEST_CASE("a client inflates what a server compressed, each by the terms of its own") {
  deflater out(9, true, {});
  std::string wire;
  for (int i = 0; i != 3; ++i) wire += naked(text, out.compress("the same again"));
  const auto told = read(role::client, wire, {false, true, 9, 15}, {});
  CHECK(told.events == words{"text the same again", "text the same again", "text the same again"});
}

TEST_CASE("a context survives uncompressed messages, control frames and the codec between") {
  deflater out(15, true, {});
  std::string wire;
  words expected;
  for (int i = 0; i != 5; ++i) {
    wire += masked(text, out.compress("tell me again")) + masked(0x81, "plain") + masked(0x89, "p") +
            masked(0x02, "a") + masked(0x80, "b");
    for (const char* event : {"text tell me again", "text plain", "ping p", "binary ab"}) expected.push_back(event);
  }
  CHECK(server(wire).events == expected);
}

TEST_CASE("without a context each message stands alone") {
  deflater out(15, true, {});
  const std::string first = masked(text, out.compress("again and again")),
                    second = masked(text, out.compress("again and again"));
  CHECK(server(first + second).events.size() == 2);
  refuses(server(first + second, no_context), 1007, frame + "invalid compressed data");
}

TEST_CASE("a compressed message may be cut into fragments anywhere, with control frames between") {
  const std::string all = deflated("a message in two or three fragments");
  for (std::size_t at = 0; at <= all.size(); ++at) {
    const std::string a = all.substr(0, at), b = all.substr(at);
    const words expected{"ping ?", "text a message in two or three fragments"};
    const auto wire = masked(first_text, a) + masked(0x89, "?") + masked(next, "") + masked(last, b);
    if (frames::read(role::server, {}, wire, {1}, no_context).events != expected) FAIL("cut at " << at);
  }
  CHECK(server(masked(first_binary, all) + masked(last, ""), no_context).events.size() == 1);
}

TEST_CASE("RSV1 is wrong on control frames and on continuations, and where nothing was agreed") {
  const std::string why = frame + "RSV1 must be clear";
  refuses(server(masked(0xc9, "")), 1002, why);
  refuses(server(masked(0xc8, "")), 1002, why);
  refuses(server(masked(0xca, "x")), 1002, why);
  refuses(server(masked(first_text, "") + masked(0xc0, "")), 1002, why);
  refuses(server(masked(0x01, "x") + masked(0x40, "")), 1002, why);
  refuses(frames::read(role::server, {}, masked(text, deflated("x"))), 1002, why);
}

TEST_CASE("RSV2, RSV3 and reserved opcodes stay wrong beside RSV1") {
  for (const unsigned first : {0xe1u, 0xd1u, 0xf1u}) CHECK(server(masked(first, "")).error == 1002);
  refuses(server(masked(0xc3, "")), 1002, frame + "invalid opcode 3");
  refuses(server(masked(first_text, "") + masked(text, "")), 1002, frame + "invalid opcode 1");
}

TEST_CASE("a text is judged after it is inflated") {
  CHECK(server(masked(text, deflated("\xe2\x82\xac"))).events == words{"text \xe2\x82\xac"});
  for (const std::string bad : {"\x80", "abc\xc3", "\xed\xa0\x80"}) {
    refuses(server(masked(text, deflated(bad))), 1007, frame + "invalid UTF-8 sequence");
    CHECK(server(masked(binary, deflated(bad))).events == words{"binary " + bad});
  }
}

TEST_CASE("a text whose compressed bytes are no UTF-8 is fine, and so is one cut in a character") {
  const std::string wire = deflater(15, false, {0, 8}).compress("\xe2\x82\xac\xe2\x82\xac");
  for (std::size_t at = 0; at <= wire.size(); ++at)
    CHECK(server(masked(first_text, wire.substr(0, at)) + masked(last, wire.substr(at))).events ==
          words{"text \xe2\x82\xac\xe2\x82\xac"});
}

TEST_CASE("bytes that are no deflate stream close with 1007") {
  const std::string why = frame + "invalid compressed data";
  refuses(server(masked(text, std::string(100, '\xff'))), 1007, why);
  refuses(server(masked(text, deflated("hello") + "trailing")), 1007, why);
  refuses(server(masked(binary, deflated("hello").substr(0, 3))), 1007, why);
  refuses(server(masked(first_text, "\xff") + masked(last, "")), 1007, why);
}

TEST_CASE("the limit is one of inflated bytes, and of compressed ones") {
  const limits bounds{1000, 16'384};
  const std::string why = "Max payload size exceeded";
  CHECK(server(masked(text, deflated(std::string(1000, 'x'))), {}, bounds).events.size() == 1);
  refuses(server(masked(text, deflated(std::string(1001, 'x'))), {}, bounds), 1009, why);
  const std::string half = deflated(std::string(1500, 'x'));
  refuses(server(masked(first_text, half.substr(0, 5)) + masked(next, half.substr(5)), {}, bounds), 1009, why);
  std::string nothing;  // empty blocks: they inflate to nothing
  for (int i = 0; i != 300; ++i) nothing += bytes({0x00, 0x00, 0x00, 0xff, 0xff});
  refuses(frames::read(role::server, bounds, masked(binary, nothing + '\0'), {1}, deflate_terms{}), 1009, why);
  refuses(frames::read(role::server, bounds, masked(first_binary, nothing.substr(0, 900)) + masked(last, nothing), {1},
                       deflate_terms{}),
          1009, why);
}

TEST_CASE("a bomb closes with 1009 before its end has come") {
  const std::string bomb = deflater(15, false, {9, 9}).compress(std::string(50'000'000, '0'));
  const std::string wire = masked(text, bomb);
  refuses(frames::read(role::server, {}, wire.substr(0, 4'000), {4'000}, no_context), 1009,
          "Max payload size exceeded");
}

TEST_CASE("fragments of a compressed message are counted") {
  std::string wire = masked(first_text, "");
  for (int i = 0; i != 4; ++i) wire += masked(next, "");
  refuses(server(wire, {}, {1000, 4}), 1008, "Too many message fragments");
}

#endif
