// The parser of an answer's head: as strict as the one of requests, and the same verdict however the bytes are cut.
//
//   HTTP/1.1 200 OK CRLF  Content-Length: 2 CRLF  CRLF
#pragma once

#include <sio/http/framing.hpp>
#include <sio/http/head_lines.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace http {

/// An answer's head. Its views live as long as the buffer that was parsed.
struct response_head : message_head {
  int status = 0;           ///< 100 to 599
  std::string_view reason;  ///< "OK"; may be empty

  /// 1xx but for 101: the answer itself is still to come.
  bool interim() const noexcept { return status < 200 && status != 101; }
};

/// Reads a head from a buffer that grows between the calls; it remembers how far it has looked.
class response_parser {
 public:
  enum class outcome : std::uint8_t { need_more, complete, error };

  struct result {
    outcome what = outcome::need_more;
    std::size_t consumed = 0;  ///< of a complete head: its bytes; the body begins there
    std::string_view why;      ///< of an error: "LF without CR"
  };

  /// `buffer` begins where it began at the last call since `reset`, whether or not it has moved in memory.
  /// After an error nothing can be said of the bytes that follow.
  result parse(std::string_view buffer, const limits& most, response_head& out);
  /// Ready for the next head of the connection.
  void reset() noexcept { *this = response_parser(); }

 private:
  bool read_status_line(std::string_view window);
  bool read_status(std::string_view line);
  bool find_end(std::string_view window, const limits& most);
  bool fill(std::string_view window, response_head& out);

  detail::head_lines lines_;
  std::size_t status_end_ = 0;  // of the status line, with its CR LF
  int status_ = 0;
  bool complete_ = false;
};

// ---- bodies

namespace detail {

inline constexpr std::string_view version_prefix = "HTTP/1.";
inline constexpr std::size_t status_begin = version_length + 1;
inline constexpr std::size_t reason_begin = status_begin + 4;

}  // namespace detail

inline response_parser::result response_parser::parse(std::string_view buffer, const limits& most, response_head& out) {
  const std::string_view window = buffer.substr(0, most.max_head);
  const bool whole = read_status_line(window) && find_end(window, most) && fill(window, out);
  if (whole) return {outcome::complete, lines_.looked, {}};
  if (!lines_.fault && buffer.size() >= most.max_head) lines_.refuse(431, "a head larger than allowed");
  if (lines_.fault) return {outcome::error, 0, lines_.fault.why};
  return {};
}

// What is no HTTP at all (TLS, SSH …) shows in its first bytes, not at the end of a line that may never come.
inline bool response_parser::read_status_line(std::string_view window) {
  if (lines_.fault) return false;
  if (status_end_ != 0) return true;
  const std::string_view begin = detail::version_prefix.substr(0, window.size());
  if (window.substr(0, begin.size()) != begin) return lines_.refuse(400, "no HTTP/1.x");
  if (!lines_.scan_line(window)) return false;
  const std::string_view line = window.substr(0, lines_.looked - 2);
  if (!lines_.read_version(line.substr(0, detail::version_length)) || !read_status(line)) return false;
  status_end_ = lines_.line = lines_.looked;
  return true;
}

// "HTTP/1.1 200 OK"; the blank before a missing reason is often missing, too.
inline bool response_parser::read_status(std::string_view line) {
  constexpr std::size_t end = detail::status_begin + 3;
  const bool formed =
      line.size() >= end && line[detail::version_length] == ' ' && (line.size() == end || line[end] == ' ');
  if (!formed) return lines_.refuse(400, "a status line without a status");
  const auto number = to_number(line.substr(detail::status_begin, 3));
  if (!number || *number < 100 || *number > 599) return lines_.refuse(400, "a status that is none");
  status_ = static_cast<int>(*number);
  return true;
}

inline bool response_parser::find_end(std::string_view window, const limits& most) {
  if (!complete_) complete_ = lines_.find_end(window, most);
  return complete_;
}

// Now that all is there and will not move: the views.
inline bool response_parser::fill(std::string_view window, response_head& out) {
  clear(out);
  out.status = status_;
  out.http_1_1 = lines_.http_1_1;
  const std::string_view line = window.substr(0, status_end_ - 2);
  out.reason = line.substr(std::min(detail::reason_begin, line.size()));
  if (!lines_.fill_fields(window.substr(status_end_, lines_.looked - status_end_), out.fields)) return false;
  const refusal framing = read_framing(static_cast<message_head&>(out));
  return !framing || lines_.refuse(framing.status, framing.why);
}

}  // namespace http
}  // namespace SIO_ABI
}  // namespace sio
