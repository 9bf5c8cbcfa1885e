// A client on the host's own loop, as one coroutine: `coroutine_client [URL]` talks to the echo example, and waits for
// each answer where it is needed.
#include <sio/sio.hpp>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>

#include <chrono>
#include <iostream>
#include <string>

using namespace std::chrono_literals;

static asio::awaitable<void> converse(sio::client io) {
  try {
    for (const std::string text : {"hello", "how are you?", "bye"}) {
      const auto length = co_await io.timeout(5s).emit_with_ack<std::size_t>("message", text);
      std::cout << text << ": " << length << " bytes have arrived" << std::endl;
    }
  } catch (const std::system_error& e) {  // no answer in time, or the connection was lost
    std::cout << e.code().message() << std::endl;
  }
  io.disconnect();  // with nothing left to do, the loop ends
}

int main(int argc, char** argv) {
  asio::io_context context;
  sio::client io(context.get_executor(), argc > 1 ? argv[1] : "http://localhost:3000");
  io.on("message", [](std::string text) { std::cout << "the server says " << text << std::endl; });
  io.connect();
  asio::co_spawn(context, converse(io), asio::detached);
  context.run();
}
