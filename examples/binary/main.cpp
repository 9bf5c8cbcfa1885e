// Bytes travel as they are, anywhere in an event: upload a file, get its size, ask for it again.
#include <sio/sio.hpp>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

int main(int argc, char** argv) {
  sio::server_options options;
  options.max_http_buffer_size = 16 * 1024 * 1024;  // the largest message that a client may send
  sio::server io(options);
  std::map<std::string, sio::binary> files;

  io.on("connection", [&files](sio::socket s) {
    s.on("upload", [&files](std::string name, sio::binary bytes) {
      files[name] = bytes;  // shared, not copied
      return bytes.size();
    });
    s.on("download", [&files](std::string name, sio::ack done) {
      const auto found = files.find(name);
      if (found == files.end()) return done.fail("there is no " + name);
      done(found->second);
    });
    s.on("list", [&files] {  // bytes may stand anywhere in a value
      sio::array all;
      for (const auto& [name, bytes] : files) all.push_back(sio::object{{"name", name}, {"bytes", bytes}});
      return all;
    });
  });
  io.listen(argc > 1 ? static_cast<unsigned short>(std::atoi(argv[1])) : 3000);
  std::printf("ready %d\n", int{io.port()});
  std::fflush(stdout);
  io.run();
}
