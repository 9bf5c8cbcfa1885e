// Frames as they leave, read back and byte by byte.
#include <sio/ws/frame.hpp>

#include <support/catch.hpp>
#include <support/frames.hpp>

#include <string>

using frames::bytes;
using sio::ws::opcode;
using sio::ws::role;

namespace {

const sio::ws::mask_key key = {0x37, static_cast<char>(0xfa), 0x21, 0x3d};

std::string header(opcode op, std::uint64_t size) {
  char out[sio::ws::max_header];
  return std::string(out, sio::ws::write_header(out, op, size));
}
std::string frame(opcode op, std::string_view payload, std::optional<sio::ws::mask_key> mask = std::nullopt) {
  std::string out;
  sio::ws::append_frame(out, op, payload, mask);
  return out;
}

}  // namespace

TEST_CASE("a header has the shortest form of its length") {
  CHECK(header(opcode::text, 0) == bytes({0x81, 0}));
  CHECK(header(opcode::text, 125) == bytes({0x81, 125}));
  CHECK(header(opcode::binary, 126) == bytes({0x82, 126, 0, 126}));
  CHECK(header(opcode::binary, 65535) == bytes({0x82, 126, 0xff, 0xff}));
  CHECK(header(opcode::binary, 65536) == bytes({0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0}));
  CHECK(header(opcode::text, 0x0102030405060708) == bytes({0x81, 127, 1, 2, 3, 4, 5, 6, 7, 8}));
}

TEST_CASE("the examples of RFC 6455 are written as it says") {
  CHECK(frame(opcode::text, "Hello") == bytes({0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f}));
  CHECK(frame(opcode::text, "Hello", key) == bytes({0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58}));
  CHECK(sio::ws::ping_frame("Hello") == bytes({0x89, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f}));
  CHECK(sio::ws::pong_frame("Hello", key) == bytes({0x8a, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58}));
}

TEST_CASE("what is written can be read, masked or not, at every length") {
  for (std::size_t n = 0; n < 70000; n = n < 200 ? n + 1 : n * 3) {
    const std::string payload(n, 'y');
    CHECK(frames::read(role::server, {}, frame(opcode::text, payload, key)).events[0] == "text " + payload);
    CHECK(frames::read(role::client, {}, frame(opcode::binary, payload)).events[0] == "binary " + payload);
  }
}

TEST_CASE("append_frame masks only what it appended") {
  std::string out = frame(opcode::text, "a");
  sio::ws::append_frame(out, opcode::text, "Hello", key);
  CHECK(out.substr(0, 3) == bytes({0x81, 1, 'a'}));
  CHECK(frames::read(role::server, {}, out.substr(3)).events[0] == "text Hello");
}

TEST_CASE("a close frame without a code is empty") {
  CHECK(sio::ws::close_frame() == bytes({0x88, 0}));
  CHECK(sio::ws::close_frame(std::nullopt, "dropped") == bytes({0x88, 0}));
  CHECK(sio::ws::close_frame(1009) == bytes({0x88, 2, 0x03, 0xf1}));
  CHECK(sio::ws::close_frame(1000, "bye") == bytes({0x88, 5, 0x03, 0xe8, 'b', 'y', 'e'}));
  CHECK(frames::read(role::server, {}, sio::ws::close_frame(1001, "away", key)).events[0] == "close 1001 away");
}

TEST_CASE("control frames never carry more than 125 bytes, and a reason is cut at a character") {
  CHECK(sio::ws::ping_frame(std::string(200, 'p')).size() == 127);
  const std::string reason = std::string(122, 'r') + "\xe2\x82\xac";
  CHECK(frames::read(role::client, {}, sio::ws::close_frame(1000, reason)).events[0] ==
        "close 1000 " + std::string(122, 'r'));
  CHECK(sio::ws::close_frame(1000, std::string(123, 'r')).size() == 127);
}
