// What a client is given by its user and by a server: URLs, Set-Cookie, headers; nothing breaks out of its place.
#include <sio/http/cookie_jar.hpp>
#include <sio/http/request_text.hpp>
#include <sio/http/url.hpp>
#include <support/fuzz_cuts.hpp>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>

namespace http = sio::http;
using test::require;

namespace {

// As `http://host:port/path?query` it reads the same.
void check_url(std::string_view text) {
  http::url u;
  try {
    u = http::parse_url(text);
  } catch (const std::invalid_argument&) {
    return;
  }
  require(!u.host.empty() && u.port != 0 && u.path.front() == '/');
  require(u.host.find_first_of("/?#@[] \r\n") == std::string::npos);
  const std::string host = u.is_ipv6 ? '[' + u.host + ']' : u.host;
  const std::string again =
      u.scheme + "://" + host + ':' + std::to_string(u.port) + u.path + (u.query.empty() ? "" : "?" + u.query);
  if (again.size() > 8000) return;
  const http::url same = http::parse_url(again);
  require(same.host == u.host && same.port == u.port && same.path == u.path && same.query == u.query);
  require(http::is_field_text(http::host_header(u)));
}

void check_cookies(std::string_view text) {
  using clock = std::chrono::system_clock;
  const clock::time_point now{std::chrono::seconds(1'700'000'000)};
  http::cookie_jar jar;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    jar.take(text.substr(0, end), now);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  const std::string sent = jar.header(now);
  require(http::is_field_text(sent));
  require(sent.size() <= http::cookie_jar::max_cookies * (http::cookie_jar::max_size + 3));
  if (!sent.empty()) http::check_fields({{"Cookie", sent}});
  require(jar.header(now + std::chrono::hours(24 * 365 * 200)).size() <= sent.size());
}

// A request that was not refused has as many lines as it should.
void check_request(std::string_view text) {
  const std::size_t colon = std::min(text.find(':'), text.size());
  const std::string name(text.substr(0, colon)), value(text.substr(std::min(colon + 1, text.size())));
  std::string out;
  try {
    out = http::request_head("GET", "/" + value, "h", {{name, value}}, 5);
  } catch (const std::invalid_argument&) {
    return;
  }
  const auto lines = std::count(out.begin(), out.end(), '\n');
  const bool own_host = http::same_letters(name, "host"), own_coding = http::same_letters(name, "accept-encoding");
  require(lines == 7 - (own_host ? 1 : 0) - (own_coding || http::readable_codings.empty() ? 1 : 0));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_url(text);
  check_cookies(text);
  check_request(text);
  return 0;
}
