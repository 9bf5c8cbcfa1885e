// The open packet, letter for letter.
#include <sio/eio/handshake.hpp>

#include <chrono>
#include <support/catch.hpp>

using sio::server_options;
using sio::transport;
namespace eio = sio::eio;

TEST_CASE("the open packet is what the JS server sends") {
  CHECK(eio::open_packet("mLAwdzxl6IpUbOI7AAAA", true, server_options{}) ==
        R"(0{"sid":"mLAwdzxl6IpUbOI7AAAA","upgrades":["websocket"],)"
        R"("pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000})");
}

TEST_CASE("a session that may not upgrade is offered nothing") {
  server_options options;
  options.ping_interval = std::chrono::milliseconds(300);
  options.ping_timeout = std::chrono::seconds(2);
  options.max_http_buffer_size = 5;
  CHECK(eio::open_packet("x", false, options) ==
        R"(0{"sid":"x","upgrades":[],"pingInterval":300,"pingTimeout":2000,"maxPayload":5})");
}

TEST_CASE("a poll may upgrade where WebSocket is enabled") {
  server_options options;
  CHECK(eio::may_upgrade(transport::polling, options));
  CHECK_FALSE(eio::may_upgrade(transport::websocket, options));
  options.allow_upgrades = false;
  CHECK_FALSE(eio::may_upgrade(transport::polling, options));
  options.allow_upgrades = true;
  options.transports = {transport::polling};
  CHECK_FALSE(eio::may_upgrade(transport::polling, options));
}
