// Listening at a path of the file system: who may come in, what lies there before, and what is left behind.
#include <support/catch.hpp>
#include <support/early_request.hpp>
#include <support/raw_client.hpp>
#include <support/served.hpp>
#include <support/temp_dir.hpp>

#include <asio/io_context.hpp>
#include <asio/local/stream_protocol.hpp>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <stdexcept>
#include <string>
#include <system_error>

using namespace early_request;

namespace {

raw::client connect_to(const std::string& path) {
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  path.copy(to.sun_path, sizeof to.sun_path - 1);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) throw std::runtime_error("connect_to");
  return raw::client::over(fd);
}

bool exists(const std::string& path) {
  struct stat found {};
  return ::lstat(path.c_str(), &found) == 0;
}

}  // namespace

TEST_CASE("a server listens at a path, for those whom the permissions let in, until it closes") {
  test::temp_dir dir;
  const std::string path = (dir.path / "sio.sock").string();
  served::own_loop x;
  served::notes seen;
  answer(*x.io, seen);
  x.io->listen_unix(path, 0640);
  x.start();
  struct stat found {};
  REQUIRE(::stat(path.c_str(), &found) == 0);
  CHECK((found.st_mode & 0777) == 0640);
  raw::client c = connect_to(path);
  c.send(early);
  try_out(c);
  CHECK(seen.all().front().empty());
  x.io->close();
  x.join();
  CHECK_FALSE(exists(path));
}

TEST_CASE("what a dead server left at the path is replaced, what a living one or anybody else put there is not") {
  test::temp_dir dir;
  const std::string path = (dir.path / "sio.sock").string();
  asio::io_context context;
  { asio::local::stream_protocol::acceptor dead(context, path); }
  REQUIRE(exists(path));
  served::own_loop x;
  x.io->listen_unix(path);
  x.start();
  served::own_loop second;
  CHECK_THROWS_AS(second.io->listen_unix(path), std::system_error);
  CHECK(connect_to(path).get("/").status == 404);
  dir.write("file", "precious");
  CHECK_THROWS_AS(second.io->listen_unix((dir.path / "file").string()), std::system_error);
  CHECK(exists((dir.path / "file").string()));
  CHECK_THROWS_AS(second.io->listen_unix((dir.path / std::string(200, 'x')).string()), std::system_error);
  CHECK_THROWS_AS(second.io->listen_unix("/no/such/directory/sock"), std::system_error);
}

TEST_CASE("a server that never turned leaves no path behind") {
  test::temp_dir dir;
  const std::string path = (dir.path / "sio.sock").string();
  {
    sio::server io(served::quiet());
    io.listen_unix(path);
    CHECK(exists(path));
  }
  CHECK_FALSE(exists(path));
}
