// Acknowledgements: answers to events, both ways, at once or later, with a time to wait and errors.
#include <sio/sio.hpp>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <tuple>

using namespace std::chrono_literals;

int main(int argc, char** argv) {
  sio::server io;
  io.on("connection", [&io](sio::socket s) {
    s.on("sum", [](int a, int b) { return a + b; });  // what it returns is the answer
    s.on("divide", [](int a, int b) {
      if (b == 0) throw sio::ack_error("division by zero");  // {"error": "division by zero"}
      return std::tuple(a / b, a % b);                       // two arguments
    });
    s.on("later", [](sio::value v, sio::ack done) { done(v); });  // keep `done`, call it when you like
    s.on("ask me", [s] {
      s.timeout(5s).emit("question", 6, 7, [s](sio::error_code ec, int answer) {  // ec: no answer in time, or it left
        s.emit("verdict", ec ? ec.message() : answer == 42 ? "right" : "wrong");
      });
    });
    s.on("ask all", [s, &io](std::string question) {
      io.timeout(5s).emit("question", question, [s](sio::error_code ec, std::vector<sio::value> answers) {
        s.emit("answers", answers, ec ? "not all" : "all");
      });
    });
  });
  io.listen(argc > 1 ? static_cast<unsigned short>(std::atoi(argv[1])) : 3000);
  std::printf("ready %d\n", int{io.port()});
  std::fflush(stdout);
  io.run();
}
