// The body reader: lengths and chunks, their limits, and that no cutting changes its mind.
#include <support/body_pieces.hpp>
#include <support/catch.hpp>

#include <string>

using namespace sio;

namespace {

http::head chunked() {
  http::head head;
  head.chunked = true;
  return head;
}

http::head sized(std::uint64_t length) {
  http::head head;
  head.content_length = length;
  return head;
}

test::body_outcome feed(const http::head& head, std::string_view bytes, std::size_t max, std::size_t piece) {
  return test::read_body(head, bytes, max, [piece](std::size_t) { return piece; });
}

test::body_outcome read(const http::head& head, std::string_view bytes, std::size_t max = 100) {
  const test::body_outcome whole = feed(head, bytes, max, bytes.size() + 1);
  INFO(bytes.substr(0, 200));
  CHECK(whole == feed(head, bytes, max, 1));
  CHECK(whole == feed(head, bytes, max, 3));
  return whole;
}

int refusal(std::string_view bytes, std::size_t max = 100) {
  const test::body_outcome got = read(chunked(), bytes, max);
  CHECK(!got.done);
  CHECK(got.body.empty());
  return got.status;
}

}  // namespace

TEST_CASE("a request without a length has no body", "[http]") {
  CHECK(http::body_reader().done());
  CHECK(http::body_reader(http::head(), 100).done());
  CHECK(http::body_reader(sized(0), 0).done());
  http::body_reader none;
  CHECK(none.consume("GET /") == 0);
}

TEST_CASE("a body ends with its length and leaves the next request", "[http]") {
  const test::body_outcome got = read(sized(5), "helloGET / HTTP/1.1");
  CHECK(got.done);
  CHECK(got.used == 5);
  CHECK(got.body == "hello");
  CHECK(!read(sized(5), "hell").done);
}

TEST_CASE("a body larger than allowed is refused before it is read", "[http]") {
  CHECK(http::body_reader(sized(101), 100).status() == 413);
  CHECK(http::body_reader(sized(UINT64_MAX), 100).status() == 413);
  CHECK(http::body_reader(sized(100), 100).status() == 0);
  http::body_reader refused(sized(101), 100);
  CHECK(refused.consume("x") == 0);
  CHECK(!refused.done());
}

TEST_CASE("a claimed length takes no memory before its bytes", "[http]") {
  http::body_reader reader(sized(1'000'000'000), 2'000'000'000);
  CHECK(reader.take().capacity() <= 64 * 1024 + 16);
}

TEST_CASE("chunks are joined", "[http]") {
  const test::body_outcome got = read(chunked(), "4\r\nwiki\r\n5\r\npedia\r\nE\r\n in\r\n\r\nchunks.\r\n0\r\n\r\nGET");
  CHECK(got.done);
  CHECK(got.body == "wikipedia in\r\n\r\nchunks.");
  CHECK(got.used == 43);
  CHECK(read(chunked(), "0\r\n\r\n").done);
  CHECK(read(chunked(), "000\r\n\r\n").done);
  CHECK(read(chunked(), "00a\r\n0123456789\r\n0\r\n\r\n").body == "0123456789");
  CHECK(read(chunked(), "A\r\n0123456789\r\n0\r\n\r\n").body == "0123456789");
}

TEST_CASE("chunk extensions and trailers are dropped", "[http]") {
  CHECK(read(chunked(), "4;a=b;c=\"d\"\r\nwiki\r\n0;x\r\n\r\n").body == "wiki");
  const test::body_outcome got = read(chunked(), "4\r\nwiki\r\n0\r\nX: y\r\nContent-Length: 7\r\nEmpty:\r\n\r\n");
  CHECK(got.done);
  CHECK(got.body == "wiki");
}

TEST_CASE("a chunk's size is hexadecimal digits and nothing else", "[http]") {
  for (const char* bad : {"\r\n", ";a\r\n", "-4\r\n", "+4\r\n", "0x4\r\n", " 4\r\n", "4 \r\n", "4 ;a\r\n", "4\t\r\n",
                          "g\r\n", "4,\r\n", "4\nwiki", "4\rwiki", "4\r\rwiki", "4_0\r\n"})
    CHECK(refusal(bad) == 400);
}

TEST_CASE("a chunk ends with CR LF after exactly its bytes", "[http]") {
  for (const char* bad : {"4\r\nwikix\r\n", "4\r\nwik\r\n0\r\n", "4\r\nwiki\n0", "4\r\nwiki\r0", "4\r\nwiki0\r\n\r\n",
                          "0\r\n\n", "0\r\n\rX"})
    CHECK(refusal(bad) == 400);
}

TEST_CASE("a trailer is a field", "[http]") {
  for (const char* bad : {"0\r\n: a\r\n", "0\r\n a: b\r\n", "0\r\na b: c\r\n", "0\r\na\r\n", "0\r\na: b\nc",
                          "0\r\na: b\rc", "0\r\na : b\r\n", "0\r\na: \x01"})
    CHECK(refusal(bad) == 400);
}

TEST_CASE("chunks larger than allowed are refused by their size line", "[http]") {
  CHECK(refusal("65\r\n") == 413);
  CHECK(read(chunked(), "64\r\n").status == 0);
  CHECK(refusal("FFFFFFFFFFFFFFFF\r\n") == 413);
  CHECK(refusal("10000000000000000\r\n") == 400);
  CHECK(refusal("00000000000000004\r\n") == 400);
  CHECK(refusal("4\r\nwiki\r\n61\r\n") == 413);
  CHECK(refusal("1\r\n", 0) == 413);
}

TEST_CASE("extensions and trailers without end are refused", "[http]") {
  CHECK(refusal("4;" + std::string(10'000, 'a')) == 400);
  CHECK(refusal("0\r\na: " + std::string(10'000, 'a')) == 400);
  std::string many;
  for (int i = 0; i != 2'000; ++i) many += "1;aaaaaaaa\r\nx\r\n";
  CHECK(refusal(many, 100'000) == 400);
  many = "0\r\n";
  for (int i = 0; i != 2'000; ++i) many += "a:aaaaaa\r\n";
  CHECK(refusal(many) == 400);
}
