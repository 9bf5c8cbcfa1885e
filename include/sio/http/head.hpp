// The parser of a request's head: strict, and the same answer however the bytes are cut.
//
//   GET /socket.io/?EIO=4&transport=polling HTTP/1.1 CRLF  Host: a CRLF  CRLF
#pragma once

#include <sio/http/framing.hpp>

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
  bool read_version(std::string_view version);
  bool find_end(std::string_view window, const limits& most);
  bool scan_line(std::string_view window);
  bool fill(std::string_view window, head& out);
  bool fill_target(std::string_view target, head& out);
  bool fill_fields(std::string_view lines, head& out);
  bool refuse(int status, std::string_view why);
  bool enter(stage next);

  std::size_t looked_ = 0;  // bytes before this one are known to be good
  std::size_t line_ = 0;    // where the current field line begins
  std::size_t begin_ = 0;   // of the request line
  std::size_t method_end_ = 0;
  std::size_t target_end_ = 0;
  std::size_t count_ = 0;  // field lines so far
  refusal fault_;
  stage stage_ = stage::blank_lines;
  bool http_1_1_ = true;
};

// ---- bodies

namespace detail {

inline constexpr std::size_t max_blank_lines = 2;  // RFC 9112 §2.2: some clients send one after a body
inline constexpr std::size_t max_method = 20;      // the longest registered one has 17 letters
inline constexpr std::size_t version_length = 8;   // HTTP/1.1

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
  if (whole) return {outcome::complete, looked_, 0, {}};
  if (!fault_ && buffer.size() >= most.max_head) refuse(431, "a head larger than allowed");
  if (fault_) return {outcome::error, 0, fault_.status, fault_.why};
  return {};
}

inline bool head_parser::refuse(int status, std::string_view why) {
  fault_ = {status, why};
  return false;
}

inline bool head_parser::enter(stage next) {
  stage_ = next;
  return true;
}

inline bool head_parser::skip_blank_lines(std::string_view window) {
  if (fault_) return false;
  if (stage_ != stage::blank_lines) return true;
  while (looked_ < window.size() && window[looked_] == '\r') {
    if (looked_ == 2 * detail::max_blank_lines) return refuse(400, "too many empty lines before a request");
    if (looked_ + 1 == window.size()) return false;
    if (window[looked_ + 1] != '\n') return refuse(400, "CR without LF");
    looked_ += 2;
  }
  if (looked_ == window.size()) return false;
  begin_ = looked_;
  return enter(stage::method);
}

// Read at once, not at the end of the line: what is no HTTP at all (TLS, SSH …) shows here.
inline bool head_parser::read_method(std::string_view window) {
  if (stage_ != stage::method) return true;
  while (looked_ < window.size() && detail::has_class(window[looked_], detail::token_bit)) {
    if (looked_ - begin_ == detail::max_method) return refuse(501, "a method that is too long");
    ++looked_;
  }
  if (looked_ == window.size()) return false;
  if (window[looked_] != ' ' || looked_ == begin_) return refuse(400, "no method");
  method_end_ = looked_++;
  return enter(stage::request_line);
}

inline bool head_parser::read_request_line(std::string_view window, const limits& most) {
  if (stage_ != stage::request_line) return true;
  // "GET" SP target SP HTTP/1.1 CR LF: with the longest target the line ends here.
  const std::size_t longest = method_end_ + 1 + most.max_target + 1 + detail::version_length + 2;
  if (!scan_line(window.substr(0, longest))) {
    if (!fault_ && window.size() >= std::min(longest, most.max_head)) refuse(414, "a target longer than allowed");
    return false;
  }
  const std::string_view line = window.substr(0, looked_ - 2);
  target_end_ = line.find(' ', method_end_ + 1);
  if (target_end_ == std::string_view::npos) return refuse(400, "a request line without a version");
  if (target_end_ - method_end_ - 1 > most.max_target) return refuse(414, "a target longer than allowed");
  line_ = looked_;
  return read_version(line.substr(target_end_ + 1)) && enter(stage::fields);
}

inline bool head_parser::read_version(std::string_view version) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  http_1_1_ = version == "HTTP/1.1";
  if (http_1_1_ || version == "HTTP/1.0") return true;
  const bool formed = version.size() == detail::version_length && version.substr(0, 5) == "HTTP/" &&
                      digit(version[5]) && version[6] == '.' && digit(version[7]);
  return formed ? refuse(505, "a version other than HTTP/1.0 and 1.1") : refuse(400, "a version that is none");
}

inline bool head_parser::find_end(std::string_view window, const limits& most) {
  while (stage_ == stage::fields) {
    if (!scan_line(window)) return false;
    const bool empty = looked_ - line_ == 2;
    line_ = looked_;
    if (empty) return enter(stage::complete);
    if (++count_ > most.max_fields) return refuse(431, "more fields than allowed");
  }
  return true;
}

// Goes on to the byte behind the next CR LF.
inline bool head_parser::scan_line(std::string_view window) {
  while (looked_ < window.size() && detail::has_class(window[looked_], detail::text_bit)) ++looked_;
  if (looked_ == window.size()) return false;
  if (window[looked_] == '\n') return refuse(400, "LF without CR");
  if (window[looked_] != '\r') return refuse(400, "a control character");
  if (looked_ + 1 == window.size()) return false;
  if (window[looked_ + 1] != '\n') return refuse(400, "CR without LF");
  looked_ += 2;
  return true;
}

// Now that all is there and will not move: the views.
inline bool head_parser::fill(std::string_view window, head& out) {
  out.clear();
  out.method = window.substr(begin_, method_end_ - begin_);
  out.http_1_1 = http_1_1_;
  const std::size_t fields = target_end_ + 1 + detail::version_length + 2;
  if (!fill_target(window.substr(method_end_ + 1, target_end_ - method_end_ - 1), out)) return false;
  if (!fill_fields(window.substr(fields, looked_ - fields), out)) return false;
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

inline bool head_parser::fill_fields(std::string_view lines, head& out) {
  while (lines.front() != '\r') {
    const std::size_t end = lines.find('\r');
    const std::string_view line = lines.substr(0, end);
    const std::size_t colon = line.find(':');
    if (detail::one_of(line.front(), " \t")) return refuse(400, "a folded field");
    if (colon == std::string_view::npos) return refuse(400, "a field without a colon");
    if (!is_token(line.substr(0, colon))) return refuse(400, "a field's name that is none");
    out.fields.push_back({line.substr(0, colon), trimmed(line.substr(colon + 1))});
    lines.remove_prefix(end + 2);
  }
  return true;
}

}  // namespace http
}  // namespace SIO_ABI
}  // namespace sio
