// The client against the other servers: ours, in the same process, and python3-socketio's.
#include <support/catch.hpp>
#include <support/client_fixture.hpp>
#include <support/peer_process.hpp>
#include <support/served.hpp>

#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>

using sio::array;
using sio::binary;
using sio::object;
using sio::value;
using test::guest;
using test::way;

namespace {

constexpr way ways[] = {way::polling, way::websocket, way::upgrade};

// Our server, with the handlers of python_server.py.
struct our_server : served::own_loop {
  our_server() {
    for (const char* nsp : {"/", "/admin"}) {
      io->of(nsp).use([](const sio::socket& s) {
        if (s.handshake().auth["token"] == value("wrong"))
          throw sio::connect_error("unauthorized", object{{"code", 401}});
      });
      io->of(nsp).on("connection", [](sio::socket s) { greet(s); });
    }
    url = "http://127.0.0.1:" + std::to_string(start());
  }
  ~our_server() { end(); }

  static void greet(const sio::socket& s) {
    s.emit("hello", s.id(), s.handshake().auth);
    s.on("echo", [](const sio::socket& from, array all, sio::ack done) {
      from.emit_array("echo", all);
      if (done) done(all);
    });
    s.on("sum", [](int a, int b) { return a + b; });
    s.on("upload", [](std::string name, binary bytes) { return std::tuple(name, bytes.size()); });
    s.on("ask", [](const sio::socket& from, std::string event, int a, int b) {
      from.emit(event, a, b, [from](int answer) { from.emit("answered", nullptr, answer); });
    });
    s.on("flood", [](const sio::socket& from, int n) {
      for (int i = 0; i != n; ++i) from.emit("flooded", i);
    });
    s.on("kick", [](const sio::socket& from) { from.disconnect(); });
  }

  std::string url;
};

void talk(const std::string& url, way w) {
  CAPTURE(url, w);
  sio::client_options o = test::by(w);
  o.force_new = true;
  guest g(url + "/admin", o);
  g.io.on("question", [](int a, int b) { return a * b; });
  g.io.auth({{"token", "right"}});
  g.enter();
  CHECK(g.expect("hello") == array{value(g.io.id()), value(object{{"token", "right"}})});
  const array sent{value(object{{"bytes", binary{0, 255}}}), value("ü"), value(1.5), value()};
  g.io.emit_array("echo", sent);
  CHECK(g.expect("echo") == sent);
  CHECK(g.ask("sum", 20, 22) == "[42]");
  CHECK(g.ask("upload", "x.bin", binary(std::string(5000, 'x'))) == R"(["x.bin",5000])");
  g.io.emit("ask", "question", 6, 7);
  CHECK(g.expect("answered") == array{value(), value(42)});
  g.io.emit("flood", 500);
  for (int i = 0; i != 500; ++i)
    if (g.expect("flooded") != array{value(i)}) FAIL("out of order at " << i);
  g.io.emit("kick");
  CHECK(g.expect_text("disconnect") == R"(["io server disconnect"])");
  CHECK_FALSE(g.io.active());

  g.io.auth({{"token", "wrong"}});
  g.io.connect();
  const array refused = g.expect("connect_error");
  CHECK(refused == array{value("unauthorized"), value(object{{"code", 401}})});
  CHECK_FALSE(g.io.active());
  CHECK(g.all->count("error") == 0);
}

}  // namespace

TEST_CASE("our own server and our client understand each other by every transport") {
  our_server server;
  for (const way w : ways) talk(server.url, w);
}

TEST_CASE("our own server gives back what a client missed") {
  sio::server_options o = served::quiet();
  o.connection_state_recovery.emplace();
  served::own_loop server(std::move(o));
  test::heard left;
  server.io->on("connection", [&](const sio::socket& s) {
    s.on("disconnect", [&left] { left.note("left"); });
    s.emit("hello");
  });
  test::network_proxy network(server.start());
  guest g(network.url(), test::by(way::websocket));
  g.enter();
  g.expect("hello");
  const std::string id = g.io.id();
  network.order("cut");
  g.expect("disconnect");
  left.expect("left");
  for (const int n : {1, 2}) server.io->emit("missed", n);
  network.order("mend");
  g.expect("connect");
  CHECK(g.io.recovered());
  CHECK(g.io.id() == id);
  for (const int n : {1, 2}) CHECK(g.expect("missed").at(0) == value(n));
  server.end();
}

TEST_CASE("python3-socketio's server and our client understand each other by every transport") {
  std::optional<test::python_server> server;
  try {
    server.emplace();
  } catch (const std::runtime_error&) {
    WARN("no python3-socketio here");
    return;
  }
  for (const way w : ways) talk(server->url(), w);
}
