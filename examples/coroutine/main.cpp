// Coroutines: a handler that asks other clients before it answers.
#include <sio/sio.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace std::chrono_literals;

int main() {
  sio::server io;

  // Each newcomer must know the word; the time to think is up to the client.
  io.use([](sio::socket s) -> asio::awaitable<void> {
    if (s.handshake().auth["word"] != sio::value("sesame")) throw sio::connect_error("wrong word");
    co_return;
  });

  io.on("connection", [&io](sio::socket s) {
    // What a coroutine returns is its acknowledgement, as with other handlers.
    s.on("vote", [&io](std::string question) -> asio::awaitable<std::size_t> {
      const std::vector<bool> votes = co_await io.timeout(5s).emit_with_ack<bool>("vote", question);
      co_return static_cast<std::size_t>(std::count(votes.begin(), votes.end(), true));
    });

    s.on("introduce", [s]() -> asio::awaitable<void> {
      const auto [name, age] = co_await s.timeout(5s).emit_with_ack<std::string, int>("who are you?");
      if (age < 0) throw sio::ack_error("no such age");
      s.broadcast().emit("welcome", name);
    });
  });

  io.listen(3000);
  io.run();
}
