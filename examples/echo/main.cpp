// The smallest server: it sends back what it is told, and acknowledges it.
#include <sio/sio.hpp>

#include <string>

int main() {
  sio::server io;
  io.on("connection", [](sio::socket s) {
    s.on("message", [s](std::string text) {
      s.send("echo: " + text);
      return text.size();  // what a handler returns is its acknowledgement
    });
  });
  io.listen(3000);
  io.run();
}
