// A client in a game: the network has a thread of its own, but every handler runs here, in `poll`, between two frames.
// So the world needs no lock. Start game_server, then two or more of `game_loop [URL [SECONDS]]`.
#include <sio/sio.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <map>
#include <string>
#include <thread>

using namespace std::chrono_literals;

struct world {
  bool online = false;
  double me = 0;
  std::map<std::string, double> others;  // by id: where each is
};

static void draw(const world& w) {
  std::cout << (w.online ? "online, " : "offline, ") << w.others.size() << " others:";
  for (const auto& [id, x] : w.others) std::cout << " " << x;
  std::cout << std::endl;
}

int main(int argc, char** argv) {
  world w;
  sio::client_options options;
  options.delivery = sio::delivery::poll;
  sio::client io(argc > 1 ? argv[1] : "http://localhost:3000", options);

  io.on("connect", [&] { w.online = true; });
  io.on("disconnect", [&] { w.online = false, w.others.clear(); });
  io.on("moved", [&](std::string id, double x) { w.others[id] = x; });
  io.on("left", [&](std::string id) { w.others.erase(id); });
  io.connect();

  const int frames = 60 * (argc > 2 ? std::atoi(argv[2]) : 60);
  for (int frame = 0; frame != frames; ++frame) {
    io.poll(100);  // at most so many handlers: a flood of events must not hold up a frame
    w.me += 0.01;
    io.volatile_().emit("move", w.me);  // an old position is worth nothing: it is never kept
    if (frame % 60 == 0) draw(w);
    std::this_thread::sleep_for(16ms);
  }
}
