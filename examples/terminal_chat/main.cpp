// A chat for the terminal, in the rooms of the chat example: `terminal_chat NAME [ROOM] [URL]`, then type. Handlers run
// on the client's own thread while this one reads.
#include <sio/sio.hpp>

#include <iostream>
#include <string>
#include <vector>

int main(int argc, char** argv) {
  if (argc < 2) return std::cerr << "usage: terminal_chat NAME [ROOM] [URL]\n", 2;
  const std::string name = argv[1], room = argc > 2 ? argv[2] : "lobby";
  sio::client io(argc > 3 ? argv[3] : "http://localhost:3000");

  // At every connection, the later ones too: the server does not know this client any more.
  io.on("connect", [&](sio::client me) {
    me.emit("join", name, room,
            [](bool welcome) { std::cout << (welcome ? "* type away" : "* not let in") << std::endl; });
  });
  io.on("disconnect", [](std::string why) { std::cout << "* offline: " << why << std::endl; });
  io.on("connect_error", [](std::string why) { std::cout << "* no connection: " << why << std::endl; });

  io.on("message",
        [](std::string /*id*/, std::string who, std::string text) { std::cout << who << ": " << text << std::endl; });
  io.on("joined", [](std::string who) { std::cout << "* " << who << " joined" << std::endl; });
  io.on("left", [](std::string who) { std::cout << "* " << who << " left" << std::endl; });
  io.on("members", [](std::vector<std::string> names) {
    std::cout << "* here:";
    for (const std::string& n : names) std::cout << " " << n;
    std::cout << std::endl;
  });

  io.connect();
  for (std::string line; std::getline(std::cin, line);)
    if (!line.empty()) io.emit("message", line);  // kept while there is no connection
}
