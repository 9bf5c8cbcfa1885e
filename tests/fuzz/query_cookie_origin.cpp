// Texts of a peer on their way into queries, paths, cookies and response headers: always valid, never a line of their
// own.
#include <sio/eio/error_body.hpp>
#include <sio/http/coding.hpp>
#include <sio/http/cookie.hpp>
#include <sio/http/cors.hpp>
#include <sio/http/query.hpp>
#include <sio/http/response.hpp>
#include <sio/server/files.hpp>
#include <sio/server/session_id.hpp>
#include <support/fuzz_cuts.hpp>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>

using namespace sio;

namespace {

void check_query(std::string_view text) {
  const http::split_target target(text);
  const query got = http::parse_query(target.query);
  test::require(got.size() <= http::max_parameters);
  for (const auto& [name, value] : got)
    test::require(unicode::to_valid_utf8(name) == name && unicode::to_valid_utf8(value) == value);
  const std::string path = http::percent_decode(target.path);
  test::require(unicode::to_valid_utf8(path) == path);
  if (!srv::detail::is_served_path(path)) return;
  test::require(("/" + path).find("/.") == std::string::npos && path.find('\\') == std::string::npos);
  test::require(path.empty() || path.front() != '/');
}

// Three lines that are ours, one empty line, and as many fields as there may be.
void check_lines(const std::string& head, std::size_t fields) {
  std::size_t lines = 0;
  for (std::size_t at = 0; at != head.size(); ++at) {
    const bool cr = head[at] == '\r';
    test::require(!cr || head[at + 1] == '\n');
    test::require(head[at] != '\n' || head[at - 1] == '\r');
    lines += cr ? 1 : 0;
  }
  test::require(lines <= fields + 4 && head.substr(head.size() - 4) == "\r\n\r\n");
}

void check_headers(std::string_view text) {
  cors_options rules;
  rules.origin = [](std::string_view) { return true; };
  response answer = *http::preflight(rules, text, text);
  answer.headers.add("Set-Cookie", http::set_cookie({}, text));
  answer.headers.add(std::string(text), std::string(text));
  std::string head;
  http::write_head(head, 200, answer.headers, 0, {text, true, false});
  check_lines(head, answer.headers.size());
  head.clear();
  http::write_poll_head(head, 0, {text, true, false}, answer.headers, {{std::string(text), std::string(text)}});
  check_lines(head, answer.headers.size() + 3);
  const std::string lines = http::upgrade_fields({{std::string(text), std::string(text)}, {"X", std::string(text)}});
  check_lines(lines + "\r\n", 2);
  rules.origin = std::vector<std::string>{"http://a", "http://b"};
  const headers listed = http::cors_headers(rules, text);
  const std::string* allowed = listed.find("Access-Control-Allow-Origin");
  test::require(!allowed || *allowed == "http://a" || *allowed == "http://b");
}

// A cookie whose parts were checked is one line, and each part ends where it should.
void check_cookie(std::string_view text) {
  for (const std::string_view kept : {"name", "domain", "path"}) {
    cookie_options one;
    if (kept == "name") one.name = text;
    if (kept == "domain") one.domain = text;
    if (kept == "path") one.path = text;
    try {
      http::check(one);
    } catch (const std::invalid_argument&) {
      continue;
    }
    const std::string written = http::set_cookie(one, text);
    test::require(http::is_field_text(written));
    test::require(std::count(written.begin(), written.end(), ';') ==
                  2 + (one.domain.empty() ? 0 : 1) + (one.path.empty() ? 0 : 1));
  }
}

// The coding that is given is one that is taken.
void check_coding(std::string_view text) {
  const http::coding best = http::preferred_coding(text);
  test::require(best == http::coding::identity || http::takes(text, best));
  test::require(best != http::coding::identity ||
                (!http::takes(text, http::coding::gzip) && !http::takes(text, http::coding::deflate)));
}

void check_id(std::string_view text) {
  if (!srv::is_session_id(text)) return;
  test::require(http::percent_encode(text, "-._~") == text);
  test::require(http::set_cookie({}, text).substr(3, text.size() + 1) == std::string(text) + ';');
}

void check_json(std::string_view text) {
  const std::string body = eio::error_body(4, text);
  test::require(unicode::to_valid_utf8(body) == body);
  for (const char c : body) test::require(static_cast<unsigned char>(c) >= 0x20);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_query(text);
  check_headers(text);
  check_cookie(text);
  check_coding(text);
  check_id(text);
  check_json(text);
  http::matches_tag(text, "\"4.8.4\"");
  return 0;
}
