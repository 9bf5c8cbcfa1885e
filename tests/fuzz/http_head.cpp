// Heads in one piece and in pieces: the same verdict, and nothing in an accepted one that could split or smuggle.
#include <sio/http/head.hpp>
#include <sio/http/request.hpp>
#include <support/fuzz_cuts.hpp>

#include <string>

using namespace sio;
using outcome = http::head_parser::outcome;

namespace {

const http::limits most{600, 200, 12};

std::string described(const http::head_parser::result& r, const http::head& head) {
  std::string out = std::to_string(static_cast<int>(r.what)) + ' ' + std::to_string(r.consumed) + ' ' +
                    std::to_string(r.status) + ' ' + std::string(r.why);
  if (r.what != outcome::complete) return out;
  out.append("|").append(head.method).append("|").append(head.target);
  for (const http::field& f : head.fields) out.append("|").append(f.name).append(":").append(f.value);
  for (const bool b : {head.http_1_1, head.chunked, head.keep_alive, head.expect_continue, head.upgrade_websocket})
    out += b ? '1' : '0';
  return out + std::to_string(head.content_length.value_or(0)) + (head.content_length ? "!" : "");
}

std::string whole(std::string_view bytes) {
  http::head_parser parser;
  http::head head;
  const http::head_parser::result r = parser.parse(bytes, most, head);
  return described(r, head);
}

// The buffer grows, and moves in memory, between the calls.
std::string in_pieces(std::string_view bytes, test::cuts& cuts) {
  http::head_parser parser;
  http::head head;
  http::head_parser::result r;
  std::string seen;
  for (std::size_t size = 0; r.what == outcome::need_more && size != bytes.size();) {
    size += cuts.next(bytes.size() - size);
    std::string moved(bytes.substr(0, size));
    seen.swap(moved);
    r = parser.parse(seen, most, head);
  }
  return described(r, head);
}

void check_accepted(std::string_view bytes) {
  http::head_parser parser;
  http::head head;
  if (parser.parse(bytes, most, head).what != outcome::complete) return;
  test::require(http::is_token(head.method) && !head.target.empty());
  test::require(head.target.find_first_of(" \r\n\t") == std::string_view::npos);
  test::require(!(head.chunked && head.content_length) && !(head.upgrade_websocket && head.has_body()));
  test::require(head.fields.size() <= most.max_fields);
  for (const http::field& f : head.fields) test::require(http::is_token(f.name) && http::is_field_text(f.value));
  const sio::request made = http::to_request(head);
  test::require(made.headers.size() <= head.fields.size());
  for (const http::field& f : head.fields) test::require(made.headers[f.name] == http::joined(head, f.name));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  test::cuts cuts(data, size);
  const std::string_view bytes = cuts.rest();
  if (bytes.empty()) return 0;
  test::require(whole(bytes) == in_pieces(bytes, cuts));
  check_accepted(bytes);
  return 0;
}
