// volatile, compress, local and timeout: together, and on the wire.
#include <sio/sio.hpp>
#include <support/catch.hpp>
#include <support/raw_client.hpp>
#include <support/served.hpp>

#include <string>
#include <vector>

using namespace std::chrono_literals;
using served::own_loop;

namespace {

using lines = std::vector<std::string>;

}  // namespace

TEST_CASE("flags go together, in any order, wherever events leave") {
  own_loop own;
  std::vector<sio::socket> sockets;  // touched on the loop only
  own.io->on("connection", [&](sio::socket s) {
    sockets.push_back(s);
    if (sockets.size() != 2) return;
    const sio::socket one = sockets[0];
    one.volatile_().to("nobody").emit("unseen");
    one.compress(false).timeout(1s).local().emit("1");
    one.timeout(1s).compress(true).broadcast().except("x").send(2);
    one.compress(false).in(s.id()).emit("3");
    one.local().except(s.id()).emit("unseen");
    own.io->local().compress(false).timeout(1s).to(s.id()).send(4);
    own.io->compress(false).volatile_().local().emit("dropped");  // not the first of this turn
    s.nsp().timeout(1s).local().compress(true).emit("5");
    s.compress(false).send(6);
    s.timeout(1s).compress(true).emit_array("7", {});
    one.emit("end");
  });
  const unsigned short port = own.start();
  raw::client one = raw::join_by_websocket(port), other = raw::join_by_websocket(port);
  lines got;
  for (int i = 0; i != 7; ++i) got.push_back(other.read_text());
  CHECK(got == lines{"42[\"1\"]", "42[\"message\",2]", "42[\"3\"]", "42[\"message\",4]", "42[\"5\"]",
                     "42[\"message\",6]", "42[\"7\"]"});
  got.clear();
  for (std::string text; text != "42[\"end\"]" && got.size() < 5;) got.push_back(text = one.read_text());
  const lines without{"42[\"5\"]", "42[\"end\"]"}, with_volatile{"42[\"dropped\"]", "42[\"5\"]", "42[\"end\"]"};
  CHECK((got == without || got == with_volatile));
}

#if defined(SIO_WITH_DEFLATE)
TEST_CASE("what is not to be compressed is not, to one and to many") {
  auto options = served::quiet();
  options.per_message_deflate.emplace();
  own_loop own(options);
  own.io->on("connection", [](sio::socket s) {
    const std::string text(5000, 'a');
    s.emit("a", text);
    s.compress(false).emit("b", text);
    s.nsp().emit("c", text);
    s.nsp().compress(false).emit("d", text);
  });
  raw::client c(own.start());
  REQUIRE(c.upgrade(raw::path + "websocket", "Sec-WebSocket-Extensions: permessage-deflate\r\n").status == 101);
  c.read_frame();
  c.send_text("40");
  c.read_frame();
  std::vector<bool> compressed;
  for (int i = 0; i != 4; ++i) compressed.push_back(c.read_frame().compressed);
  CHECK(compressed == std::vector<bool>{true, false, true, false});
}
#endif
