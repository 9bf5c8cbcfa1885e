// Namespaces that clients make, and what a server does to many sockets at once: for tests with official clients.
#include <sio/sio.hpp>

#include <support/signals.hpp>

#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <regex>
#include <string>
#include <vector>

namespace {

using namespace std::chrono_literals;

// "/later-…" is decided upon by a timer.
void decide_later(asio::io_context& loop, const std::string& name, const sio::allow& decide) {
  const auto timer = std::make_shared<asio::steady_timer>(loop, 20ms);
  timer->async_wait([timer, name, decide](sio::error_code) { decide(name.rfind("/later-", 0) == 0); });
}

void add_parents(const sio::server& io, asio::io_context& loop) {
  const std::vector<sio::parent_nsp> parents{
      io.of(std::regex("^/regex-[0-9]+$")),
      io.of(sio::pattern("/glob-*")),
      io.of([](std::string name, sio::value auth) {
        return name.rfind("/asked-", 0) == 0 && auth["token"] == sio::value("secret");
      }),
      io.of([&loop](std::string name, sio::value, sio::allow decide) { decide_later(loop, name, decide); }),
  };
  for (const sio::parent_nsp& parent : parents) {
    parent.use([](sio::socket s) {
      if (s.handshake().auth["banned"] == sio::value(true)) throw sio::connect_error("banned");
    });
    parent.on("connection", [parent](sio::socket s) {
      s.join("all");
      s.emit("welcome", s.nsp().name());
      s.on("tell", [s](sio::value v) { s.nsp().emit("told", std::move(v)); });
      s.on("tell family", [parent](sio::value v) { parent.to("all").emit("told", std::move(v)); });
    });
  }
}

void add_overview(const sio::server& io) {
  const auto made = std::make_shared<std::vector<std::string>>();
  io.on("new_namespace", [made](sio::nsp n) {
    made->push_back(n.name());
    n.on("connection", [](sio::socket s) { s.emit("greeted by new_namespace"); });
  });
  io.on("connection", [made](sio::socket s) { s.on("made", [made] { return *made; }); });
}

void serve(unsigned short port) {
  asio::io_context loop;
  asio::signal_set signals(loop, SIGTERM, SIGINT);  // outlives the server: a second signal changes nothing
  sio::server_options options;
  options.cleanup_empty_child_namespaces = std::getenv("SIO_CLEANUP") != nullptr;
  sio::server io(loop.get_executor(), options);
  add_overview(io);
  add_parents(io, loop);

  signals.async_wait([&io](sio::error_code, int) { io.close(); });
  io.listen(port);
  std::printf("ready %d\n", int{io.port()});
  std::fflush(stdout);
  loop.run();
  hold_signals();
}

}  // namespace

int main(int argc, char** argv) try {
  serve(argc > 1 ? static_cast<unsigned short>(std::atoi(argv[1])) : 0);
} catch (const std::exception& e) {
  std::fprintf(stderr, "spaces_server: %s\n", e.what());
  return 1;
}
