// Bodies in one piece and in pieces: the same verdict, and never more than the limit.
#include <sio/http/body.hpp>
#include <support/fuzz_cuts.hpp>

#include <string>

using namespace sio;

namespace {

constexpr std::size_t limit = 300;

struct outcome {
  std::size_t used = 0;
  bool done = false;
  int status = 0;
  std::string body;
  bool operator==(const outcome& o) const {
    return used == o.used && done == o.done && status == o.status && body == o.body;
  }
};

outcome read(const http::head& head, std::string_view bytes, test::cuts* cuts) {
  http::body_reader reader(head, limit);
  outcome out;
  while (out.used != bytes.size() && !reader.done() && reader.status() == 0) {
    const std::size_t left = bytes.size() - out.used;
    const std::size_t size = cuts ? cuts->next(left) : left;
    const std::size_t used = reader.consume(bytes.substr(out.used, size));
    test::require(used == size || reader.done() || reader.status() != 0);
    out.used += used;
  }
  out.done = reader.done();
  out.status = reader.status();
  out.body = reader.take();
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
