#include <sio/net/network.hpp>

#include <support/catch.hpp>

using sio::net::network_of;

TEST_CASE("the addresses of one IPv6 customer are one network") {
  CHECK(network_of("2001:db8:1:2::7") == network_of("2001:db8:1:2:aaaa:bbbb:cccc:dddd"));
  CHECK(network_of("2001:db8:0:0:1::") == network_of("2001:db8::7"));
  CHECK(network_of("2001:db8:1:2::7") != network_of("2001:db8:1:3::7"));
}

TEST_CASE("each IPv4 address is a network of its own, also where IPv6 carries it") {
  CHECK(network_of("192.0.2.7") != network_of("192.0.2.8"));
  CHECK(network_of("::ffff:192.0.2.7") == network_of("192.0.2.7"));
}

TEST_CASE("what is no address stands for itself") {
  CHECK(network_of("").empty());
  CHECK(network_of("/run/sio.sock") == "/run/sio.sock");
}
