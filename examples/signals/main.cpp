// Ending well: the first Ctrl-C sends the clients away within ten seconds, a second one ends at once.
#include <sio/sio.hpp>

#include <asio/signal_set.hpp>

#include <chrono>
#include <iostream>

using namespace std::chrono_literals;

namespace {

void report(const sio::drain_progress& p) {
  std::cout << (p.over ? "closed" : "draining") << ": " << p.connections << " clients, " << p.bytes << " bytes left\n";
}

}  // namespace

int main() {
  sio::server io;
  io.on("connection", [](sio::socket s) {
    s.on("message", [s](std::string text) { s.send("echo: " + text); });
    s.on("disconnect", [](sio::reason why) { std::cout << "one left: " << to_string(why) << "\n"; });
  });
  asio::signal_set signals(io.get_executor(), SIGINT, SIGTERM);
  signals.async_wait([&](std::error_code ec, int) {
    if (ec) return;
    io.drain(10s, {"server is leaving", {}}, report);
    signals.async_wait([&](std::error_code again, int) {
      if (!again) io.stop();
    });
  });
  io.listen(3000);
  io.run();
}
