// The programs beside the tests start, are spoken to, end, and come back.
#include <support/catch.hpp>
#include <support/peer_process.hpp>

TEST_CASE("a peer starts, is killed, and comes back at the same port") {
  test::node_server server;
  const auto port = server.port();
  REQUIRE(port != 0);
  CHECK(server.url() == "http://127.0.0.1:" + std::to_string(port));
  server.kill();
  CHECK_FALSE(server.running());
  server.restart();
  server.restart();
  CHECK(server.port() == port);
  CHECK(server.stop() == 0);
}

TEST_CASE("a proxy does what it is told") {
  test::network_proxy proxy(9);
  for (const char* command : {"cut", "mend", "stall", "flow", "half-open", "mend", "delay 5"}) proxy.order(command);
}

TEST_CASE("a program that cannot run or is not ready is an error") {
  CHECK_THROWS_AS(test::peer_process({"/nowhere/at/all", "x"}), std::runtime_error);
  CHECK_THROWS_AS(test::peer_process({"/bin/echo", "hello"}), std::runtime_error);
  CHECK_THROWS_AS(test::peer_process({"/bin/false", "x"}), std::runtime_error);
}
