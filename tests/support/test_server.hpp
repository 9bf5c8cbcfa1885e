// The frame of a program that serves a test: it says "ready PORT" once it listens, and ends in order when it is told
// to.
#pragma once

#include <sio/server.hpp>

#include <support/signals.hpp>

#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <utility>

namespace test {

/// The loop of such a program. It outlives the server: a second signal changes nothing.
class server_host {
 public:
  asio::io_context loop;

  /// Serves until SIGTERM or SIGINT; the server listens already.
  void run(sio::server& io) {
    run(io, [] {});
  }
  /// The same, with something to be done before the server closes.
  template <class BeforeClose>
  void run(sio::server& io, BeforeClose before_close) {
    signals_.async_wait([&io, before_close = std::move(before_close)](sio::error_code ec, int) {
      if (!ec) before_close(), io.close();
    });
    std::printf("ready %d\n", int{io.port()});
    std::fflush(stdout);
    loop.run();
    hold_signals();
  }

 private:
  asio::signal_set signals_{loop, SIGTERM, SIGINT};
};

/// The last argument; without any, the system chooses.
inline unsigned short port_of(int argc, char** argv) {
  return argc > 1 ? static_cast<unsigned short>(std::atoi(argv[argc - 1])) : static_cast<unsigned short>(0);
}

/// What `main` returns: an exception is said on stderr.
template <class Serve>
int run_program(const char* name, Serve&& serve) try {
  std::forward<Serve>(serve)();
  return 0;
} catch (const std::exception& e) {
  std::fprintf(stderr, "%s: %s\n", name, e.what());
  return 1;
}

}  // namespace test
