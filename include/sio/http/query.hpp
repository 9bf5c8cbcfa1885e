// A request target taken apart: path and query parameters, decoded as Node's querystring decodes them.
//
//   /a%20b?EIO=4&name=J%C3%B6rg+X   -> "/a b", {EIO: "4", name: "Jörg X"}
#pragma once

#include <sio/http/percent.hpp>
#include <sio/request.hpp>

#include <string>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace http {

/// Parameters of one query; what follows the last one is dropped, as in Node.
inline constexpr std::size_t max_parameters = 1000;

/// The two parts of a target, not decoded; the query without its question mark.
struct split_target {
  explicit split_target(std::string_view target) noexcept;
  std::string_view path;
  std::string_view query;
};

/// `a=1&b` is {a: "1", b: ""}; a plus is a blank.
sio::query parse_query(std::string_view text);

// ---- bodies

inline split_target::split_target(std::string_view target) noexcept {
  const std::size_t mark = target.find('?');
  path = target.substr(0, mark);
  if (mark != std::string_view::npos) query = target.substr(mark + 1);
}

namespace detail {

inline void add_parameter(sio::query& out, std::string_view piece) {
  if (piece.empty()) return;
  const std::size_t equals = piece.find('=');
  const std::string_view text = equals == std::string_view::npos ? std::string_view() : piece.substr(equals + 1);
  out.add(percent_decode(piece.substr(0, equals), true), percent_decode(text, true));
}

}  // namespace detail

inline sio::query parse_query(std::string_view text) {
  sio::query out;
  for (std::size_t pieces = 0; !text.empty() && pieces != max_parameters; ++pieces) {
    const std::size_t end = text.find('&');
    detail::add_parameter(out, text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return out;
}

}  // namespace http
}  // namespace SIO_ABI
}  // namespace sio
