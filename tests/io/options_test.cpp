// Every option of a server has its effect.
#include <sio/sio.hpp>
#include <support/catch.hpp>
#include <support/raw_client.hpp>
#include <support/served.hpp>
#include <support/temp_dir.hpp>

#include <atomic>
#include <functional>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using served::eventually;

namespace {

// A server with one option changed, and a client or two of it.
class changed {
 public:
  explicit changed(const std::function<void(sio::server_options&)>& change) : own_(options(change)) {
    own_.io->on("connection", [](sio::socket s) {
      s.on("echo", [](sio::value v) { return v; });
      s.emit("hello");
    });
    port_ = own_.start();
  }
  unsigned short port() const { return port_; }
  raw::client connect() const { return raw::client(port_); }
  raw::answer get(const std::string& target, const std::string& fields = {}) const {
    return connect().get(target, fields);
  }
  raw::answer handshake(const std::string& fields = {}) const { return get(raw::path + "polling", fields); }

 private:
  static sio::server_options options(const std::function<void(sio::server_options&)>& change) {
    sio::server_options o = served::quiet();
    change(o);
    return o;
  }
  served::own_loop own_;
  unsigned short port_;
};

using o = sio::server_options;

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// How a WebSocket ended: the code of its close frame; 0 without one.
unsigned close_code(raw::client& c) {
  for (;;) {
    const raw::frame f = c.read_frame();
    if (f.opcode != 8) continue;
    if (f.payload.size() < 2) return 0;
    return static_cast<unsigned>(static_cast<unsigned char>(f.payload[0])) * 256 +
           static_cast<unsigned char>(f.payload[1]);
  }
}

}  // namespace

TEST_CASE("path is where Socket.IO is") {
  const changed x([](o& c) { c.path = "/chat/"; });
  CHECK(x.get("/chat/?EIO=4&transport=polling").status == 200);
  CHECK(x.handshake().status == 404);
}

TEST_CASE("serve_client and client_dir give the bundle, or not") {
  const test::temp_dir dir;
  dir.write("socket.io.js", "the client");
  const changed with([&](o& c) { c.client_dir = dir.path.string(); });
  CHECK(with.get("/socket.io/socket.io.js").body == "the client");
  const changed without([&](o& c) { c.serve_client = false, c.client_dir = dir.path.string(); });
  CHECK(without.get("/socket.io/socket.io.js").status == 400);
}

TEST_CASE("transports and allow_upgrades say what is offered") {
  const changed polling([](o& c) { c.transports = {sio::transport::polling}; });
  CHECK(has(polling.handshake().body, "\"upgrades\":[]"));
  CHECK(polling.connect().upgrade(raw::path + "websocket").status == 400);
  const changed websocket([](o& c) { c.transports = {sio::transport::websocket}; });
  CHECK(websocket.handshake().status == 400);
  raw::join_by_websocket(websocket.port());
  const changed fixed([](o& c) { c.allow_upgrades = false; });
  CHECK(has(fixed.handshake().body, "\"upgrades\":[]"));
}

TEST_CASE("the heartbeat's times are told and kept") {
  const changed x([](o& c) { c.ping_interval = 40ms, c.ping_timeout = 30ms, c.max_http_buffer_size = 5000; });
  CHECK(has(x.handshake().body, "\"pingInterval\":40,\"pingTimeout\":30,\"maxPayload\":5000}"));
  auto c = raw::open_websocket(x.port());
  CHECK(c.read_frame().payload == "2");
  CHECK(c.ended());
}

TEST_CASE("upgrade_timeout ends an upgrade that does not come to its point") {
  const changed x([](o& c) { c.upgrade_timeout = 30ms; });
  auto c = x.connect(), ws = x.connect();
  const std::string sid = raw::open_by_polling(c);
  CHECK(ws.upgrade(raw::path + "websocket&sid=" + sid).status == 101);
  CHECK(close_code(ws) == 0);
  CHECK(c.post(raw::path + "polling&sid=" + sid, "40").status == 200);
}

TEST_CASE("connect_timeout ends a connection that joins no namespace") {
  const changed x([](o& c) { c.connect_timeout = 30ms; });
  auto idle = raw::open_websocket(x.port()), joined = raw::join_by_websocket(x.port());
  CHECK(idle.ended());
  CHECK(joined.read_text() == "42[\"hello\"]");
  joined.send_text("421[\"echo\",1]");
  CHECK(joined.read_text() == "431[1]");
}

TEST_CASE("max_http_buffer_size bounds bodies and messages") {
  const changed x([](o& c) { c.max_http_buffer_size = 100; });
  auto c = x.connect();
  const std::string with_sid = raw::path + "polling&sid=" + raw::open_by_polling(c);
  CHECK(c.post(with_sid, std::string(101, 'x')).status == 413);
  auto ws = raw::join_by_websocket(x.port());
  ws.send_text(std::string(101, '4'));
  CHECK(close_code(ws) == 1009);
}

TEST_CASE("cors names who may ask") {
  const changed x([](o& c) { c.cors.emplace().origin = std::string("http://friend"); });
  CHECK(has(x.handshake("Origin: http://x\r\n").head, "Access-Control-Allow-Origin: http://friend\r\n"));
}

TEST_CASE("cookie is set by the polling handshake") {
  const changed x([](o& c) { c.cookie.emplace().name = "crumb"; });
  CHECK(has(x.handshake().head, "Set-Cookie: crumb="));
}

TEST_CASE("allow_request decides") {
  const changed x([](o& c) {
    c.allow_request = [](const sio::request& asked, sio::allow_decision decide) {
      decide(asked.query["key"] == "k", {});
    };
  });
  CHECK(x.handshake().status == 403);
  CHECK(x.get(raw::path + "polling&key=k").status == 200);
}

TEST_CASE("heads have their bounds") {
  const changed x([](o& c) { c.max_head_size = 1024, c.max_target_size = 100, c.max_header_fields = 5; });
  CHECK(x.get("/" + std::string(100, 'x')).status == 414);
  CHECK(x.get("/", "A: " + std::string(1024, 'x') + "\r\n").status == 431);
  CHECK(x.get("/", "A: 1\r\nB: 1\r\nC: 1\r\nD: 1\r\nE: 1\r\n").status == 431);
  CHECK(x.get("/", "A: 1\r\n").status == 404);
}

TEST_CASE("max_fragments bounds the frames of a message") {
  const changed x([](o& c) { c.max_fragments = 3; });
  auto c = raw::join_by_websocket(x.port());
  std::string frames;
  for (const int first : {1, 0, 0, 0, 0}) frames += static_cast<char>(first), frames += "\x80" + std::string(4, '\0');
  c.send(frames);
  CHECK(close_code(c) == 1008);
}

TEST_CASE("packets have their bounds") {
  const changed x([](o& c) {
    c.max_json_depth = 5, c.max_attachments = 1, c.max_namespaces = 2, c.max_namespace_length = 20;
    c.max_packets_per_payload = 2;
  });
  const auto ends = [&](const std::string& packet) {
    auto c = raw::join_by_websocket(x.port());
    c.send_text(packet);
    return c.ended();
  };
  CHECK(ends("42[\"a\",[[[[[1]]]]]]"));
  CHECK(ends("452-[\"a\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]"));
  CHECK(ends("40/" + std::string(20, 'n') + ","));
  auto c = raw::join_by_websocket(x.port());
  CHECK(c.read_text() == "42[\"hello\"]");
  c.send_text("40/a,"), c.send_text("421[\"echo\",[[1]]]");
  CHECK(c.read_text() == "44/a,{\"message\":\"Invalid namespace\"}");
  CHECK(c.read_text() == "431[[[1]]]");
  auto polls = x.connect();
  const std::string with_sid = raw::path + "polling&sid=" + raw::open_by_polling(polls);
  polls.post(with_sid,
             "40\x1e"
             "3\x1e"
             "3");
  CHECK(polls.get(with_sid).status == 400);
}

TEST_CASE("max_namespaces bounds what one client joins") {
  auto options = served::quiet();
  options.max_namespaces = 2;
  served::own_loop own(options);
  for (const char* name : {"/a", "/b"}) own.io->of(name);
  auto c = raw::join_by_websocket(own.start());
  for (const char* packet : {"40/a,", "40/b,"}) c.send_text(packet);
  CHECK(c.read_text().substr(0, 5) == "40/a,");
  CHECK(c.read_text() == "44/b,{\"message\":\"too many namespaces\"}");
}

TEST_CASE("log hears the library's own lines, from the level that was asked for") {
  for (const sio::log_level least : {sio::log_level::debug, sio::log_level::info}) {
    served::notes said;
    const changed x([&](o& c) {
      c.min_log_level = least;
      c.log = [&](sio::log_level, std::string_view line) { said.add(std::string(line)); };
    });
    auto c = raw::join_by_websocket(x.port());
    c.send_text("42wrong");
    CHECK(c.ended());
    CHECK(said.size() == (least == sio::log_level::debug ? 1 : 0));
  }
}
