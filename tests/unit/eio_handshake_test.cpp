// The open packet, letter for letter.
#include <sio/eio/error_body.hpp>
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

TEST_CASE("an error body holds its message whatever is in it") {
  CHECK(eio::error_body(4, "thou shall not pass") == R"({"code":4,"message":"thou shall not pass"})");
  CHECK(eio::error_body(0, "a\"b\\c/\b\f\n\r\t\x01\x1f\x7f") ==
        "{\"code\":0,\"message\":\"a\\\"b\\\\c/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\"}");
  CHECK(eio::error_body(0, "\xe2\x82\xac\xff") == "{\"code\":0,\"message\":\"\xe2\x82\xac\xef\xbf\xbd\"}");
}
