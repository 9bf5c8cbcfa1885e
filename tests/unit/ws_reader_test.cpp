// What a reader makes of frames: RFC 6455's examples, every error, every cut, every limit.
#include <sio/ws/reader.hpp>

#include <support/catch.hpp>
#include <support/frames.hpp>

#include <string>
#include <utility>
#include <vector>

using frames::bytes;
using frames::masked;
using frames::naked;
using frames::story;
using sio::ws::limits;
using sio::ws::role;
using words = std::vector<std::string>;

namespace {

/// The whole in one piece, in two at each place, and byte by byte: all must tell the same story.
story read(role me, const std::string& wire, const limits& bounds = {}) {
  const story whole = frames::read(me, bounds, wire);
  CHECK(frames::read(me, bounds, wire, {1}) == whole);
  for (std::size_t cut = 1; cut < wire.size() && cut < 300; ++cut)
    if (!(frames::read(me, bounds, wire, {cut, std::string::npos}) == whole)) FAIL("cut at " << cut);
  return whole;
}
story server(const std::string& wire, const limits& bounds = {}) { return read(role::server, wire, bounds); }
story client(const std::string& wire, const limits& bounds = {}) { return read(role::client, wire, bounds); }

void refuses(const story& told, int code, const std::string& why) {
  CHECK(told.error == code);
  CHECK(told.error_text == why);
  CHECK_FALSE(told.mid_message);
}

const std::string frame = "Invalid WebSocket frame: ";

}  // namespace

TEST_CASE("the examples of RFC 6455 read as it says") {
  CHECK(client(bytes({0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f})).events == words{"text Hello"});
  CHECK(server(bytes({0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58})).events ==
        words{"text Hello"});
  CHECK(client(bytes({0x01, 0x03, 0x48, 0x65, 0x6c, 0x80, 0x02, 0x6c, 0x6f})).events == words{"text Hello"});
  CHECK(client(bytes({0x89, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f})).events == words{"ping Hello"});
  CHECK(server(bytes({0x8a, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58})).events ==
        words{"pong Hello"});
  const std::string a(256, 'a'), b(65536, 'b');
  CHECK(client(bytes({0x82, 0x7e, 0x01, 0x00}) + a).events == words{"binary " + a});
  CHECK(client(bytes({0x82, 0x7f, 0, 0, 0, 0, 0, 1, 0, 0}) + b).events == words{"binary " + b});
}

TEST_CASE("messages follow each other in one buffer, at every length") {
  for (const std::size_t n : {0u, 1u, 7u, 8u, 9u, 15u, 16u, 125u, 126u, 127u, 255u, 65535u, 65536u, 70000u}) {
    const std::string payload(n, 'x');
    const auto told = server(masked(0x81, payload) + masked(0x82, payload) + masked(0x81, "end"));
    CHECK(told.events == words{"text " + payload, "binary " + payload, "text end"});
    CHECK_FALSE(told.error);
    CHECK_FALSE(told.mid_message);
  }
}

TEST_CASE("control frames may stand between the fragments of a message") {
  const auto told = server(masked(0x01, "a") + masked(0x89, "1") + masked(0x00, "") + masked(0x8a, "2") +
                           masked(0x80, "b") + masked(0x82, "c"));
  CHECK(told.events == words{"ping 1", "pong 2", "text ab", "binary c"});
}

TEST_CASE("a character may be split between fragments, but must be whole at the end") {
  CHECK(server(masked(0x01, "\xe2\x82") + masked(0x80, "\xac")).events == words{"text \xe2\x82\xac"});
  refuses(server(masked(0x01, "abc\xc3") + masked(0x80, "")), 1007, frame + "invalid UTF-8 sequence");
  refuses(server(masked(0x81, "abc\xc3")), 1007, frame + "invalid UTF-8 sequence");
  CHECK(server(masked(0x02, "abc\xc3") + masked(0x80, "")).events == words{"binary abc\xc3"});
}

TEST_CASE("text must be UTF-8") {
  for (const std::string bad :
       {"\x80", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff", "aaaaaaaaaaaaaaa\xe2\x82", "\xc3("}) {
    refuses(server(masked(0x81, bad)), 1007, frame + "invalid UTF-8 sequence");
    refuses(client(naked(0x81, bad)), 1007, frame + "invalid UTF-8 sequence");
    CHECK(server(masked(0x82, bad)).events == words{"binary " + bad});
  }
}

TEST_CASE("a message before the error is still told") {
  const auto told = server(masked(0x81, "ok") + masked(0x83, "") + masked(0x81, "never"));
  CHECK(told.events == words{"text ok"});
  refuses(told, 1002, frame + "invalid opcode 3");
}

TEST_CASE("after an error nothing is read") {
  sio::ws::reader r(role::server, {});
  std::string wire = masked(0x83, "");
  r.consume(wire.data(), wire.size());
  wire = masked(0x81, "x");
  CHECK(r.consume(wire.data(), wire.size()) == 0);
  CHECK(r.take() == nullptr);
  CHECK(r.error() == 1002);
}

TEST_CASE("after a close frame the rest is swallowed") {
  const auto told = server(masked(0x88, bytes({3, 0xe8}) + "bye") + masked(0x81, "never") + "garbage");
  CHECK(told.events == words{"close 1000 bye"});
  CHECK_FALSE(told.error);
}

TEST_CASE("a close frame carries nothing, or a code that may be sent and a UTF-8 reason") {
  CHECK(server(masked(0x88, "")).events == words{"close 1005 "});
  for (const unsigned good : {1000u, 1001u, 1003u, 1007u, 1014u, 3000u, 4999u})
    CHECK(server(masked(0x88, bytes({good >> 8, good & 0xff}))).events == words{"close " + std::to_string(good) + " "});
  for (const unsigned bad : {0u, 999u, 1004u, 1005u, 1006u, 1015u, 2999u, 5000u, 65535u})
    refuses(server(masked(0x88, bytes({bad >> 8, bad & 0xff}))), 1002,
            frame + "invalid status code " + std::to_string(bad));
  refuses(server(masked(0x88, "\x03")), 1002, frame + "invalid payload length 1");
  refuses(server(masked(0x88, bytes({3, 0xe8, 0xff}))), 1007, frame + "invalid UTF-8 sequence");
}

TEST_CASE("reserved bits and opcodes are refused") {
  for (const unsigned first : {0xc1u, 0xc2u, 0xc9u})
    refuses(server(masked(first, "x")), 1002, frame + "RSV1 must be clear");
  for (const unsigned first : {0xa1u, 0x91u, 0xb2u, 0xa8u})
    refuses(server(masked(first, "x")), 1002, frame + "RSV2 and RSV3 must be clear");
  for (const unsigned op : {3u, 4u, 5u, 6u, 7u, 11u, 12u, 13u, 14u, 15u})
    refuses(server(masked(0x80 | op, "x")), 1002, frame + "invalid opcode " + std::to_string(op));
  refuses(server(masked(0x01, "a") + masked(0xc0, "b")), 1002, frame + "RSV1 must be clear");
}

TEST_CASE("continuations and beginnings must be in order") {
  refuses(server(masked(0x80, "x")), 1002, frame + "invalid opcode 0");
  refuses(server(masked(0x81, "x") + masked(0x00, "x")), 1002, frame + "invalid opcode 0");
  refuses(server(masked(0x01, "x") + masked(0x81, "x")), 1002, frame + "invalid opcode 1");
  refuses(server(masked(0x01, "x") + masked(0x02, "x")), 1002, frame + "invalid opcode 2");
}

TEST_CASE("control frames are short and whole") {
  CHECK(server(masked(0x89, std::string(125, 'p'))).events == words{"ping " + std::string(125, 'p')});
  refuses(server(masked(0x89, std::string(126, 'p'))), 1002, frame + "invalid payload length 126");
  refuses(server(masked(0x8a, std::string(65536, 'p'))), 1002, frame + "invalid payload length 127");
  refuses(server(masked(0x09, "p")), 1002, frame + "FIN must be set");
}

TEST_CASE("clients must mask, servers must not") {
  refuses(server(naked(0x81, "x")), 1002, frame + "MASK must be set");
  refuses(server(naked(0x89, "")), 1002, frame + "MASK must be set");
  refuses(client(masked(0x81, "x")), 1002, frame + "MASK must be clear");
}

TEST_CASE("lengths must be written in the shortest form") {
  const std::string why = frame + "payload length is not minimally encoded";
  refuses(server(frames::header(0x81, 125, 2, true) + std::string(125, 'x')), 1002, why);
  refuses(server(frames::header(0x82, 65535, 8, true) + std::string(65535, 'x')), 1002, why);
  refuses(client(frames::header(0x82, 0, 8, false)), 1002, why);
}

TEST_CASE("a message that is too long is refused by its header") {
  const limits small{100, 16};
  const std::string most(100, 'x'), why = "Max payload size exceeded";
  CHECK(server(masked(0x81, most), small).events == words{"text " + most});
  refuses(server(frames::header(0x81, 101, 0, true), small), 1009, why);
  CHECK(server(masked(0x01, most) + masked(0x80, ""), small).events == words{"text " + most});
  refuses(server(masked(0x01, most) + frames::header(0x80, 1, 0, true), small), 1009, why);
  for (const std::uint64_t size : {~0ull, ~0ull - 99, 1ull << 63, 1ull << 53, 1ull << 32}) {
    refuses(server(frames::header(0x82, size, 8, true), small), 1009, why);
    refuses(server(masked(0x02, most) + frames::header(0x80, size, 8, true), small), 1009, why);
  }
}

TEST_CASE("too many fragments are refused, empty ones too; the count starts anew with each message") {
  const limits four{100, 4};
  const std::string message = masked(0x01, "a") + masked(0x00, "") + masked(0x00, "") + masked(0x80, "b");
  CHECK(server(message + message, four).events == words{"text ab", "text ab"});
  refuses(server(masked(0x01, "a") + masked(0x00, "") + masked(0x00, "") + masked(0x00, "") + masked(0x80, "b"), four),
          1008, "Too many message fragments");
}

TEST_CASE("mid_message is true while the peer owes the rest") {
  sio::ws::reader r(role::server, {});
  words events;
  const auto feed = [&](const std::string& piece) {
    frames::feed(r, piece, events);
    return r.mid_message();
  };
  CHECK_FALSE(r.mid_message());
  CHECK(feed("\x81"));
  CHECK_FALSE(feed(masked(0x81, "x").substr(1)));
  CHECK(feed(masked(0x01, "a")));
  CHECK(feed(masked(0x89, "")));
  CHECK_FALSE(feed(masked(0x80, "b")));
  CHECK(events == words{"text x", "ping ", "text ab"});
}

TEST_CASE("a plain frame's payload views the buffer that was read") {
  sio::ws::reader r(role::server, {});
  std::string wire = masked(0x81, "hello");
  CHECK(r.consume(wire.data(), wire.size()) == wire.size());
  const auto* event = r.take();
  REQUIRE(event);
  CHECK(event->payload.data() == wire.data() + 6);
  CHECK(r.take() == nullptr);
}

TEST_CASE("a reader can move in the middle of a message") {
  sio::ws::reader a(role::server, {});
  words events;
  const std::string wire = masked(0x81, "hello");
  frames::feed(a, wire.substr(0, 8), events);
  sio::ws::reader b = std::move(a);
  frames::feed(b, wire.substr(8), events);
  CHECK(events == words{"text hello"});
}

TEST_CASE("an idle reader is small") { CHECK(sizeof(sio::ws::reader) <= 64); }
