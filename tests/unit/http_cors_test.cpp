// Cross-origin headers: to the byte those of npm `cors`.
#include <sio/http/cors.hpp>
#include <sio/http/response.hpp>
#include <support/catch.hpp>

using namespace sio;

namespace {

std::string text(const headers& fields) {
  std::string out;
  for (const auto& [name, value] : fields) out += name + ": " + value + "\n";
  return out;
}

cors_options fixed(std::string origin) {
  cors_options rules;
  rules.origin = std::move(origin);
  return rules;
}

cors_options listed(std::vector<std::string> origins) {
  cors_options rules;
  rules.origin = std::move(origins);
  return rules;
}

cors_options asked(std::function<bool(std::string_view)> allowed) {
  cors_options rules;
  rules.origin = std::move(allowed);
  return rules;
}

}  // namespace

TEST_CASE("a preflight with one origin is answered as measured", "[http]") {
  const auto got = http::preflight(fixed("http://a"), "http://b", "x-a");
  REQUIRE(got);
  std::string out;
  http::write(out, *got, {"now", false, false});
  CHECK(out ==
        "HTTP/1.1 204 No Content\r\nAccess-Control-Allow-Origin: http://a\r\n"
        "Vary: Origin, Access-Control-Request-Headers\r\n"
        "Access-Control-Allow-Methods: GET,HEAD,PUT,PATCH,POST,DELETE\r\nAccess-Control-Allow-Headers: x-a\r\n"
        "Content-Length: 0\r\nDate: now\r\nConnection: close\r\n\r\n");
}

TEST_CASE("a preflight with any origin varies by the asked headers only", "[http]") {
  CHECK(text(http::preflight(fixed("*"), "http://b", "x-a")->headers) ==
        "Access-Control-Allow-Origin: *\nAccess-Control-Allow-Methods: GET,HEAD,PUT,PATCH,POST,DELETE\n"
        "Vary: Access-Control-Request-Headers\nAccess-Control-Allow-Headers: x-a\nContent-Length: 0\n");
}

TEST_CASE("a preflight with all options has them in the order of npm cors", "[http]") {
  cors_options rules = listed({"http://za", "http://zb"});
  rules.credentials = true;
  rules.methods = "GET,POST";
  rules.allowed_headers = {"x-a", "x-b"};
  rules.exposed_headers = {"x", "y"};
  rules.max_age = std::chrono::seconds(600);
  rules.options_success_status = 200;
  const auto got = http::preflight(rules, "http://zb", "ignored");
  REQUIRE(got);
  CHECK(got->status == 200);
  CHECK(text(got->headers) ==
        "Access-Control-Allow-Origin: http://zb\nVary: Origin\nAccess-Control-Allow-Credentials: true\n"
        "Access-Control-Allow-Methods: GET,POST\nAccess-Control-Allow-Headers: x-a,x-b\n"
        "Access-Control-Max-Age: 600\nAccess-Control-Expose-Headers: x,y\nContent-Length: 0\n");
}

TEST_CASE("an actual response has the origin's headers as measured", "[http]") {
  cors_options rules = listed({"http://za", "http://zb"});
  rules.credentials = true;
  rules.exposed_headers = {"x"};
  CHECK(text(http::cors_headers(rules, "http://zb")) ==
        "Access-Control-Allow-Origin: http://zb\nVary: Origin\nAccess-Control-Allow-Credentials: true\n"
        "Access-Control-Expose-Headers: x\n");
  CHECK(text(http::cors_headers(rules, "http://evil")) ==
        "Vary: Origin\nAccess-Control-Allow-Credentials: true\nAccess-Control-Expose-Headers: x\n");
  CHECK(text(http::cors_headers(fixed("*"), "http://b")) == "Access-Control-Allow-Origin: *\n");
  CHECK(text(http::cors_headers(fixed("http://a"), "")) == "Access-Control-Allow-Origin: http://a\nVary: Origin\n");
  CHECK(text(http::cors_headers(fixed(""), "http://b")).empty());
}

TEST_CASE("a listed origin is compared as a whole", "[http]") {
  const cors_options rules = listed({"http://a", "*"});
  for (const char* other : {"", "http://a.evil", "http://", "HTTP://A", "null", "http://a/"})
    CHECK(text(http::cors_headers(rules, other)) == "Vary: Origin\n");
}

TEST_CASE("an origin function decides, and its no is as if there were no rules", "[http]") {
  const cors_options rules = asked([](std::string_view origin) { return origin != "http://evil"; });
  CHECK(text(http::cors_headers(rules, "http://a")) == "Access-Control-Allow-Origin: http://a\nVary: Origin\n");
  CHECK(text(http::cors_headers(rules, "")) == "Vary: Origin\n");
  CHECK(http::cors_headers(rules, "http://evil").empty());
  CHECK(!http::preflight(rules, "http://evil", ""));
  CHECK(http::cors_headers(asked(nullptr), "http://a").empty());
}

TEST_CASE("nothing that could do harm is reflected", "[http]") {
  const cors_options rules = asked([](std::string_view) { return true; });
  for (const char* bad : {"http://a\r\nEvil: 1", "http://\xc3\xa4", "a\tb", "\x7f"}) {
    CHECK(text(http::cors_headers(rules, bad)) == "Vary: Origin\n");
    const auto got = http::preflight(rules, "http://a", bad);
    REQUIRE(got);
    CHECK(!got->headers.find("Access-Control-Allow-Headers"));
  }
}

TEST_CASE("only an OPTIONS request is a preflight", "[http]") {
  request got;
  got.method = "GET";
  got.headers.add("origin", "http://a");
  got.headers.add("access-control-request-headers", "x-a");
  CHECK(!http::preflight(fixed("*"), got));
  got.method = "OPTIONS";
  const auto answer = http::preflight(listed({"http://a"}), got);
  REQUIRE(answer);
  CHECK(answer->headers["Access-Control-Allow-Origin"] == "http://a");
  CHECK(answer->headers["Access-Control-Allow-Headers"] == "x-a");
  CHECK(http::cors_headers(listed({"http://a"}), got)["Access-Control-Allow-Origin"] == "http://a");
}
