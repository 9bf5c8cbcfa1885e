// The other half of the game: `game_server [PORT]` tells every player where the others are.
#include <sio/sio.hpp>

#include <cstdlib>
#include <iostream>

int main(int argc, char** argv) {
  sio::server io;
  io.on("connection", [](sio::socket s) {
    s.on("move", [s](double x) { s.broadcast().volatile_().emit("moved", s.id(), x); });
    s.on("disconnect", [s] { s.broadcast().emit("left", s.id()); });
  });
  io.listen(argc > 1 ? static_cast<unsigned short>(std::atoi(argv[1])) : 3000);
  std::cout << "http://localhost:" << io.port() << std::endl;
  io.run();
}
