// Bodies in one piece and in pieces: the same verdict, and never more than the limit.
#include <support/body_pieces.hpp>
#include <support/fuzz_cuts.hpp>

#include <string>

using namespace sio;

namespace {

constexpr std::size_t limit = 300;

test::body_outcome read(const http::head& head, std::string_view bytes, test::cuts* cuts) {
  const auto out =
      test::read_body(head, bytes, limit, [cuts](std::size_t left) { return cuts ? cuts->next(left) : left; });
  test::require(out.used == bytes.size() || out.done || out.status != 0);
  test::require(out.body.size() <= limit);
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  test::cuts cuts(data, size);
  const std::string_view bytes = cuts.rest();
  if (bytes.empty()) return 0;
  http::head head;
  head.chunked = (bytes.front() & 0x80) == 0;
  if (!head.chunked) head.content_length = static_cast<std::uint64_t>(bytes.front() & 0x7f) * 4;
  const std::string_view body = head.chunked ? bytes : bytes.substr(1);
  test::require(read(head, body, nullptr) == read(head, body, &cuts));
  return 0;
}
