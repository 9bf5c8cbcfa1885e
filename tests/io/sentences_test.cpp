// What a programmer does wrong is told in one clear sentence, at once.
#include <sio/sio.hpp>
#include <support/catch.hpp>
#include <support/raw_client.hpp>
#include <support/served.hpp>

#include <asio/io_context.hpp>

#include <functional>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using Catch::Matchers::Equals;
using served::eventually;
using served::quiet;

namespace {

// What a server made with that option says.
std::string complaint(const std::function<void(sio::server_options&)>& change) {
  sio::server_options o = quiet();
  change(o);
  try {
    sio::server io(o);
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return {};
}

// What a call says, whatever it throws.
template <class F>
std::string said(F&& f) {
  try {
    f();
  } catch (const std::exception& e) {
    return e.what();
  }
  return {};
}

}  // namespace

TEST_CASE("options that cannot be are refused with their names") {
  using o = sio::server_options;
  const auto starts = [](const std::string& text, const std::string& with) {
    return text.substr(0, with.size()) == with;
  };
  const auto wrong = [&](const char* name, const std::function<void(o&)>& change) {
    CAPTURE(name, complaint(change));
    CHECK(starts(complaint(change), std::string("sio: option ") + name));
  };
  wrong("path", [](o& x) { x.path = "/a?b"; });
  wrong("transports", [](o& x) { x.transports.clear(); });
  wrong("ping_interval", [](o& x) { x.ping_interval = 0ms; });
  wrong("ping_interval", [](o& x) { x.ping_interval = std::chrono::milliseconds::max(); });
  wrong("ping_timeout", [](o& x) { x.ping_timeout = -1ms; });
  wrong("upgrade_timeout", [](o& x) { x.upgrade_timeout = 0ms; });
  wrong("connect_timeout", [](o& x) { x.connect_timeout = std::chrono::milliseconds::max(); });
  wrong("head_timeout", [](o& x) { x.head_timeout = 0ms; });
  wrong("request_timeout", [](o& x) { x.request_timeout = 0ms; });
  wrong("keep_alive_timeout", [](o& x) { x.keep_alive_timeout = 0ms; });
  wrong("max_http_buffer_size", [](o& x) { x.max_http_buffer_size = 0; });
  wrong("max_head_size", [](o& x) { x.max_head_size = 100; });
  wrong("max_target_size", [](o& x) { x.max_target_size = 0; });
  wrong("max_header_fields", [](o& x) { x.max_header_fields = 0; });
  wrong("max_fragments", [](o& x) { x.max_fragments = 0; });
  wrong("max_json_depth", [](o& x) { x.max_json_depth = 0; });
  wrong("max_namespaces", [](o& x) { x.max_namespaces = 0; });
  wrong("max_namespace_length", [](o& x) { x.max_namespace_length = 0; });
  wrong("max_packets_per_payload", [](o& x) { x.max_packets_per_payload = 0; });
  wrong("max_buffered_bytes", [](o& x) { x.max_buffered_bytes = 0; });
  wrong("threads", [](o& x) { x.threads = 2; });
  wrong("threads", [](o& x) { x.threads = 0; });
  CHECK(complaint([](o& x) { x.max_http_buffer_size = 1, x.max_attachments = 0, x.path = ""; }).empty());
  CHECK(complaint([](o& x) { x.ping_interval = std::chrono::hours(24 * 24); }).empty());
}

TEST_CASE("listening in vain says where and why") {
  sio::server io(quiet());
  io.listen("127.0.0.1", 0);
  const std::string port = std::to_string(io.port());
  CHECK_THAT(said([&] { io.listen("127.0.0.1", io.port()); }),
             Equals("sio: cannot listen on 127.0.0.1:" + port + ": Address already in use"));
  CHECK_THAT(said([&] { io.listen(io.port()); }),
             Equals("sio: cannot listen on port " + port + ": Address already in use"));
  CHECK_THAT(said([&] { io.listen("nowhere", 1); }), Equals("sio: cannot listen on nowhere:1: Invalid argument"));
  CHECK_THAT(said([&] { io.listen("192.0.2.1", 0); }),
             Equals("sio: cannot listen on 192.0.2.1:0: Cannot assign requested address"));
  CHECK(std::to_string(io.port()) == port);
}

TEST_CASE("a server listens on several ports, of IPv4 and IPv6") {
  served::own_loop own;
  const unsigned short one = own.start();
  own.io->listen(0);
  const unsigned short other = own.io->port();
  CHECK(one != other);
  raw::join_by_websocket(one);
  raw::join_by_websocket(other);
}

TEST_CASE("a closed server does not listen again") {
  sio::server io(quiet());
  io.listen("127.0.0.1", 0);
  const unsigned short port = io.port();
  io.close();
  io.run();
  CHECK_THAT(said([&] { io.listen(1234); }), Equals("sio: cannot listen on port 1234: this server was closed"));
  CHECK_THROWS_AS(raw::client(port), std::system_error);
}

TEST_CASE("run says who runs the loop instead") {
  asio::io_context context;
  sio::server hosted(context.get_executor(), quiet());
  CHECK_THAT(said([&] { hosted.run(); }), Equals("sio: this server lives on the host's executor, which the host runs"));
  sio::server io(quiet());
  std::string second;
  io.on_request("/", [&](const sio::request&) { return sio::response{}; });
  io.close([&] { second = said([&] { io.run(); }); });
  io.run();
  CHECK(second == "sio: this server's loop turns already: run is for one thread");
}

TEST_CASE("a directory that is not there is told") {
  sio::server io(quiet());
  CHECK_THAT(said([&] { io.serve_files("/", "/no/such/directory"); }),
             Equals("cannot serve files from \"/no/such/directory\": there is no such directory"));
}

TEST_CASE("reserved event names are told, as in JS") {
  std::vector<std::string> sentences;
  std::atomic<bool> done{false};
  served::own_loop own;
  own.io->on("connection", [&](sio::socket s) {
    for (const char* name :
         {"connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"}) {
      sentences.push_back(said([&] { s.emit(name); }));
      sentences.push_back(said([&] { s.broadcast().emit(name); }));
      sentences.push_back(said([&] { s.timeout(1s).emit(name, [](sio::error_code) {}); }));
      sentences.push_back(said([&] { own.io->to("room").emit(name); }));
      for (auto it = sentences.end() - 4; it != sentences.end(); ++it)
        if (*it != "\"" + std::string(name) + "\" is a reserved event name") it->insert(0, "wrong: ");
    }
    done = true;
  });
  raw::join_by_websocket(own.start());
  CHECK(eventually([&] { return done.load(); }));
  for (const std::string& s : sentences) CHECK(s.substr(0, 1) == "\"");
}

TEST_CASE("what is for handlers says so elsewhere") {
  sio::socket kept;
  std::atomic<bool> there{false};
  served::own_loop own;
  own.io->on("connection", [&](sio::socket s) { kept = s, there = true; });
  auto c = raw::join_by_websocket(own.start());
  REQUIRE(eventually([&] { return there.load(); }));
  CHECK_THAT(said([&] { kept.rooms(); }),
             Equals("sio: socket::rooms is for handlers: this thread does not run the socket's loop"));
  CHECK_THAT(said([&] { kept.transport(); }),
             Equals("sio: socket::transport is for handlers: this thread does not run the socket's loop"));
  CHECK_THAT(said([&] { sio::socket().data<int>(); }), Equals("sio: socket::data: this handle stands for no socket"));
}

TEST_CASE("a handle that stands for nothing does nothing") {
  const sio::socket s;
  CHECK_FALSE(s);
  CHECK(s.id().empty());
  CHECK_FALSE(s.connected());
  CHECK(s.rooms().empty());
  CHECK(s.transport() == sio::transport::polling);
  s.emit("x", [](sio::error_code) {});
  s.join("a"), s.leave("a"), s.disconnect(true), s.off(), s.broadcast().emit("x"), s.nsp().emit("x");
  s.on("x", [] {});
  const sio::nsp n;
  CHECK(n.name().empty());
  n.emit("x"), n.to("a").emit("x"), n.off(), n.use([](sio::socket) {});
  n.on("connection", [] {});
}
