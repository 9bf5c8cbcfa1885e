// The head and body of answers: what is taken, what is refused and why, and that no cutting changes anything.
#include <sio/http/compressor.hpp>
#include <sio/http/response_body.hpp>
#include <support/answer_pieces.hpp>
#include <support/catch.hpp>

#include <string>
#include <vector>

using namespace sio;
using outcome = http::response_parser::outcome;

namespace {

// What came of it, in one piece and byte by byte: "200 keep hello", "200 close", "need more", "error: why".
std::string read(const std::string& bytes, bool to_head = false, std::size_t most = 1'000, bool ends = false) {
  const std::string whole = test::read_answer(bytes, to_head, most, ends, [](std::size_t left) { return left; });
  const std::string cut = test::read_answer(bytes, to_head, most, ends, [](std::size_t) { return std::size_t{1}; });
  INFO(bytes.substr(0, 300));
  CHECK(whole == cut);
  return whole;
}

std::string head(const std::string& fields, const std::string& status = "200 OK") {
  return "HTTP/1.1 " + status + "\r\n" + fields + "\r\n";
}

struct example {
  std::string bytes, verdict;
};

}  // namespace

TEST_CASE("answers with a length, in chunks, without a body") {
  for (const example& e : std::vector<example>{
           {head("Content-Length: 5\r\n") + "hello", "200 keep hello"},
           {head("content-length:5\r\n") + "hello, more", "200 keep hello, and 6 bytes behind it"},
           {head("Transfer-Encoding: chunked\r\n") + "3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nT: 1\r\n\r\n", "200 keep hello"},
           {head("Content-Length: 0\r\n"), "200 keep "},
           {head("Connection: close\r\nContent-Length: 1\r\n") + "x", "200 close x"},
           {head("", "204 No Content"), "204 keep "},
           {head("Content-Length: 5\r\n", "304 Not Modified"), "304 keep "},
           {head("Content-Length: 2\r\n", "302 Found") + "no", "302 keep no"},
           {head("Content-Length: 0\r\n", "599"), "599 keep "},
           {head("Content-Length: 0\r\n", "200 "), "200 keep "},
           {head("Content-Length: 0\r\n", "200 \xc3\xa4 b"), "200 keep "},
           {"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", "200 close x"},
           {"HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 1\r\n\r\nx", "200 keep x"},
           {head("Connection: x, close\r\nContent-Length: 0\r\n"), "200 close "},
           {head("Upgrade: websocket\r\nConnection: Upgrade\r\n", "101 Switching Protocols") + "early",
            "101 keep , and 5 bytes behind it"},
       })
    CHECK(read(e.bytes) == e.verdict);
  CHECK(read(head("Content-Length: 5\r\n"), true) == "200 keep ");
  CHECK(read(head("Transfer-Encoding: chunked\r\n"), true) == "200 keep ");
}

TEST_CASE("without a length the body goes on until the server closes") {
  CHECK(read(head("") + "all of it") == "need more");
  CHECK(read(head("") + "all of it", false, 1'000, true) == "200 keep all of it");
  CHECK(read(head(""), false, 1'000, true) == "200 keep ");
  CHECK(read(head("") + "12345", false, 4, true) == "error: a body larger than allowed");
  CHECK(read(head("") + "12345", false, 5, true) == "200 keep 12345");
  for (const char* cut : {"Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n"})
    CHECK(read(head(cut) + "4\r\nx", false, 1'000, true) == "need more");
}

TEST_CASE("interim answers are told apart") {
  http::response_parser parser;
  http::response_head found;
  const std::string bytes = "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + head("Content-Length: 0\r\n");
  const auto first = parser.parse(bytes, {}, found);
  REQUIRE(first.what == outcome::complete);
  CHECK((found.interim() && found.reason == "Early Hints"));
  parser.reset();
  const std::string rest = bytes.substr(first.consumed);
  CHECK(parser.parse(rest, {}, found).what == outcome::complete);
  CHECK((found.status == 200 && !found.interim() && found.fields.size() == 1));
}

TEST_CASE("an answer whose end is in doubt is refused") {
  for (const example& e : std::vector<example>{
           {head("Content-Length: 5\r\nContent-Length: 5\r\n"), "more than one Content-Length"},
           {head("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), "Content-Length and Transfer-Encoding"},
           {head("Content-Length: +5\r\n"), "a Content-Length that is no number"},
           {head("Content-Length: 5, 5\r\n"), "a Content-Length that is no number"},
           {head("Content-Length: 18446744073709551616\r\n"), "a Content-Length that is no number"},
           {head("Content-Length:\r\n"), "a Content-Length that is no number"},
           {head("Transfer-Encoding: gzip, chunked\r\n"), "a Transfer-Encoding other than chunked"},
           {head("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), "more than one Transfer-Encoding"},
           {"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "Transfer-Encoding in HTTP/1.0"},
           {head("Content-Length : 5\r\n"), "a field's name that is none"},
           {head("A: b\r\n Content-Length: 5\r\n"), "a folded field"},
           {head("Content-Length\r\n"), "a field without a colon"},
           {head(": x\r\n"), "a field's name that is none"},
           {"HTTP/1.1 200 OK\nContent-Length: 5\n\n", "LF without CR"},
           {head("A: b\rC: d\r\n"), "CR without LF"},
           {head(std::string("A: b\0c\r\n", 8)), "a control character"},
           {head("", "99 x"), "a status line without a status"},
           {head("", "600 x"), "a status that is none"},
           {head("", "0200 x"), "a status line without a status"},
           {head("", "2x0 x"), "a status that is none"},
           {head("", " 200"), "a status line without a status"},
           {head("", ""), "a status line without a status"},
           {"HTTP/1.1\r\n\r\n", "a status line without a status"},
           {"HTTP/1.2 200 OK\r\n\r\n", "a version other than HTTP/1.0 and 1.1"},
           {"HTTP/1.x 200 OK\r\n\r\n", "a version that is none"},
           {"HTTP/1.1200 OK\r\n\r\n", "a status line without a status"},
           {"HTTP/2 200\r\n\r\n", "no HTTP/1.x"},
           {"SSH-2.0-OpenSSH", "no HTTP/1.x"},
           {"\r\nHTTP/1.1 200 OK\r\n\r\n", "no HTTP/1.x"},
           {"<html>", "no HTTP/1.x"},
       })
    CHECK(read(e.bytes) == "error: " + e.verdict);
}

TEST_CASE("broken chunks are refused, and nothing of them is kept") {
  for (const char* chunks : {"g\r\n", "\r\n", " 5\r\n", "-1\r\n", "5\n", "2\r\nabc", "2\r\nab\n", "0\r\nx\r\n",
                             "11111111111111111\r\n", "1 \r\n", "0x1\r\n", "1\r\na\r\n0\r\nA b: c\r\n\r\n"})
    CHECK(read(head("Transfer-Encoding: chunked\r\n") + chunks) == "error: a chunked body that is malformed");
}

TEST_CASE("what grows too large is refused by its announcement") {
  CHECK(read(head("Content-Length: 1001\r\n")) == "error: a body larger than allowed");
  CHECK(read(head("Transfer-Encoding: chunked\r\n") + "3e9\r\n") == "error: a body larger than allowed");
  CHECK(read(head("Transfer-Encoding: chunked\r\n") + "ffffffffffffffff\r\n") == "error: a body larger than allowed");
  CHECK(read(head("A: " + std::string(17'000, 'x') + "\r\n")) == "error: a head larger than allowed");
  CHECK(read("HTTP/1.1 200 " + std::string(17'000, 'x')) == "error: a head larger than allowed");
  std::string many;
  for (int i = 0; i != 101; ++i) many += "A: b\r\n";
  CHECK(read(head(many)) == "error: more fields than allowed");
}

#if defined(SIO_WITH_DEFLATE)

namespace {

std::string squeezed(http::coding how, const std::string& body) {
  return http::compressor(9).compress(how, body).value();
}

std::string coded(const std::string& name, const std::string& body) {
  return head("Content-Encoding: " + name + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n") + body;
}

}  // namespace

TEST_CASE("compressed bodies are inflated") {
  const std::string text(400, 'a');
  const std::string gzip = squeezed(http::coding::gzip, text), deflate = squeezed(http::coding::deflate, text);
  CHECK(read(coded("gzip", gzip)) == "200 keep " + text);
  CHECK(read(coded("X-GZip", gzip)) == "200 keep " + text);
  CHECK(read(coded("deflate", deflate)) == "200 keep " + text);
  CHECK(read(coded("deflate", deflate.substr(2, deflate.size() - 6))) == "200 keep " + text);  // bare, as some send it
  CHECK(read(coded("identity", text)) == "200 keep " + text);
  CHECK(read(head("Content-Encoding: gzip\r\n") + gzip, false, 1'000, true) == "200 keep " + text);
  CHECK(read(coded("gzip", "")) == "200 keep ");
}

TEST_CASE("a bomb is refused, and so is what is cut, garbled, or coded otherwise") {
  const std::string bomb = squeezed(http::coding::gzip, std::string(900'000, 'a'));
  REQUIRE(bomb.size() < 1'000);
  CHECK(read(coded("gzip", bomb)) == "error: a body larger than allowed");
  std::string gzip = squeezed(http::coding::gzip, "hello hello hello");
  const std::string broken = "error: a compressed body that is broken";
  CHECK(read(coded("gzip", gzip.substr(0, gzip.size() - 1))) == broken);
  CHECK(read(coded("gzip", gzip + "x")) == broken);
  CHECK(read(coded("gzip", "hello")) == broken);
  CHECK(read(coded("deflate", gzip)) == broken);
  gzip[gzip.size() - 6] ^= 1;  // its checksum
  CHECK(read(coded("gzip", gzip)) == broken);
  for (const char* name : {"br", "gzip, gzip", "deflate, gzip", "br, gzip", "gzip, br"})
    CHECK(read(coded(name, gzip)) == "error: a Content-Encoding that nobody asked for");
}

#else

TEST_CASE("without zlib no compressed body is taken") {
  CHECK(http::readable_codings.empty());
  CHECK(read(head("Content-Encoding: gzip\r\nContent-Length: 1\r\n") + "x") ==
        "error: a Content-Encoding that nobody asked for");
}

#endif
