// Compressing and inflating one end's messages: each window, with and without context, in any pieces, and no bombs.
#include <sio/ws/deflate.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#if defined(SIO_WITH_DEFLATE)

using sio::ws::deflater;
using sio::ws::inflater;
using outcome = sio::ws::inflater::outcome;

namespace {

constexpr std::size_t plenty = 64 * 1024 * 1024;

struct inflated {
  outcome how;
  std::string text;
};

inflated inflate(inflater& z, std::string_view message, std::size_t piece = std::string_view::npos,
                 std::size_t limit = plenty) {
  inflated out{outcome::fine, {}};
  for (std::size_t at = 0; at < message.size() && out.how == outcome::fine; at += std::min(piece, message.size() - at))
    out.how = z.append(message.substr(at, piece), out.text, limit);
  if (out.how == outcome::fine) out.how = z.finish(out.text, limit);
  return out;
}

std::string bytes(std::initializer_list<unsigned> values) {
  std::string out;
  for (const unsigned v : values) out += static_cast<char>(v);
  return out;
}

/// Text with repetitions near and far, so that matches reach as far back as a window lets them.
std::string sample(std::size_t size, std::uint32_t seed) {
  std::string out;
  while (out.size() < size) {
    seed = seed * 1'664'525u + 1'013'904'223u;
    const std::size_t length = 3 + (seed >> 20) % 200;
    const std::size_t back = 1 + (seed >> 8) % 40'000;
    if (seed % 3 != 0 && back <= out.size())
      out += out.substr(out.size() - back, length);
    else
      for (std::size_t i = 0; i != length; ++i) out += static_cast<char>('a' + (seed >> (i % 24)) % 26);
  }
  out.resize(size);
  return out;
}

const std::string hello = bytes({0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00});  // RFC 7692, 7.2.3.1

}  // namespace

TEST_CASE("the examples of RFC 7692 inflate as it says") {
  inflater z(15, true);
  CHECK(inflate(z, hello).text == "Hello");
  CHECK(inflate(z, bytes({0xf2, 0x00, 0x11, 0x00, 0x00})).text == "Hello");  // a shared window
  inflater other(15, true);
  CHECK(inflate(other, bytes({0x00, 0x05, 0x00, 0xfa, 0xff, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x00})).text == "Hello");
  CHECK(inflate(other, bytes({0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00})).text == "Hello");  // BFINAL
  CHECK(inflate(other, bytes({0xf2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xff, 0xff, 0xca, 0xc9, 0xc9, 0x07, 0x00})).text ==
        "Hello");
}

TEST_CASE("what is compressed is what RFC 7692 shows") {
  deflater z(15, true, {});
  CHECK(z.compress("Hello") == hello);
  CHECK(z.compress("Hello") == bytes({0xf2, 0x00, 0x11, 0x00, 0x00}));
  deflater no_context(15, false, {});
  CHECK(no_context.compress("Hello") == hello);
  CHECK(no_context.compress("Hello") == hello);
}

TEST_CASE("messages make the round trip through each window, with context and without") {
  for (int bits = 8; bits <= 15; ++bits)
    for (const bool keeps : {true, false})
      for (const int level : {0, 1, 6, 9}) {
        CAPTURE(bits, keeps, level);
        deflater out(bits, keeps, {level, 8});
        inflater in(bits, keeps);
        for (std::uint32_t i = 0; i != 12; ++i) {
          const std::string message = sample(i * i * 500, i + static_cast<std::uint32_t>(bits));
          const auto back = inflate(in, out.compress(message));
          if (back.how != outcome::fine || back.text != message) FAIL("message " << i);
        }
      }
}

TEST_CASE("each memory level makes the round trip") {
  for (int memory = 1; memory <= 9; ++memory) {
    deflater out(9, true, {6, memory});
    inflater in(9, true);
    for (std::uint32_t i = 0; i != 5; ++i)
      CHECK(inflate(in, out.compress(sample(30'000, i))).text == sample(30'000, i));
  }
}

TEST_CASE("a message inflates the same in any pieces") {
  const std::string message = sample(3'000, 7);
  const std::string wire = deflater(15, false, {}).compress(message);
  inflater whole(15, true);
  for (std::size_t piece = 1; piece <= wire.size(); ++piece)
    if (inflate(whole, wire, piece).text != message) FAIL("pieces of " << piece);
}

TEST_CASE("messages of all sizes around the steps of the buffer make the round trip") {
  deflater out(15, false, {0, 8});
  inflater in(15, false);
  for (std::size_t size = 8 * 1024 - 40; size != 8 * 1024 + 40; ++size) {
    const auto back = inflate(in, out.compress(std::string(size, 'x')));
    if (back.how != outcome::fine || back.text.size() != size) FAIL(size);
  }
}

TEST_CASE("a message cut anywhere is invalid, unless nothing of it is left") {
  const std::string wire = deflater(15, false, {}).compress(sample(500, 3));
  for (std::size_t size = 1; size != wire.size(); ++size) {
    inflater z(15, true);
    if (inflate(z, wire.substr(0, size)).how != outcome::invalid) FAIL("cut at " << size);
  }
}

TEST_CASE("an empty message is one empty block, with context or without") {
  deflater out(15, true, {});
  inflater in(15, true);
  for (const std::string_view text : {"", "", "Hello", "", "", "Hello", ""}) {
    const std::string wire = out.compress(text);
    CHECK_FALSE(wire.empty());
    CHECK(inflate(in, wire).text == text);
  }
  CHECK(deflater(15, false, {}).compress("") == bytes({0x00}));
}

TEST_CASE("a compressed message without a byte is an empty one, and harms no context") {
  inflater z(15, true);
  CHECK(inflate(z, hello).text == "Hello");
  const auto empty = inflate(z, "");
  CHECK(empty.how == outcome::fine);
  CHECK(empty.text.empty());
  CHECK(inflate(z, bytes({0xf2, 0x00, 0x11, 0x00, 0x00})).text == "Hello");
}

TEST_CASE("a final block ends a stream, and another may follow in the message and in the next") {
  const std::string final_hello = bytes({0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00});
  for (const bool keeps : {true, false}) {
    inflater z(15, keeps);
    for (const std::size_t piece : {std::size_t{1}, std::size_t{100}}) {
      CHECK(inflate(z, final_hello, piece).text == "Hello");  // as zlib's Z_FINISH leaves it
      CHECK(inflate(z, final_hello + '\0', piece).text == "Hello");
      CHECK(inflate(z, final_hello + final_hello + '\0', piece).text == "HelloHello");
      CHECK(inflate(z, final_hello + hello, piece).text == "HelloHello");
    }
  }
}

TEST_CASE("what is no deflate stream is invalid, at once or at its end") {
  for (const std::string& bad :
       {std::string(100, '\xff'), bytes({0x07}), bytes({0x01, 0x05, 0x00, 0x00, 0x00}), hello + "trailing",
        hello + bytes({0x00, 0x00, 0xff, 0xff}) + "\xff", bytes({0xf2, 0x00, 0x11, 0x00, 0x00}),
        bytes({0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00}) + std::string(10, '\xff')})
    for (const std::size_t piece : {std::size_t{1}, std::size_t{1000}}) {
      inflater z(15, true);
      CHECK(inflate(z, bad, piece).how == outcome::invalid);
    }
}

// zlib looks back into what one step has put out, too, whatever the window: so steps are made small here.
TEST_CASE("what is compressed for a small window needs no larger one") {
  for (int bits = 8; bits <= 12; ++bits) {
    CAPTURE(bits);
    const std::string message = sample(20'000, 5);
    inflater same(bits, true), smaller((std::max)(bits - 1, 8), true);
    CHECK(inflate(same, deflater(bits, false, {}).compress(message), 1).text == message);
    CHECK((inflate(smaller, deflater(bits, false, {}).compress(message), 1).how == outcome::fine) == (bits <= 9));
  }
}

TEST_CASE("a bomb is found at the limit, and costs no more than the limit") {
  const std::string bomb = deflater(15, false, {9, 9}).compress(std::string(50'000'000, '0'));
  CHECK(bomb.size() < 51'000);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{700}, bomb.size()}) {
    inflater z(15, true);
    const auto out = inflate(z, bomb, piece, 1'000'000);
    CHECK(out.how == outcome::too_big);
    CHECK(out.text.size() <= 1'000'000 + 8 * 1024);
  }
}

TEST_CASE("a message of exactly the limit is fine, one byte more is not") {
  for (const std::size_t limit : {std::size_t{1}, std::size_t{8 * 1024}, std::size_t{100'000}}) {
    inflater z(15, false);
    CHECK(inflate(z, deflater(15, false, {}).compress(std::string(limit, 'x')), 10, limit).how == outcome::fine);
    CHECK(inflate(z, deflater(15, false, {}).compress(std::string(limit + 1, 'x')), 10, limit).how == outcome::too_big);
  }
}

TEST_CASE("many final blocks cost no more than their bytes") {
  std::string blocks;
  for (int i = 0; i != 300'000; ++i) blocks += bytes({0x03, 0x00});
  inflater z(15, true);
  const auto out = inflate(z, blocks + '\0');
  CHECK(out.how == outcome::fine);
  CHECK(out.text.empty());
}

#endif
