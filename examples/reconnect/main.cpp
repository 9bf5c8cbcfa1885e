// A client that comes back: `reconnect [URL]`, then stop the server and start it again. What is emitted meanwhile
// waits; with `retries` each event is sent until the server acknowledges it.
#include <sio/sio.hpp>

#include <chrono>
#include <iostream>
#include <string>
#include <thread>

using namespace std::chrono_literals;

int main(int argc, char** argv) {
  sio::client_options options;
  options.reconnection_delay = 500ms;  // doubled each time, up to:
  options.reconnection_delay_max = 5s;
  options.randomization_factor = 0.5;  // so that a thousand clients do not come back at once
  options.retries = 10;
  options.ack_timeout = 2s;
  options.auth = [attempt = 0]() mutable { return sio::object{{"attempt", ++attempt}}; };  // asked at each connection
  sio::client io(argc > 1 ? argv[1] : "http://localhost:3000", options);

  io.on("connect", [](sio::client me) {
    std::cout << (me.recovered() ? "back, nothing was missed" : "connected, id ") << me.id() << std::endl;
  });
  io.on("disconnect", [](std::string why) { std::cout << "lost: " << why << std::endl; });
  io.on("connect_error", [](sio::client me, std::string why) {
    std::cout << why << (me.active() ? "; trying again" : "; refused") << std::endl;
  });

  // What concerns the connection, and not this namespace alone, is the manager's.
  const sio::manager connection = io.manager();
  connection.on("reconnect_attempt", [](unsigned n) { std::cout << "attempt " << n << std::endl; });
  connection.on("reconnect", [](unsigned n) { std::cout << "back after " << n << " attempts" << std::endl; });
  connection.on("reconnect_failed", [] { std::cout << "given up" << std::endl; });

  io.connect();
  for (int n = 0;; ++n) {
    io.emit("message", "number " + std::to_string(n),
            [n](sio::error_code ec) { std::cout << n << (ec ? ": " + ec.message() : " has arrived") << std::endl; });
    std::this_thread::sleep_for(1s);
  }
}
