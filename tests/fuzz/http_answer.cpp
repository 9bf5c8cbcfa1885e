// Answers in one piece and in pieces: the same verdict, and never more than the limit.
#include <support/answer_pieces.hpp>
#include <support/fuzz_cuts.hpp>

#include <string>

namespace {

constexpr std::size_t limit = 300;

void check_accepted(std::string_view bytes) {
  sio::http::response_parser parser;
  sio::http::response_head head;
  const auto found = parser.parse(bytes, {}, head);
  if (found.what != sio::http::response_parser::outcome::complete) return;
  test::require(found.consumed <= bytes.size() && bytes.substr(found.consumed - 4, 4) == "\r\n\r\n");
  test::require(head.status >= 100 && head.status <= 599 && !(head.chunked && head.content_length));
  for (const auto& f : head.fields) test::require(sio::http::is_token(f.name) && sio::http::is_field_text(f.value));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  test::cuts cuts(data, size);
  std::string_view bytes = cuts.rest();
  if (bytes.empty()) return 0;
  const bool to_head = (bytes.front() & 1) != 0, ends = (bytes.front() & 2) != 0;
  bytes.remove_prefix(1);
  const auto read = [&](auto next) { return test::read_answer(bytes, to_head, limit, ends, next); };
  const std::string whole = read([](std::size_t left) { return left; });
  test::require(whole == read([&](std::size_t left) { return cuts.next(left); }));
  test::require(whole.size() < limit + 100);
  check_accepted(bytes);
  return 0;
}
