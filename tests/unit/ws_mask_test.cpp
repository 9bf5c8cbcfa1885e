// Masking, and what unmasking says on the way.
#include <sio/ws/mask.hpp>

#include <support/catch.hpp>

#include <string>

TEST_CASE("a mask laid twice is gone, and says whether what it uncovered is ASCII") {
  const sio::ws::mask_key key = {1, static_cast<char>(0x82), 3, 4};
  for (std::size_t n = 0; n != 40; ++n) {
    std::string text(n, 'x');
    CHECK(sio::ws::apply_mask(text.data(), n, key) == (n < 2));
    for (std::size_t i = 0; i != n; ++i) CHECK(text[i] == static_cast<char>('x' ^ key[i % 4]));
    CHECK(sio::ws::apply_mask(text.data(), n, key));
    CHECK(text == std::string(n, 'x'));
  }
}
