// Socket.IO beside an HTTP server of your own, on one port: yours accepts and reads the head of each request, and gives
// the connections of Socket.IO away. Open http://localhost:3000. PORT changes the port.
#include <sio/sio.hpp>
#include <sio/stream.hpp>

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read_until.hpp>
#include <asio/signal_set.hpp>
#include <asio/write.hpp>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>

using asio::ip::tcp;

static const std::string page =
    "<!doctype html><title>embed</title><h1 id=greeting></h1>"
    "<script src=/socket.io/socket.io.js></script>"
    "<script>io().on('hello', text => greeting.textContent = text)</script>";

static sio::response answer_to(const std::string& path) {
  if (path == "/") return {200, {{"Content-Type", "text/html"}}, page};
  return {404, {{"Content-Type", "text/plain"}}, "Not Found"};
}

// One connection of the host's, until it answers or gives it away.
struct visitor : std::enable_shared_from_this<visitor> {
  visitor(tcp::socket s, sio::server& server) : socket(std::move(s)), io(server) {}

  void read_head() {
    asio::async_read_until(socket, asio::dynamic_buffer(bytes, 16'384), "\r\n\r\n",
                           [self = shared_from_this()](std::error_code ec, std::size_t) {
                             if (!ec) self->decide();
                           });
  }

  // "GET /path HTTP/1.1"
  void decide() {
    const std::size_t begin = bytes.find(' ') + 1, end = bytes.find(' ', begin);
    const std::string target = bytes.substr(begin, end - begin);
    if (io.wants(target)) return io.adopt(std::move(socket), std::move(bytes));
    const sio::response r = answer_to(target);
    answer = "HTTP/1.1 " + std::to_string(r.status) +
             " -\r\nConnection: close\r\nContent-Type: " + std::string(r.headers["Content-Type"]) +
             "\r\nContent-Length: " + std::to_string(r.body.size()) + "\r\n\r\n" + r.body;
    asio::async_write(socket, asio::buffer(answer), [self = shared_from_this()](std::error_code, std::size_t) {});
  }

  tcp::socket socket;
  sio::server& io;
  std::string bytes, answer;
};

static void accept(tcp::acceptor& acceptor, sio::server& io) {
  acceptor.async_accept([&](std::error_code ec, tcp::socket socket) {
    if (!acceptor.is_open()) return;
    if (!ec) std::make_shared<visitor>(std::move(socket), io)->read_head();
    accept(acceptor, io);
  });
}

int main() {
  asio::io_context context;
  sio::server io(context.get_executor());
  io.on("connection", [](sio::socket s) {
    s.emit("hello", "Hello from the same port");
    s.on("echo", [](sio::value v) { return v; });
  });
  // A browser may use a connection again that was given away, for a request that is not Socket.IO's.
  io.on_request([](const sio::request& asked) { return answer_to(asked.path); });

  const char* port = std::getenv("PORT");
  tcp::acceptor acceptor(context, {tcp::v4(), static_cast<unsigned short>(port ? std::atoi(port) : 3000)});
  accept(acceptor, io);
  asio::signal_set signals(context, SIGINT, SIGTERM);
  signals.async_wait([&](std::error_code, int) {
    acceptor.close();
    io.close();
  });
  std::cout << "Open http://localhost:" << acceptor.local_endpoint().port() << std::endl;
  context.run();
}
