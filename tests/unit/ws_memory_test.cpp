// What a peer can make a reader allocate: no more than a small multiple of what it sent.
#include <sio/ws/reader.hpp>

#include <support/catch.hpp>
#include <support/frames.hpp>

#include <memory>
#include <string>

namespace {

std::size_t payload_capacity(sio::ws::detail::codec& c, std::string wire) {
  c.read(wire.data(), wire.size());
  return c.capacity();
}

}  // namespace

TEST_CASE("a header that announces a megabyte allocates next to nothing") {
  const auto first = frames::header(0x82, 1'000'000, 8, true);
  sio::ws::detail::codec c(sio::ws::role::server, {});
  CHECK(payload_capacity(c, first) < 64);
  CHECK(payload_capacity(c, std::string(1000, 'x')) <= 2000);
}

TEST_CASE("a continuation that announces a megabyte allocates next to nothing") {
  sio::ws::detail::codec c(sio::ws::role::server, {});
  CHECK(payload_capacity(c, frames::masked(0x02, "x") + frames::header(0x80, 999'999, 8, true)) < 64);
}
