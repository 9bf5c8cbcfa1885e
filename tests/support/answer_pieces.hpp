// An answer read in pieces: what came of it, whatever the pieces were.
#pragma once

#include <sio/http/response_body.hpp>
#include <sio/http/response_head.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace test {

inline std::string error(std::string_view why) { return "error: " + std::string(why); }

/// "200 keep hello", "200 close ", "need more", "error: why"; `next_size(left)` says how many bytes come at a time, and
/// `ends` that nothing follows them.
template <class NextSize>
std::string read_answer(std::string_view bytes, bool to_head, std::size_t most, bool ends, NextSize&& next_size) {
  using outcome = sio::http::response_parser::outcome;
  sio::http::response_parser parser;
  sio::http::response_head head;
  sio::http::response_parser::result found;
  std::string seen;  // grows, and moves in memory
  for (std::size_t size = 0; found.what == outcome::need_more && size != bytes.size();) {
    size += next_size(bytes.size() - size);
    std::string moved(bytes.substr(0, size));
    seen.swap(moved);
    found = parser.parse(seen, {}, head);
  }
  if (found.what == outcome::need_more) return "need more";
  if (found.what == outcome::error) return error(found.why);
  sio::http::response_body body(head, to_head, most);
  std::size_t used = found.consumed;
  for (bool whole = true; whole && used != bytes.size() && !body.done() && body.error().empty();) {
    const std::string_view piece = bytes.substr(used, next_size(bytes.size() - used));
    const std::size_t taken = body.consume(piece);
    whole = taken == piece.size();
    used += taken;
  }
  if (!body.error().empty()) return error(body.error());
  if (ends) body.end();
  if (!body.done()) return "need more";
  std::string out = std::to_string(head.status) + (head.keep_alive ? " keep " : " close ") + body.take();
  if (!body.error().empty()) return error(body.error());
  if (used != bytes.size()) out += ", and " + std::to_string(bytes.size() - used) + " bytes behind it";
  return out;
}

}  // namespace test
