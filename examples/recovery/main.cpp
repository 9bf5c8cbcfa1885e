// Nothing is lost when a client's network fails: within two minutes it goes on where it was. `recovery [PORT]`, then in
// tests/js (after `npm install`): `node ../../examples/recovery/client.mjs`, a client that cuts its line every second.
#include <sio/sio.hpp>

#include <asio/steady_timer.hpp>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <iostream>

using namespace std::chrono_literals;

int main(int argc, char** argv) {
  sio::server_options options;
  options.connection_state_recovery = sio::recovery_options{};
  sio::server io(options);
  io.on("connection", [](sio::socket s) {
    std::cout << s.id() << (s.recovered() ? " is back" : " is new") << std::endl;
    if (!s.recovered()) s.join("clock");  // one that is back is in its rooms already
  });

  asio::steady_timer timer(io.get_executor());
  int n = 0;
  const std::function<void(std::error_code)> tick = [&](std::error_code ec) {
    if (ec) return;
    io.to("clock").emit("tick", n++);
    timer.expires_after(100ms);
    timer.async_wait(tick);
  };
  tick({});

  io.listen(argc > 1 ? static_cast<unsigned short>(std::atoi(argv[1])) : 3000);
  std::cout << "http://localhost:" << io.port() << std::endl;
  io.run();
}
