// The other half of the upload: `upload_server [PORT]` counts what comes, and keeps nothing.
#include <sio/sio.hpp>

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <map>
#include <string>

int main(int argc, char** argv) {
  sio::server io;
  std::map<std::string, std::uint64_t> sizes;  // by name

  io.on("connection", [&](sio::socket s) {
    s.on("piece", [&](std::string name, std::uint64_t offset, sio::binary bytes) {
      std::uint64_t& size = sizes[name];
      if (offset == 0) size = 0;
      if (offset == size) size += bytes.size();  // else: a piece that came already, or too early
      if (bytes.empty()) std::cout << name << ": " << size << " bytes" << std::endl;
      return size;
    });
  });

  io.listen(argc > 1 ? static_cast<unsigned short>(std::atoi(argv[1])) : 3000);
  std::cout << "http://localhost:" << io.port() << std::endl;
  io.run();
}
