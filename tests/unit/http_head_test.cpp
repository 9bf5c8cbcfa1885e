// The head parser: what it takes, what it refuses with which status, and that no cutting changes its mind.
#include <sio/http/head.hpp>
#include <support/catch.hpp>

#include <memory>
#include <string>

using namespace sio;
using outcome = http::head_parser::outcome;

namespace {

struct parsed {
  http::head_parser::result result;
  http::head head;
  std::string bytes;  // what the views of `head` look into
};

std::unique_ptr<parsed> parse(std::string bytes, const http::limits& most = {}) {
  auto out = std::make_unique<parsed>();
  out->bytes = std::move(bytes);
  http::head_parser parser;
  out->result = parser.parse(out->bytes, most, out->head);
  return out;
}

// Byte by byte, each time in another place of memory, until there is a verdict.
std::unique_ptr<parsed> parse_bytewise(const std::string& bytes, const http::limits& most = {}) {
  auto out = std::make_unique<parsed>();
  http::head_parser parser;
  for (std::size_t size = 1; size <= bytes.size(); ++size) {
    std::string moved(bytes, 0, size);
    out->bytes.swap(moved);
    out->result = parser.parse(out->bytes, most, out->head);
    if (out->result.what != outcome::need_more) break;
  }
  return out;
}

bool same(const http::head& a, const http::head& b) {
  if (a.fields.size() != b.fields.size()) return false;
  for (std::size_t i = 0; i != a.fields.size(); ++i)
    if (a.fields[i].name != b.fields[i].name || a.fields[i].value != b.fields[i].value) return false;
  return a.method == b.method && a.target == b.target && a.http_1_1 == b.http_1_1 && a.chunked == b.chunked &&
         a.content_length == b.content_length && a.keep_alive == b.keep_alive &&
         a.expect_continue == b.expect_continue && a.upgrade_websocket == b.upgrade_websocket;
}

void check_cutting(const std::string& bytes, const parsed& whole, const http::limits& most = {}) {
  const auto cut = parse_bytewise(bytes, most);
  CHECK(cut->result.what == whole.result.what);
  CHECK(cut->result.status == whole.result.status);
  CHECK(cut->result.why == whole.result.why);
  CHECK(cut->result.consumed == whole.result.consumed);
  if (whole.result.what == outcome::complete) CHECK(same(cut->head, whole.head));
}

// The status of the refusal; 0 for a head that is taken.
int verdict(const std::string& bytes, const http::limits& most = {}) {
  INFO(bytes.substr(0, 200));
  const auto whole = parse(bytes, most);
  check_cutting(bytes, *whole, most);
  CHECK(whole->result.what != outcome::need_more);
  CHECK(whole->result.why.empty() == (whole->result.status == 0));
  return whole->result.status;
}

std::string get(const std::string& fields) { return "GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n"; }
std::string post(const std::string& fields) { return "POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n"; }

}  // namespace

TEST_CASE("a poll's head is read, and the bytes behind it are left", "[http]") {
  const std::string head = "GET /socket.io/?EIO=4 HTTP/1.1\r\nHost: a:3000\r\nX-Empty:\r\nx-a: \t b c \t\r\n\r\n";
  const auto got = parse(head + "rest");
  REQUIRE(got->result.what == outcome::complete);
  CHECK(got->result.consumed == head.size());
  CHECK(got->head.method == "GET");
  CHECK(got->head.target == "/socket.io/?EIO=4");
  CHECK(got->head["HOST"] == "a:3000");
  CHECK(got->head["X-A"] == "b c");
  REQUIRE(got->head.find("x-empty"));
  CHECK(got->head.find("x-empty")->empty());
  CHECK(!got->head.find("x-none"));
  CHECK(got->head.keep_alive);
  CHECK(!got->head.has_body());
  check_cutting(head + "rest", *got);
}

TEST_CASE("a head that is not all there needs more", "[http]") {
  const std::string whole = post("Content-Length: 3\r\n");
  for (std::size_t size = 0; size != whole.size(); ++size)
    CHECK(parse(whole.substr(0, size))->result.what == outcome::need_more);
}

TEST_CASE("a parser is used again after reset", "[http]") {
  http::head_parser parser;
  http::head head;
  REQUIRE(parser.parse(post("Content-Length: 3\r\n"), {}, head).what == outcome::complete);
  parser.reset();
  const std::string next = "GET /x HTTP/1.0\r\n\r\n";
  REQUIRE(parser.parse(next, {}, head).what == outcome::complete);
  CHECK(head.target == "/x");
  CHECK(!head.content_length);
  CHECK(head.fields.empty());
}

TEST_CASE("one or two empty lines before a request are forgiven, three are not", "[http]") {
  CHECK(verdict("\r\n" + get("")) == 0);
  CHECK(verdict("\r\n\r\n" + get("")) == 0);
  CHECK(verdict("\r\n\r\n\r\n" + get("")) == 400);
  CHECK(verdict("\n" + get("")) == 400);
  CHECK(verdict("\rX" + get("")) == 400);
  CHECK(parse("\r\n" + get(""))->result.consumed == get("").size() + 2);
}

TEST_CASE("a request line has one blank, a target, one blank and a version", "[http]") {
  const std::string rest = "\r\nHost: a\r\n\r\n";
  CHECK(verdict("GET  / HTTP/1.1" + rest) == 400);
  CHECK(verdict("GET /  HTTP/1.1" + rest) == 400);
  CHECK(verdict("GET / HTTP/1.1 " + rest) == 400);
  CHECK(verdict(" GET / HTTP/1.1" + rest) == 400);
  CHECK(verdict("GET\t/ HTTP/1.1" + rest) == 400);
  CHECK(verdict("GET /\tHTTP/1.1" + rest) == 400);
  CHECK(verdict("GET /" + rest) == 400);
  CHECK(verdict("GET" + rest) == 400);
  CHECK(verdict("G@T / HTTP/1.1" + rest) == 400);
  CHECK(verdict("G\xc3\xa4T / HTTP/1.1" + rest) == 400);
  CHECK(verdict("M-SEARCH / HTTP/1.1" + rest) == 0);
  CHECK(verdict(std::string(21, 'A') + " / HTTP/1.1" + rest) == 501);
}

TEST_CASE("only HTTP/1.0 and HTTP/1.1 are spoken", "[http]") {
  const std::string rest = "\r\nHost: a\r\n\r\n";
  CHECK(verdict("GET / HTTP/1.0" + rest) == 0);
  for (const char* other : {"HTTP/0.9", "HTTP/1.2", "HTTP/2.0", "HTTP/9.9"})
    CHECK(verdict(std::string("GET / ") + other + rest) == 505);
  for (const char* none : {"HTTP/1.1a", "HTTP/9.9abc", "http/1.1", "HTTP/1", "HTTP/11", "HTTP/1,1", "HTTPS/1.1", "ICY"})
    CHECK(verdict(std::string("GET / ") + none + rest) == 400);
  CHECK(verdict("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") == 505);
}

TEST_CASE("a target is a path, an absolute address, or * for OPTIONS", "[http]") {
  const auto target = [](const std::string& text, const std::string& method) {
    return verdict(method + " " + text + " HTTP/1.1\r\nHost: a\r\n\r\n");
  };
  CHECK(target("*", "OPTIONS") == 0);
  CHECK(target("*", "GET") == 400);
  CHECK(target("a", "GET") == 400);
  CHECK(target("a/b", "GET") == 400);
  CHECK(target("ftp://a/", "GET") == 400);
  CHECK(target("http://", "GET") == 400);
  CHECK(target("http:///x", "GET") == 400);
  CHECK(target("http://u@a/", "GET") == 400);
  CHECK(target("/a#b", "GET") == 400);
  CHECK(target("/\x01", "GET") == 400);
  CHECK(target("/\x7f", "GET") == 400);
  CHECK(target("/\xc3\xa4", "GET") == 400);
  CHECK(target("a:80", "CONNECT") == 501);
  CHECK(target("/", "CONNECT") == 501);
  CHECK(target("/{\"a\"}|^<>", "GET") == 0);
}

TEST_CASE("an absolute target is reduced to what follows the host", "[http]") {
  CHECK(parse("GET http://b:80/x?y HTTP/1.1\r\nHost: a\r\n\r\n")->head.target == "/x?y");
  CHECK(parse("GET HTTPS://b HTTP/1.1\r\nHost: a\r\n\r\n")->head.target == "/");
  CHECK(verdict("GET http://b?x HTTP/1.1\r\nHost: a\r\n\r\n") == 400);
}

TEST_CASE("a field's name stands directly before its colon", "[http]") {
  CHECK(verdict(get("Content-Length : 5\r\n")) == 400);
  CHECK(verdict(get("X Y: 5\r\n")) == 400);
  CHECK(verdict(get(": 5\r\n")) == 400);
  CHECK(verdict(get("novalue\r\n")) == 400);
  CHECK(verdict(get("X(: 5\r\n")) == 400);
  CHECK(verdict(get("X\xc3\xa4: 5\r\n")) == 400);
  CHECK(verdict(get("X: \xc3\xa4\r\n")) == 0);
}

TEST_CASE("a folded field is refused", "[http]") {
  CHECK(verdict(get("X: a\r\n Evil: b\r\n")) == 400);
  CHECK(verdict(get("X: a\r\n\tb\r\n")) == 400);
  CHECK(verdict("GET / HTTP/1.1\r\n Host: a\r\n\r\n") == 400);
}

TEST_CASE("a bare CR or LF, a NUL and other controls are refused", "[http]") {
  CHECK(verdict(get("X: a\nEvil: b\r\n")) == 400);
  CHECK(verdict(get("X: a\rEvil: b\r\n")) == 400);
  CHECK(verdict(get("X: a\r\r\n")) == 400);
  CHECK(verdict(get(std::string("X: a\0b\r\n", 8))) == 400);
  CHECK(verdict(get("X: a\x0b\r\n")) == 400);
  CHECK(verdict(get("X: a\x7f\r\n")) == 400);
  CHECK(verdict("GET / HTTP/1.1\nHost: a\n\n") == 400);
  CHECK(verdict("GET / HTTP/1.1\r\nHost: a\r\n\n") == 400);
}

TEST_CASE("HTTP/1.1 has exactly one Host, HTTP/1.0 at most one", "[http]") {
  CHECK(verdict("GET / HTTP/1.1\r\n\r\n") == 400);
  CHECK(verdict("GET / HTTP/1.0\r\n\r\n") == 0);
  CHECK(verdict(get("Host: a\r\n")) == 400);
  CHECK(verdict("GET / HTTP/1.0\r\nHost: a\r\nhost: b\r\n\r\n") == 400);
  CHECK(verdict("GET / HTTP/1.1\r\nHost:\r\n\r\n") == 0);
  CHECK(verdict("GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n") == 0);
  for (const char* bad : {"a, b", "a b", "a/b", "u@a", "a?", "\xc3\xa4"})
    CHECK(verdict("GET / HTTP/1.1\r\nHost: " + std::string(bad) + "\r\n\r\n") == 400);
}

TEST_CASE("a Content-Length is one number", "[http]") {
  const auto length = [](const std::string& text) { return verdict(post("Content-Length: " + text + "\r\n")); };
  CHECK(length("0") == 0);
  CHECK(length("005") == 0);
  CHECK(length("18446744073709551615") == 0);
  for (const char* bad : {"", "5abc", "+5", "-5", "abc", "-18446744073709551615", "18446744073709551616", "5, 9", "5,5",
                          "5 5", "0x5", "5.0", "1e3", "99999999999999999999999999"})
    CHECK(length(bad) == 400);
  CHECK(parse(post("Content-Length: 7\r\n"))->head.content_length == 7u);
}

TEST_CASE("two ends of one body are refused", "[http]") {
  CHECK(verdict(post("Content-Length: 5\r\nContent-Length: 9\r\n")) == 400);
  CHECK(verdict(post("Content-Length: 5\r\ncontent-length: 5\r\n")) == 400);
  CHECK(verdict(post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n")) == 400);
  CHECK(verdict(post("Transfer-Encoding: chunked\r\nContent-Length: 0\r\n")) == 400);
  CHECK(verdict(post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")) == 400);
  CHECK(verdict(post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n")) == 400);
}

TEST_CASE("the only transfer encoding is chunked, and only in HTTP/1.1", "[http]") {
  CHECK(parse(post("transfer-encoding:CHUNKED\r\n"))->head.chunked);
  for (const char* bad : {"", "gzip", "gzip, chunked", "chunked, chunked", "chunked, gzip", "identity", "xchunked",
                          "chunked;q=1", "\"chunked\"", "chunked,", ",chunked", "chunked\x0b"})
    CHECK(verdict(post("Transfer-Encoding: " + std::string(bad) + "\r\n")) >= 400);
  CHECK(verdict(post("Transfer-Encoding: gzip\r\n")) == 501);
  CHECK(verdict("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n") == 400);
  CHECK(verdict(post("Transfer-Encoding : chunked\r\n")) == 400);
  CHECK(verdict(post("Transfer-Encoding:\r\n chunked\r\n")) != 0);
}

TEST_CASE("Connection tells whether another request follows", "[http]") {
  const auto stays = [](const std::string& bytes) { return parse(bytes)->head.keep_alive; };
  CHECK(stays(get("")));
  CHECK(!stays(get("Connection: Close\r\n")));
  CHECK(!stays(get("Connection: keep-alive, close\r\n")));
  CHECK(!stays(get("Connection: x\r\nConnection: close\r\n")));
  CHECK(!stays("GET / HTTP/1.0\r\n\r\n"));
  CHECK(stays("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"));
}

TEST_CASE("an upgrade needs both fields and no body", "[http]") {
  const auto upgrades = [](const std::string& bytes) { return parse(bytes)->head.upgrade_websocket; };
  CHECK(upgrades(get("Connection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n")));
  CHECK(!upgrades(get("Connection: Upgrade\r\n")));
  CHECK(!upgrades(get("Upgrade: websocket\r\n")));
  CHECK(!upgrades(get("Connection: Upgrade\r\nUpgrade: h2c\r\n")));
  CHECK(!upgrades("GET / HTTP/1.0\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"));
  CHECK(verdict(get("Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 1\r\n")) == 400);
  CHECK(verdict(get("Connection: Upgrade\r\nUpgrade: websocket\r\nTransfer-Encoding: chunked\r\n")) == 400);
  CHECK(verdict(get("Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 0\r\n")) == 0);
}

TEST_CASE("the only expectation is 100-continue", "[http]") {
  CHECK(verdict(post("Expect: 200-ok\r\n")) == 417);
  CHECK(parse(post("Expect: 100-Continue\r\nContent-Length: 3\r\n"))->head.expect_continue);
  CHECK(!parse(post("Expect: 100-continue\r\n"))->head.expect_continue);
  CHECK(!parse("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")->head.expect_continue);
}

TEST_CASE("what is larger than its limit is refused, at the limit and not after it", "[http]") {
  http::limits most;
  most.max_head = 200;
  most.max_target = 20;
  most.max_fields = 3;
  const auto target = [](std::size_t size) {
    return "GET /" + std::string(size - 1, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n";
  };
  CHECK(verdict(target(20), most) == 0);
  CHECK(verdict(target(21), most) == 414);
  CHECK(verdict(target(500), most) == 414);
  CHECK(verdict(get("B: 1\r\nC: 2\r\n"), most) == 0);
  CHECK(verdict(get("B: 1\r\nC: 2\r\nD: 3\r\n"), most) == 431);
  const std::size_t base = get("X: \r\n").size();
  CHECK(verdict(get("X: " + std::string(200 - base, 'b') + "\r\n"), most) == 0);
  CHECK(verdict(get("X: " + std::string(201 - base, 'b') + "\r\n"), most) == 431);
  CHECK(verdict(get("X: " + std::string(5000, 'b')), most) == 431);
}

TEST_CASE("what is no HTTP at all is refused at its first odd byte", "[http]") {
  for (const std::string& bytes : {std::string("\x16\x03\x01\x02"), std::string("*3\r\n$3\r\n"),
                                   std::string("SSH-2.0-OpenSSH_9\r\n"), std::string("EHLO\r\n"), std::string(4, '\0')})
    CHECK(verdict(bytes) == 400);
}

TEST_CASE("the default limits are those of the options", "[http]") {
  CHECK(verdict("GET /" + std::string(8 * 1024, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n") == 414);
  CHECK(verdict(get("X: " + std::string(16 * 1024, 'a') + "\r\n")) == 431);
  std::string fields;
  for (int i = 0; i != 100; ++i) fields += "a: b\r\n";
  CHECK(verdict(get(fields)) == 431);
}
