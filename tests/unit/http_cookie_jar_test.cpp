// Cookies as engine.io-client keeps them, and requests as they are written.
#include <sio/http/cookie_jar.hpp>
#include <sio/http/request_text.hpp>
#include <support/catch.hpp>

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>

using namespace std::chrono_literals;
using sio::http::cookie_jar;

namespace {

constexpr cookie_jar::time_point now{1'700'000'000s};  // 2023-11-14T22:13:20Z

// What is sent after these, so much later.
std::string sent(std::initializer_list<const char*> given, std::chrono::seconds later = 0s) {
  cookie_jar jar;
  for (const char* one : given) jar.take(one, now);
  return jar.header(now + later);
}

std::optional<std::int64_t> seconds_of(const char* date) {
  const auto at = sio::http::parse_cookie_date(date);
  if (!at) return std::nullopt;
  return std::chrono::duration_cast<std::chrono::seconds>(at->time_since_epoch()).count();
}

std::string refusal(const sio::headers& fields, const std::string& method = "GET", const std::string& target = "/") {
  try {
    sio::http::request_head(method, target, "h", fields);
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return {};
}

}  // namespace

TEST_CASE("cookies are sent back in the order in which they came") {
  CHECK(sent({}) == "");
  CHECK(sent({"io=abc; Path=/; HttpOnly; SameSite=Lax"}) == "io=abc");
  CHECK(sent({"a=1", "b=2; Secure; Domain=x.org", "a=3"}) == "a=3; b=2");
  CHECK(sent({"a=\"x y\"", "b=", "c=d=e"}) == "a=x y; b=; c=d=e");
  CHECK(sent({" a = 1 "}) == "a=1");
}

TEST_CASE("what is no cookie is left alone") {
  CHECK(sent({"", "a", "=b", "; a=b", " =x"}) == "");
  cookie_jar jar;
  jar.take(std::string("a=b\r\nX: y"), now);
  jar.take(std::string("a=b\0c", 5), now);
  CHECK(jar.empty());
}

TEST_CASE("Max-Age and Expires end a cookie, the last of them counts, and case does not matter") {
  CHECK(sent({"a=1; Max-Age=60"}, 59s) == "a=1");
  CHECK(sent({"a=1; Max-Age=60"}, 60s) == "");
  CHECK(sent({"a=1; MAX-AGE=60"}, 60s) == "");
  CHECK(sent({"a=1; expires=Tue, 14 Nov 2023 22:13:30 GMT"}, 9s) == "a=1");
  CHECK(sent({"a=1; expires=Tue, 14 Nov 2023 22:13:30 GMT"}, 10s) == "");
  CHECK(sent({"a=1; Expires=Tue, 14 Nov 2000 22:13:30 GMT; Max-Age=60"}) == "a=1");
  CHECK(sent({"a=1; Max-Age=60; Expires=Tue, 14 Nov 2000 22:13:30 GMT"}) == "");
  CHECK(sent({"a=1; Max-Age=99999999999999999999"}, 9'999'999s) == "a=1");
}

TEST_CASE("a lifetime that is past, or unreadable, deletes the cookie") {
  CHECK(sent({"a=1", "a=2; Max-Age=0"}) == "");
  CHECK(sent({"a=1", "b=1", "a=2; Max-Age=-1"}) == "b=1");
  CHECK(sent({"a=1; Max-Age=soon"}) == "");
  CHECK(sent({"a=1; Expires=never"}) == "");
  CHECK(sent({"a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT"}) == "");
  CHECK(sent({"a=1; Max-Age"}) == "a=1");
  CHECK(sent({"a=1; Max-Age=1=2"}) == "a=1");
}

TEST_CASE("a jar does not grow without end") {
  cookie_jar jar;
  for (int i = 0; i != 200; ++i) jar.take("c" + std::to_string(i) + "=x", now);
  jar.take("c1=new", now);
  const std::string all = jar.header(now);
  CHECK(all.find("c1=new; c2=x") != std::string::npos);
  CHECK(all.find("c50=") == std::string::npos);
  cookie_jar small;
  small.take("a=" + std::string(5'000, 'x'), now);
  CHECK(small.empty());
}

TEST_CASE("the dates of cookies are read in the ways in which servers write them") {
  for (const char* date : {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
                           "Sun Nov  6 08:49:37 1994", "6 november 1994 8:49:37", "Sun, 06-Nov-1994 08:49:37 GMT"}) {
    INFO(date);
    CHECK(seconds_of(date) == 784'111'777);
  }
  CHECK(seconds_of("Fri, 01 Jan 2038 00:00:00 GMT") == 2'145'916'800);
  CHECK(seconds_of("Fri, 01 Jan 38 00:00:00 GMT") == 2'145'916'800);
  CHECK(seconds_of("Fri, 31 Dec 9999 23:59:59 GMT").value_or(0) > 9'000'000'000);
  CHECK(seconds_of("Fri, 31 Dec 1601 23:59:59 GMT") == 0);
  for (const char* none :
       {"", "x", "06 Nov 1994", "08:49:37", "32 Nov 1994 08:49:37", "06 Nov 1994 24:49:37", "06 Nov 1600 08:49:37",
        "06 Nov 19945 08:49:37", "0 Nov 1994 08:49:37", "06 Nov 1994 08:49:377", "06 Nov 1994 08:60:37"}) {
    INFO(none);
    CHECK_FALSE(seconds_of(none).has_value());
  }
}

TEST_CASE("a request's head has Host, the caller's fields, and the length of its body") {
  const std::string accepts = sio::http::readable_codings.empty() ? "" : "Accept-Encoding: gzip, deflate\r\n";
  const std::string end = "Connection: keep-alive\r\n\r\n";
  using sio::http::request_head;
  CHECK(request_head("GET", "/x?y", "h:1", {}) == "GET /x?y HTTP/1.1\r\nHost: h:1\r\n" + accepts + end);
  CHECK(request_head("POST", "/", "h", {{"A", "b c"}}, 0) ==
        "POST / HTTP/1.1\r\nHost: h\r\nA: b c\r\n" + accepts + "Content-Length: 0\r\n" + end);
  CHECK(request_head("GET", "/", "h", {{"host", "other"}, {"accept-encoding", "identity"}}) ==
        "GET / HTTP/1.1\r\nhost: other\r\naccept-encoding: identity\r\n" + end);
}

TEST_CASE("nothing that a caller gives can break a request apart") {
  CHECK(refusal({{"A", "b\r\nC: d"}}) == "the header \"A\" holds a control character");
  CHECK(refusal({{"A", std::string("b\0", 2)}}) == "the header \"A\" holds a control character");
  CHECK(refusal({{"A\r\nB", "c"}}) == "a header's name holds a character that none may hold");
  CHECK(refusal({{"", "c"}}) == "a header's name holds a character that none may hold");
  for (const char* name : {"Content-Length", "transfer-encoding", "CONNECTION", "Upgrade", "Sec-WebSocket-Key"})
    CHECK(refusal({{name, "1"}}) == "the header \"" + std::string(name) + "\" is written by the connection itself");
  CHECK(refusal({}, "GE T") == "the method \"GE T\" is none");
  for (const char* target : {"", "x", "/a b", "/a\r\n", "http://h/", "/\xc3\xa4", "/#a"})
    CHECK(refusal({}, "GET", target) == "the request target \"" + std::string(target) + "\" is no path");
}
