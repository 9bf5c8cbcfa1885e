// The parser of a request's head: strict, and the same answer however the bytes are cut.
//
//   GET /socket.io/?EIO=4&transport=polling HTTP/1.1 CRLF  Host: a CRLF  CRLF
#pragma once

#include <sio/http/framing.hpp>
#include <sio/http/head_lines.hpp>

#include <algorithm>

namespace sio {
inline namespace SIO_ABI {
namespace http {

/// Reads a head from a buffer that grows between the calls. It remembers how far it has looked, so a head that arrives
/// byte by byte costs no more than one that arrives whole.
class head_parser {
 public:
  enum class outcome : std::uint8_t { need_more, complete, error };

  struct result {
    outcome what = outcome::need_more;
    std::size_t consumed = 0;  ///< of a complete head: its bytes; the body begins there
    int status = 0;            ///< of an error: what to answer before closing
    std::string_view why;
  };

  /// `buffer` begins where it began at the last call since `reset`, whether or not it has moved in memory.
  /// After an error nothing can be said of the bytes that follow: answer and close.
  result parse(std::string_view buffer, const limits& most, head& out);
  /// Ready for the next head of the connection.
  void reset() noexcept { *this = head_parser(); }

 private:
  enum class stage : std::uint8_t { blank_lines, method, request_line, fields, complete };

  bool skip_blank_lines(std::string_view window);
  bool read_method(std::string_view window);
  bool read_request_line(std::string_view window, const limits& most);
  bool find_end(std::string_view window, const limits& most);
  bool fill(std::string_view window, head& out);
  bool fill_target(std::string_view target, head& out);
  bool refuse(int status, std::string_view why);
  bool enter(stage next);

  detail::head_lines lines_;
  std::size_t begin_ = 0;  // of the request line
  std::size_t method_end_ = 0;
  std::size_t target_end_ = 0;
  stage stage_ = stage::blank_lines;
};

// ---- bodies

namespace detail {

inline constexpr std::size_t max_blank_lines = 2;  // RFC 9112 §2.2: some clients send one after a body
inline constexpr std::size_t max_method = 20;      // the longest registered one has 17 letters

// http://host:80/path -> /path
inline bool strip_authority(std::string_view& target) noexcept {
  const std::size_t colon = target.find("://");
  const std::string_view scheme = target.substr(0, colon);
  if (!same_letters(scheme, "http") && !same_letters(scheme, "https")) return false;
  if (colon == std::string_view::npos) return false;
  const std::string_view rest = target.substr(colon + 3);
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  if (slash == 0 || !all_of_class(rest.substr(0, slash), host_bit)) return false;
  target = slash == rest.size() ? std::string_view("/") : rest.substr(slash);
  return true;
}

}  // namespace detail

inline head_parser::result head_parser::parse(std::string_view buffer, const limits& most, head& out) {
  const std::string_view window = buffer.substr(0, most.max_head);
  const bool whole = skip_blank_lines(window) && read_method(window) && read_request_line(window, most) &&
                     find_end(window, most) && fill(window, out);
  if (whole) return {outcome::complete, lines_.looked, 0, {}};
  if (!lines_.fault && buffer.size() >= most.max_head) refuse(431, "a head larger than allowed");
  if (lines_.fault) return {outcome::error, 0, lines_.fault.status, lines_.fault.why};
  return {};
}

inline bool head_parser::refuse(int status, std::string_view why) { return lines_.refuse(status, why); }

inline bool head_parser::enter(stage next) {
  stage_ = next;
  return true;
}

inline bool head_parser::skip_blank_lines(std::string_view window) {
  if (lines_.fault) return false;
  if (stage_ != stage::blank_lines) return true;
  while (lines_.looked < window.size() && window[lines_.looked] == '\r') {
    if (lines_.looked == 2 * detail::max_blank_lines) return refuse(400, "too many empty lines before a request");
    if (lines_.looked + 1 == window.size()) return false;
    if (window[lines_.looked + 1] != '\n') return refuse(400, "CR without LF");
    lines_.looked += 2;
  }
  if (lines_.looked == window.size()) return false;
  begin_ = lines_.looked;
  return enter(stage::method);
}

// Read at once, not at the end of the line: what is no HTTP at all (TLS, SSH …) shows here.
inline bool head_parser::read_method(std::string_view window) {
  if (stage_ != stage::method) return true;
  while (lines_.looked < window.size() && detail::has_class(window[lines_.looked], detail::token_bit)) {
    if (lines_.looked - begin_ == detail::max_method) return refuse(501, "a method that is too long");
    ++lines_.looked;
  }
  if (lines_.looked == window.size()) return false;
  if (window[lines_.looked] != ' ' || lines_.looked == begin_) return refuse(400, "no method");
  method_end_ = lines_.looked++;
  return enter(stage::request_line);
}

inline bool head_parser::read_request_line(std::string_view window, const limits& most) {
  if (stage_ != stage::request_line) return true;
  // "GET" SP target SP HTTP/1.1 CR LF: with the longest target the line ends here.
  const std::size_t longest = method_end_ + 1 + most.max_target + 1 + detail::version_length + 2;
  if (!lines_.scan_line(window.substr(0, longest))) {
    if (!lines_.fault && window.size() >= std::min(longest, most.max_head)) refuse(414, "a target longer than allowed");
    return false;
  }
  const std::string_view line = window.substr(0, lines_.looked - 2);
  target_end_ = line.find(' ', method_end_ + 1);
  if (target_end_ == std::string_view::npos) return refuse(400, "a request line without a version");
  if (target_end_ - method_end_ - 1 > most.max_target) return refuse(414, "a target longer than allowed");
  lines_.line = lines_.looked;
  return lines_.read_version(line.substr(target_end_ + 1)) && enter(stage::fields);
}

inline bool head_parser::find_end(std::string_view window, const limits& most) {
  if (stage_ == stage::complete) return true;
  return lines_.find_end(window, most) && enter(stage::complete);
}

// Now that all is there and will not move: the views.
inline bool head_parser::fill(std::string_view window, head& out) {
  clear(out);
  out.method = window.substr(begin_, method_end_ - begin_);
  out.http_1_1 = lines_.http_1_1;
  const std::size_t fields = target_end_ + 1 + detail::version_length + 2;
  if (!fill_target(window.substr(method_end_ + 1, target_end_ - method_end_ - 1), out)) return false;
  if (!lines_.fill_fields(window.substr(fields, lines_.looked - fields), out.fields)) return false;
  const refusal framing = read_framing(out);
  return !framing || refuse(framing.status, framing.why);
}

inline bool head_parser::fill_target(std::string_view target, head& out) {
  if (out.method == "CONNECT") return refuse(501, "CONNECT: this is no proxy");
  if (target.empty() || !detail::all_of_class(target, detail::target_bit)) return refuse(400, "no proper target");
  out.target = target;
  if (target == "*") return out.method == "OPTIONS" || refuse(400, "a target * without OPTIONS");
  if (target.front() == '/') return true;
  return detail::strip_authority(out.target) || refuse(400, "a target that is no path");
}

}  // namespace http
}  // namespace SIO_ABI
}  // namespace sio
