// A thousand clients lose their server at once, and come back one by one.
#include <support/catch.hpp>
#include <support/client_fixture.hpp>
#include <support/peer_process.hpp>

#include <asio/io_context.hpp>

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

using namespace std::chrono_literals;

namespace {

using moment = std::chrono::steady_clock::time_point;

/// As many as there can be descriptors for, and no more than `wanted`.
std::size_t affordable(std::size_t wanted) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const std::size_t there = limit.rlim_cur > 200 ? static_cast<std::size_t>(limit.rlim_cur) - 200 : 0;
  return std::min(wanted, there);
}

/// What one client of the storm goes through.
struct one {
  std::optional<sio::client> io;
  std::optional<moment> broke, tried;
};

/// How many of the first attempts came within the fullest window of that width.
std::size_t fullest_window(const std::vector<one>& all, std::chrono::milliseconds width) {
  std::vector<std::chrono::steady_clock::duration> delays;
  for (const one& c : all) delays.push_back(*c.tried - *c.broke);
  std::sort(delays.begin(), delays.end());
  std::size_t most = 0;
  for (std::size_t first = 0, last = 0; last != delays.size(); ++last) {
    while (delays[last] - delays[first] > width) ++first;
    most = std::max(most, last - first + 1);
  }
  return most;
}

}  // namespace

TEST_CASE("a thousand clients are back after their server was, and do not all come at once") {
  test::node_server server;
  asio::io_context context;
  auto o = test::by(test::way::websocket);
  o.force_new = true;
  o.reconnection_delay = 400ms;
  o.reconnection_delay_max = 800ms;
  std::vector<one> all(affordable(1'000));
  std::size_t connected = 0, left = 0;
  for (one& c : all) {
    c.io.emplace(context.get_executor(), server.url(), o);
    c.io->on("connect", [&] { ++connected; });
    c.io->on("disconnect", [&] { --connected, ++left, c.broke = std::chrono::steady_clock::now(); });
    c.io->manager().on("reconnect_attempt", [&c] {
      if (!c.tried) c.tried = std::chrono::steady_clock::now();
    });
    c.io->connect();
  }
  const auto reach = [&](auto over) {
    const auto deadline = std::chrono::steady_clock::now() + 2 * test::patience;
    while (!over() && std::chrono::steady_clock::now() < deadline) context.run_one_for(1s);
    REQUIRE(over());
  };
  reach([&] { return connected == all.size(); });
  server.kill();
  reach([&] { return left == all.size(); });
  server.restart();
  reach([&] { return connected == all.size(); });
  CHECK(left == all.size());
  for (const one& c : all) REQUIRE(c.tried);
  // The delays are spread over 200 to 600 ms.
  CHECK(fullest_window(all, 50ms) < all.size() / 2);
  for (const one& c : all) REQUIRE(*c.tried - *c.broke >= 199ms);
  all.clear();
  context.run();
}
