// Starts a server, asks it for a handshake as a polling client does, and closes it.
#include "program.hpp"

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read_until.hpp>
#include <asio/write.hpp>

#include <iostream>
#include <string>
#include <thread>

namespace {

std::string handshake(unsigned short port) {
  asio::io_context context;
  asio::ip::tcp::socket stream(context);
  stream.connect({asio::ip::address_v4::loopback(), port});
  asio::write(stream,
              asio::buffer(std::string("GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: here\r\n\r\n")));
  std::string answer;
  asio::read_until(stream, asio::dynamic_buffer(answer), '}');
  return answer;
}

}  // namespace

int main() {
  sio::server io;
  add_handlers(io);
  io.listen("127.0.0.1", 0);
  std::thread loop([&] { io.run(); });
  const std::string answer = handshake(io.port());
  io.close();
  loop.join();
  std::cout << answer << std::endl;
  return answer.find("200 OK") != std::string::npos && answer.find("0{\"sid\":\"") != std::string::npos ? 0 : 1;
}
