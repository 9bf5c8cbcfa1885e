// Rooms: sockets join and leave them, and an event goes to all that are in one.
#include <sio/sio.hpp>

#include <cstdio>
#include <cstdlib>
#include <string>

int main(int argc, char** argv) {
  sio::server io;
  io.on("connection", [&io](sio::socket s) {
    s.on("join", [s, &io](std::string room) {
      s.join(room);
      s.to(room).emit("joined", s.id(), room);  // to the others in it
      io.to(room).fetch_sockets([&io, room](std::vector<sio::remote_socket> all) {
        io.to(room).emit("members", room, all.size());  // to everybody in it
      });
    });
    s.on("leave", [s](std::string room) {
      s.leave(room);
      s.to(room).emit("left", s.id(), room);
    });
    s.on("say", [s](std::string room, std::string text) { s.to(room).emit("said", room, s.id(), text); });
    s.on("tell all but", [&io](std::string room, std::string text) { io.except(room).emit("told", text); });
    s.on("disconnecting", [s] {  // it still is in its rooms
      for (const std::string& room : s.rooms())
        if (room != s.id()) s.to(room).emit("left", s.id(), room);
    });
  });
  io.listen(argc > 1 ? static_cast<unsigned short>(std::atoi(argv[1])) : 3000);
  std::printf("ready %d\n", int{io.port()});
  std::fflush(stdout);
  io.run();
}
