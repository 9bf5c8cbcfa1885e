// A body read in pieces: what came of it, whatever the pieces were.
#pragma once

#include <sio/http/body.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace test {

struct body_outcome {
  std::size_t used = 0;
  bool done = false;
  int status = 0;
  std::string body;
  bool operator==(const body_outcome& o) const {
    return used == o.used && done == o.done && status == o.status && body == o.body;
  }
};

/// Feeds `bytes`; `next_size(left)` says how many come at a time.
template <class NextSize>
body_outcome read_body(const sio::http::head& head, std::string_view bytes, std::size_t most, NextSize&& next_size) {
  sio::http::body_reader reader(head, most);
  body_outcome out;
  for (bool whole = true; whole && out.used != bytes.size() && !reader.done() && reader.status() == 0;) {
    const std::string_view piece = bytes.substr(out.used, next_size(bytes.size() - out.used));
    const std::size_t used = reader.consume(piece);
    whole = used == piece.size();
    out.used += used;
  }
  out.done = reader.done();
  out.status = reader.status();
  out.body = reader.take();
  return out;
}

}  // namespace test
