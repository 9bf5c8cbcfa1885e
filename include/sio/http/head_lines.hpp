// The lines of a head, of a request or of an answer, looked at as they come: each ends in CR LF, the last one is empty.
#pragma once

#include <sio/http/fields.hpp>

#include <cstddef>
#include <string_view>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace http {
namespace detail {

inline constexpr std::size_t version_length = 8;  // HTTP/1.1

/// How far a buffer that grows between the calls has been looked at, and what is wrong with it.
class head_lines {
 public:
  /// Goes on to the byte behind the next CR LF; false if it is not there, or a rule is broken.
  bool scan_line(std::string_view window);
  /// Goes on to the byte behind the empty line.
  bool find_end(std::string_view window, const limits& most);
  /// Reads "HTTP/1.1".
  bool read_version(std::string_view version);
  /// `lines` are whole ones, with the empty one at their end.
  bool fill_fields(std::string_view lines, std::vector<field>& out);
  bool refuse(int status, std::string_view why);

  std::size_t looked = 0;  ///< bytes before this one are known to be good
  std::size_t line = 0;    ///< where the current field line begins
  refusal fault;
  bool http_1_1 = true;

 private:
  std::size_t count_ = 0;  // field lines so far
};

// ---- bodies

inline bool head_lines::refuse(int status, std::string_view why) {
  fault = {status, why};
  return false;
}

inline bool head_lines::scan_line(std::string_view window) {
  while (looked < window.size() && has_class(window[looked], text_bit)) ++looked;
  if (looked == window.size()) return false;
  if (window[looked] == '\n') return refuse(400, "LF without CR");
  if (window[looked] != '\r') return refuse(400, "a control character");
  if (looked + 1 == window.size()) return false;
  if (window[looked + 1] != '\n') return refuse(400, "CR without LF");
  looked += 2;
  return true;
}

inline bool head_lines::find_end(std::string_view window, const limits& most) {
  while (scan_line(window)) {
    const bool empty = looked - line == 2;
    line = looked;
    if (empty) return true;
    if (++count_ > most.max_fields) return refuse(431, "more fields than allowed");
  }
  return false;
}

inline bool head_lines::read_version(std::string_view version) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  http_1_1 = version == "HTTP/1.1";
  if (http_1_1 || version == "HTTP/1.0") return true;
  const bool formed = version.size() == version_length && version.substr(0, 5) == "HTTP/" && digit(version[5]) &&
                      version[6] == '.' && digit(version[7]);
  return formed ? refuse(505, "a version other than HTTP/1.0 and 1.1") : refuse(400, "a version that is none");
}

inline bool head_lines::fill_fields(std::string_view lines, std::vector<field>& out) {
  while (lines.front() != '\r') {
    const std::size_t end = lines.find('\r');
    const std::string_view one = lines.substr(0, end);
    const std::size_t colon = one.find(':');
    if (one_of(one.front(), " \t")) return refuse(400, "a folded field");
    if (colon == std::string_view::npos) return refuse(400, "a field without a colon");
    if (!is_token(one.substr(0, colon))) return refuse(400, "a field's name that is none");
    out.push_back({one.substr(0, colon), trimmed(one.substr(colon + 1))});
    lines.remove_prefix(end + 2);
  }
  return true;
}

}  // namespace detail
}  // namespace http
}  // namespace SIO_ABI
}  // namespace sio
