// The session cookie: every attribute as npm cookie writes it, and nothing that could not stand in a header.
#include <sio/http/cookie.hpp>
#include <sio/server/session_id.hpp>
#include <support/catch.hpp>

#include <stdexcept>
#include <string>

using namespace sio;
using http::set_cookie;

namespace {

// Why a cookie with this one change cannot be; empty if it can.
template <class Change>
std::string refusal(Change change) {
  cookie_options cookie;
  change(cookie);
  try {
    http::check(cookie);
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return {};
}

bool can_be_name(const std::string& text) {
  return refusal([&](cookie_options& c) { c.name = text; }).empty();
}
bool can_be_path(const std::string& text) {
  return refusal([&](cookie_options& c) { c.path = text; }).empty();
}
bool can_be_domain(const std::string& text) {
  return refusal([&](cookie_options& c) { c.domain = text; }).empty();
}

}  // namespace

TEST_CASE("a cookie has its attributes in npm cookie's order", "[http]") {
  cookie_options all;
  CHECK(set_cookie(all, "id") == "io=id; Path=/; HttpOnly; SameSite=Lax");
  all.name = "sid2";
  all.max_age = std::chrono::hours(24);
  all.domain = "example.com";
  all.path = "/a b";
  all.expires = std::chrono::system_clock::from_time_t(784'111'777);
  all.secure = all.partitioned = true;
  all.priority = cookie_options::priority_rule::medium;
  all.same_site = cookie_options::same_site_rule::none;
  CHECK(set_cookie(all, "id") ==
        "sid2=id; Max-Age=86400; Domain=example.com; Path=/a b; Expires=Sun, 06 Nov 1994 08:49:37 GMT; HttpOnly; "
        "Secure; Partitioned; Priority=Medium; SameSite=None");
}

TEST_CASE("a cookie may be bare", "[http]") {
  cookie_options bare;
  bare.path.clear();
  bare.http_only = false;
  bare.same_site = cookie_options::same_site_rule::unset;
  CHECK(set_cookie(bare, "id") == "io=id");
  bare.priority = cookie_options::priority_rule::low;
  CHECK(set_cookie(bare, "id") == "io=id; Priority=Low");
  bare.priority = cookie_options::priority_rule::high;
  bare.same_site = cookie_options::same_site_rule::strict;
  CHECK(set_cookie(bare, "id") == "io=id; Priority=High; SameSite=Strict");
}

TEST_CASE("a value is escaped as encodeURIComponent does", "[http]") {
  CHECK(set_cookie({}, "a;b=c\r\nd é").substr(0, 32) == "io=a%3Bb%3Dc%0D%0Ad%20%C3%A9; Pa");
}

TEST_CASE("a cookie's name is a token", "[http]") {
  for (const char* fine : {"io", "a.b-c_d", "!#$%&'*+-.^_`|~", "__Host-io"}) CHECK(can_be_name(fine));
  for (const char* wrong : {"", "a b", "a=b", "a;b", "a,b", "a\tb", "a\r\nb", "a\"b", "a(b", "ä", "userName=<script>"})
    CHECK(!can_be_name(wrong));
  CHECK(!can_be_name(std::string("a\0b", 3)));
  CHECK(refusal([](cookie_options& c) { c.name = "a b"; }) ==
        "cookie name \"a b\": only letters, digits and !#$%&'*+-.^_`|~ may be used");
}

TEST_CASE("a cookie's path ends before the next attribute", "[http]") {
  for (const char* fine : {"", "/", "/a b/c,d", "relative", "/a=b"}) CHECK(can_be_path(fine));
  for (const char* wrong : {"/;", "/a;HttpOnly", "/<script>", "/\r\nX: 1", "/\t", "/ü", "/\x7f"})
    CHECK(!can_be_path(wrong));
  CHECK(!can_be_path(std::string("/\0", 2)));
}

TEST_CASE("a cookie's domain is a domain name", "[http]") {
  for (const char* fine : {"", "example.com", ".example.com", "localhost", "a-b.C9.org"}) CHECK(can_be_domain(fine));
  for (const char* wrong : {".", "..", "a..b", "a.", "-a.com", "a-.com", "a b", "a;b", "a.com; Secure", "a\r\nb", "a_b",
                            "ä.com", "..example.com"})
    CHECK(!can_be_domain(wrong));
  CHECK(can_be_domain(std::string(63, 'a')));
  CHECK(!can_be_domain(std::string(64, 'a')));
}

TEST_CASE("a cookie does not expire before 1970", "[http]") {
  const auto can_expire = [](std::time_t when) {
    return refusal([&](cookie_options& c) { c.expires = std::chrono::system_clock::from_time_t(when); }).empty();
  };
  CHECK(can_expire(0));
  CHECK(can_expire(4'102'444'800));
  CHECK(!can_expire(-1));
}

TEST_CASE("a session id needs no escape in a URL or a cookie", "[http]") {
  for (const char* fine : {"a", "550e8400-e29b-41d4-a716-446655440000", "A_b.c~9", "..", "__proto__"})
    CHECK(srv::is_session_id(fine));
  for (const char* wrong : {"", "a b", "a/b", "a;b", "a=b", "a&b", "a%20", "a\r\n", "a\"b", "a:b", "ä", "a\x7f"})
    CHECK(!srv::is_session_id(wrong));
  CHECK(!srv::is_session_id(std::string_view("a\0b", 3)));
  CHECK(srv::is_session_id(std::string(128, 'x')));
  CHECK(!srv::is_session_id(std::string(129, 'x')));
}
