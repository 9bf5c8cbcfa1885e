// Accept-Encoding as npm negotiator reads it, and what the compressor makes of a body.
#include <sio/http/compressor.hpp>
#include <support/catch.hpp>

#include <string>

using namespace sio;
using http::coding;
using http::compressor;
using http::preferred_coding;

TEST_CASE("a client gets the coding that it likes best", "[http]") {
  CHECK(preferred_coding("gzip") == coding::gzip);
  CHECK(preferred_coding("deflate") == coding::deflate);
  CHECK(preferred_coding("gzip, deflate, br, zstd") == coding::gzip);
  CHECK(preferred_coding("deflate, gzip") == coding::deflate);
  CHECK(preferred_coding("gzip;q=0.5, deflate;q=0.501") == coding::deflate);
  CHECK(preferred_coding("gzip;q=0.5, deflate;q=0.5") == coding::gzip);
  CHECK(preferred_coding("*") == coding::gzip);
  CHECK(preferred_coding("*, deflate") == coding::deflate);
  CHECK(preferred_coding("deflate;q=0.1, *") == coding::gzip);
  CHECK(preferred_coding(" \tGZip ;\tQ=1.000") == coding::gzip);
}

TEST_CASE("a client that takes no coding gets none", "[http]") {
  for (const char* text : {"", " ", ",,,", "br", "identity", "gzip;q=0", "gzip;q=0.000, deflate;q=0", "*;q=0", "gzipx",
                           "x-gzip", "gzip;q=", "gzip;q=x", "gzip;q=0.5x", "gzip;q=-1", "gzip;q=2", "gzip;q=0.1234",
                           "gzip;q=01", ";q=1", "\"gzip\""}) {
    INFO(text);
    CHECK(preferred_coding(text) == coding::identity);
  }
}

TEST_CASE("a coding's own name counts before the star", "[http]") {
  CHECK(preferred_coding("gzip;q=0, *") == coding::deflate);
  CHECK(preferred_coding("*, gzip;q=0, deflate;q=0") == coding::identity);
  CHECK(preferred_coding("*;q=0, gzip;q=0.001") == coding::gzip);
  CHECK(!http::takes("gzip;q=0, *", coding::gzip));
  CHECK(http::takes("br, *;q=0.1", coding::gzip));
}

TEST_CASE("of one coding named twice the better weight counts", "[http]") {
  CHECK(preferred_coding("gzip;q=0, gzip") == coding::gzip);
  CHECK(preferred_coding("deflate, gzip;q=0.1, gzip;q=0.9") == coding::deflate);
}

TEST_CASE("a long list is read once", "[http]") {
  std::string many;
  for (int i = 0; i != 10'000; ++i) many += "x;q=0.1,";
  CHECK(preferred_coding(many) == coding::identity);
  CHECK(preferred_coding(many + "gzip") == coding::gzip);
}

#if defined(SIO_WITH_DEFLATE)

namespace {

std::string unpacked(std::string_view packed) {
  z_stream z{};
  REQUIRE(inflateInit2(&z, MAX_WBITS + 32) == Z_OK);  // 32 more: gzip or zlib, by their first bytes
  std::string out(1 << 20, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  z.avail_in = static_cast<uInt>(packed.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  REQUIRE(inflate(&z, Z_FINISH) == Z_STREAM_END);
  out.resize(out.size() - z.avail_out);
  inflateEnd(&z);
  return out;
}

}  // namespace

TEST_CASE("one compressor makes bodies of both kinds, again and again", "[http]") {
  compressor c;
  std::string body;
  for (const std::size_t size : {0u, 1u, 1024u, 70'000u, 300'000u, 10u}) {
    body.resize(size);
    for (std::size_t i = 0; i != size; ++i) body[i] = static_cast<char>(i * i % 251);
    const auto gzip = c.compress(coding::gzip, body);
    const auto deflate = c.compress(coding::deflate, body);
    REQUIRE((gzip && deflate));
    CHECK(gzip->substr(0, 2) == "\x1f\x8b");
    CHECK(deflate->substr(0, 1) == "\x78");
    CHECK(unpacked(*gzip) == body);
    CHECK(unpacked(*deflate) == body);
  }
  CHECK(c.compress(coding::gzip, std::string(100'000, 'x'))->size() < 500);
}

TEST_CASE("every level can be unpacked", "[http]") {
  const std::string body(5'000, 'y');
  for (int level = -1; level != 10; ++level) CHECK(unpacked(*compressor(level).compress(coding::gzip, body)) == body);
}

#endif

TEST_CASE("without a coding nothing is compressed", "[http]") {
  CHECK(!compressor().compress(coding::identity, "text"));
  if (!compressor::available) CHECK(!compressor().compress(coding::gzip, "text"));
}
