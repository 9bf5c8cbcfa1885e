// What is written: the measured answers of the JS server to the byte, and nothing of an input's CR or LF.
#include <sio/http/date.hpp>
#include <sio/http/response.hpp>
#include <support/catch.hpp>

using namespace sio;

namespace {

const http::reply_options closing{"now", false, false};
const http::reply_options staying{"now", true, false};

std::string written(int status, const headers& fields, std::string_view body, const http::reply_options& how) {
  std::string out;
  http::write(out, status, fields, body, how);
  return out;
}

}  // namespace

TEST_CASE("a poll's answer is the JS server's", "[http]") {
  std::string out;
  http::write_poll_head(out, 113, closing, {{"Access-Control-Allow-Origin", "http://a"}, {"Vary", "Origin"}},
                        {{"Set-Cookie", "io=vDf8wm2wofbpLtJfAAAS; Path=/; HttpOnly; SameSite=Lax"}});
  CHECK(
      out ==
      "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: http://a\r\nVary: Origin\r\n"
      "Content-Type: text/plain; charset=UTF-8\r\nContent-Length: 113\r\ncache-control: no-store\r\n"
      "Set-Cookie: io=vDf8wm2wofbpLtJfAAAS; Path=/; HttpOnly; SameSite=Lax\r\nDate: now\r\nConnection: close\r\n\r\n");
}

TEST_CASE("a POST's answer is the JS server's", "[http]") {
  std::string out;
  http::write_post_answer(out, closing);
  CHECK(out ==
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\ncache-control: no-store\r\n"
        "Date: now\r\nConnection: close\r\n\r\nok");
}

TEST_CASE("an error has its JSON body and its length", "[http]") {
  CHECK(written(400, {{"Content-Type", "application/json"}}, "{\"code\":1,\"message\":\"Session ID unknown\"}",
                staying) ==
        "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: 41\r\nDate: now\r\n"
        "Connection: keep-alive\r\n\r\n{\"code\":1,\"message\":\"Session ID unknown\"}");
  CHECK(written(413, {}, "", closing) ==
        "HTTP/1.1 413 Payload Too Large\r\nContent-Length: 0\r\nDate: now\r\nConnection: close\r\n\r\n");
}

TEST_CASE("a refused upgrade is answered in raw text", "[http]") {
  CHECK(http::upgrade_refusal("Session ID unknown") ==
        "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-type: text/html\r\nContent-Length: 18\r\n\r\n"
        "Session ID unknown");
}

TEST_CASE("Content-Length stands where it is named, with the true number", "[http]") {
  CHECK(written(200, {{"content-length", "99"}, {"A", "b"}, {"Content-Length", "1"}}, "abc", staying) ==
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nA: b\r\nDate: now\r\nConnection: keep-alive\r\n\r\nabc");
  CHECK(written(204, {{"Content-Length", "7"}}, "abc", staying) ==
        "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\nDate: now\r\nConnection: keep-alive\r\n\r\n");
}

TEST_CASE("204 and 304 have no body and no length of their own", "[http]") {
  CHECK(written(204, {}, "abc", staying) == "HTTP/1.1 204 No Content\r\nDate: now\r\nConnection: keep-alive\r\n\r\n");
  CHECK(written(304, {{"Content-Length", "3"}}, "abc", staying) ==
        "HTTP/1.1 304 Not Modified\r\nDate: now\r\nConnection: keep-alive\r\n\r\n");
}

TEST_CASE("a HEAD is answered with the length of what it does not get", "[http]") {
  CHECK(written(200, {}, "abc", {"", true, true}) ==
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: keep-alive\r\n\r\n");
}

TEST_CASE("no field can split a response or change its framing", "[http]") {
  CHECK(written(200,
                {{"A", "b\r\nEvil: c\n\0d"},
                 {"B\r\nEvil", "c"},
                 {"", "c"},
                 {"Connection", "keep-alive"},
                 {"transfer-encoding", "chunked"},
                 {"Date", "then"},
                 {"Keep-Alive", "timeout=5"},
                 {"C", "\t\xc3\xa4"}},
                "", closing) ==
        "HTTP/1.1 200 OK\r\nA: b  Evil: c \r\nC: \t\xc3\xa4\r\nContent-Length: 0\r\nDate: now\r\n"
        "Connection: close\r\n\r\n");
}

TEST_CASE("a status that is no final one becomes 500", "[http]") {
  CHECK(written(101, {}, "", closing).substr(0, 36) == "HTTP/1.1 500 Internal Server Error\r\n");
  CHECK(written(-1, {}, "", closing).substr(0, 12) == "HTTP/1.1 500");
  CHECK(written(299, {}, "", closing).substr(0, 22) == "HTTP/1.1 299 Unknown\r\n");
}

TEST_CASE("dates are written as HTTP writes them", "[http]") {
  CHECK(http::http_date(0) == "Thu, 01 Jan 1970 00:00:00 GMT");
  CHECK(http::http_date(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(http::http_date(951782400) == "Tue, 29 Feb 2000 00:00:00 GMT");
  CHECK(http::http_date(951868799) == "Tue, 29 Feb 2000 23:59:59 GMT");
  CHECK(http::http_date(951868800) == "Wed, 01 Mar 2000 00:00:00 GMT");
  CHECK(http::http_date(1798761599) == "Thu, 31 Dec 2026 23:59:59 GMT");
  CHECK(http::http_date(4107542400) == "Mon, 01 Mar 2100 00:00:00 GMT");
  CHECK(http::http_date(-5) == "Thu, 01 Jan 1970 00:00:00 GMT");
}
