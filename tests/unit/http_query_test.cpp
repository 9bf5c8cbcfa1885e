// Targets taken apart as Node's querystring does it.
#include <sio/http/etag.hpp>
#include <sio/http/head.hpp>
#include <sio/http/mime.hpp>
#include <sio/http/request.hpp>
#include <support/catch.hpp>

using namespace sio;

namespace {

std::string listed(std::string_view text) {
  std::string out;
  for (const auto& [name, value] : http::parse_query(text)) out += "[" + name + "=" + value + "]";
  return out;
}

}  // namespace

TEST_CASE("a target is a path and a query", "[http]") {
  CHECK(http::split_target("/a?b?c").path == "/a");
  CHECK(http::split_target("/a?b?c").query == "b?c");
  CHECK(http::split_target("/a").query == "");
  CHECK(http::split_target("?").path == "");
}

// Each line was given to Node's querystring.parse.
TEST_CASE("parameters are decoded as Node decodes them", "[http]") {
  CHECK(listed("EIO=4&transport=polling&t=abc") == "[EIO=4][transport=polling][t=abc]");
  CHECK(listed("a") == "[a=]");
  CHECK(listed("a=") == "[a=]");
  CHECK(listed("=b") == "[=b]");
  CHECK(listed("=") == "[=]");
  CHECK(listed("a=b=c") == "[a=b=c]");
  CHECK(listed("&&a=1&&b=2&") == "[a=1][b=2]");
  CHECK(listed("a+b=c+d%2B") == "[a b=c d+]");
  CHECK(listed("J%C3%B6rg=%E2%82%ac") == "[J\xc3\xb6rg=\xe2\x82\xac]");
  CHECK(listed("a=%") == "[a=%]");
  CHECK(listed("a=%4") == "[a=%4]");
  CHECK(listed("a=%zz%41") == "[a=%zzA]");
  CHECK(listed("a=%4%41") == "[a=%4A]");
  CHECK(listed("a=%FF") == "[a=\xef\xbf\xbd]");
  CHECK(listed("a=%00") == std::string("[a=\0]", 5));
  CHECK(listed("__proto__=1") == "[__proto__=1]");
  CHECK(http::parse_query("a=1&a=2")["a"] == "2");
}

TEST_CASE("a thousand parameters are enough", "[http]") {
  std::string many;
  for (int i = 0; i != 5000; ++i) many += "a=1&";
  CHECK(http::parse_query(many).size() == 1000);
  CHECK(http::parse_query(std::string(100'000, '&')).empty());
}

TEST_CASE("a path keeps its plus and its broken escapes", "[http]") {
  CHECK(http::percent_decode("/a+b%20c%2e%2F%5c%") == "/a+b c./\\%");
  CHECK(http::percent_decode("%C3%28") == "\xef\xbf\xbd(");
  CHECK(http::percent_decode("%2541") == "%41");
}

TEST_CASE("a head becomes a request that owns its texts", "[http]") {
  const std::string bytes = "GET /a%20b?x=%31 HTTP/1.1\r\nHost: a\r\nX: 1\r\nX: 2\r\n\r\n";
  http::head head;
  http::head_parser parser;
  REQUIRE(parser.parse(bytes, {}, head).status == 0);
  const request got = http::to_request(head);
  CHECK(got.method == "GET");
  CHECK(got.url == "/a%20b?x=%31");
  CHECK(got.path == "/a b");
  CHECK(got.query["x"] == "1");
  CHECK(got.headers.size() == 2);
}

TEST_CASE("fields of one name are joined, but for those of which Node keeps the first", "[http]") {
  const std::string bytes =
      "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\nx: 2\r\nCookie: a=1\r\nCookie: b=2\r\nUser-Agent: u\r\nUser-Agent: v\r\n"
      "Origin: http://a\r\nOrigin: http://b\r\n\r\n";
  http::head head;
  http::head_parser parser;
  REQUIRE(parser.parse(bytes, {}, head).status == 0);
  const request got = http::to_request(head);
  CHECK(got.headers["X"] == "1, 2");
  CHECK(got.headers["Cookie"] == "a=1; b=2");
  CHECK(got.headers["User-Agent"] == "u");
  CHECK(got.headers["Origin"] == "http://a, http://b");
  CHECK(http::joined(head, "Origin") == "http://a, http://b");
}

TEST_CASE("a content type is told by the extension", "[http]") {
  CHECK(http::content_type("index.html") == "text/html; charset=utf-8");
  CHECK(http::content_type("A.B.JS") == "text/javascript; charset=utf-8");
  CHECK(http::content_type("a.png") == "image/png");
  CHECK(http::content_type("html") == "application/octet-stream");
  CHECK(http::content_type("a.unknown") == "application/octet-stream");
  CHECK(http::content_type("a.") == "application/octet-stream");
}

TEST_CASE("a condition is met by its tag, weak or not, in a list or alone", "[http]") {
  CHECK(http::matches_tag("\"a\"", "\"a\""));
  CHECK(http::matches_tag("W/\"a\"", "\"a\""));
  CHECK(http::matches_tag("\"b\" , W/\"a\"", "\"a\""));
  CHECK(http::matches_tag(" * ", "\"a\""));
  CHECK(!http::matches_tag("\"b\"", "\"a\""));
  CHECK(!http::matches_tag("a", "\"a\""));
  CHECK(!http::matches_tag("", "\"a\""));
}
