// What conformance suites talk to: `protocol_server BASE_PORT [--reasons]` opens six listeners on 127.0.0.1.
//   A = BASE    Socket.IO, short times, any origin
//   B = BASE+1  Socket.IO, one allowed origin, a cookie, short deadlines for requests, compression
//   C = BASE+2  Engine.IO alone, path /engine.io/, every message echoed
//   E = BASE+3  a raw WebSocket echo, with compression
//   F = BASE+4  as A, patient with silent clients, old clients too, recovery, and more namespaces
//   G = BASE+5  as C, old clients too
#include <sio/sio.hpp>

#include <support/engine_echo.hpp>
#include <support/signals.hpp>
#include <support/websocket_echo.hpp>

#include <asio/signal_set.hpp>

#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>

using namespace std::chrono_literals;

namespace {

constexpr const char* here = "127.0.0.1";
constexpr const char* allowed_origin = "http://allowed.example";

sio::server_options options_of_a() {
  sio::server_options o;
  o.ping_interval = 300ms;
  o.ping_timeout = 200ms;
  o.max_http_buffer_size = 1'000'000;
  o.connect_timeout = 1000ms;
  o.upgrade_timeout = 1000ms;
  o.cors = sio::cors_options{};
  o.serve_client = false;
  return o;
}

sio::server_options options_of_b() {
  sio::server_options o = options_of_a();
  o.ping_interval = o.ping_timeout = 1000ms;
  o.head_timeout = 2s;
  o.request_timeout = 3s;
  o.cookie = sio::cookie_options{};
  o.cors->origin = std::vector<std::string>{allowed_origin};
  o.cors->credentials = true;
  if (sio::ws::can_deflate) o.per_message_deflate.emplace();
  o.allow_request = [](const sio::request& r, const sio::allow_decision& decide) {
    const std::string* origin = r.headers.find("Origin");
    decide(!origin || *origin == allowed_origin, {});
  };
  return o;
}

sio::server_options options_of_c() {
  sio::server_options o = options_of_a();
  o.path = "/engine.io";
  return o;
}

sio::server_options options_of_f() {
  sio::server_options o = options_of_a();
  o.ping_timeout = 20s;
  o.allow_eio3 = true;
  o.connection_state_recovery = sio::recovery_options{};
  return o;
}

sio::server_options options_of_g() {
  sio::server_options o = options_of_c();
  o.allow_eio3 = true;
  return o;
}

// /refused and /bare turn everybody away; /who says with whom it has to do.
void add_namespaces(sio::server& io) {
  io.of("/refused").use([](sio::socket) { throw sio::connect_error("no", sio::object{{"content", "retry"}}); });
  io.of("/bare").use([](sio::socket) { throw sio::connect_error("plain"); });
  io.of("/who").on("connection", [](sio::socket s) {
    const sio::handshake& shake = s.handshake();
    s.emit("you", s.id(), shake.auth, shake.protocol);
    s.on("bytes please", [s] { s.emit("bytes", sio::binary("\x01\x02", 2)); });
    s.on("dismiss me", [s] { s.disconnect(); });
    s.on("hang up", [s] { s.disconnect(true); });
  });
}

void add_handlers(const sio::nsp& nsp, bool tells_reasons) {
  nsp.on("connection", [tells_reasons](sio::socket s) {
    s.emit("auth", s.handshake().auth);
    s.on("message", [s](sio::array args) { s.emit_array("message-back", std::move(args)); });
    s.on("message-with-ack", [](sio::array args, sio::ack done) { done.send(std::move(args)); });
    if (!tells_reasons) return;
    s.on("disconnect",
         [s](sio::reason why) { std::cout << "reason " << s.nsp().name() << " " << to_string(why) << std::endl; });
  });
}

struct servers {
  servers(asio::io_context& context, unsigned short base, bool tells_reasons)
      : a(context.get_executor(), options_of_a()), b(context.get_executor(), options_of_b()),
        c(context.get_executor(), options_of_c()), g(context.get_executor(), options_of_g()),
        f(context.get_executor(), options_of_f()), e(std::make_shared<test::websocket_echo>(context.get_executor())) {
    for (sio::server* io : {&a, &b, &f})
      for (const char* name : {"/", "/custom"}) add_handlers(io->of(name), tells_reasons);
    add_namespaces(f);
    a.listen(here, base);
    b.listen(here, static_cast<unsigned short>(base + 1));
    c.listen(here, static_cast<unsigned short>(base + 2));
    e->listen(here, static_cast<unsigned short>(base + 3));
    f.listen(here, static_cast<unsigned short>(base + 4));
    g.listen(here, static_cast<unsigned short>(base + 5));
  }

  sio::server a, b;
  test::engine_echo c, g;
  sio::server f;
  std::shared_ptr<test::websocket_echo> e;
};

}  // namespace

int main(int argc, char** argv) try {
  const int base = argc > 1 ? std::atoi(argv[1]) : 0;
  if (base < 1 || base > 65530) {
    std::cerr << "usage: protocol_server BASE_PORT [--reasons]\n";
    return 2;
  }
  asio::io_context context(1);
  asio::signal_set signals(context, SIGINT, SIGTERM);  // outlives the servers: a second signal changes nothing
  servers all(context, static_cast<unsigned short>(base), argc > 2 && std::strcmp(argv[2], "--reasons") == 0);

  int open = 3;
  signals.async_wait([&](std::error_code, int) {
    for (sio::server* io : {&all.a, &all.b, &all.f})
      io->close([&] {
        if (--open == 0) context.stop();
      });
  });
  context.poll();  // the listeners start with the first turn
  std::cout << "ready " << ::getpid() << std::endl;
  context.run();
  hold_signals();
} catch (const std::exception& e) {
  std::cerr << "protocol_server: " << e.what() << "\n";
  return 1;
}
