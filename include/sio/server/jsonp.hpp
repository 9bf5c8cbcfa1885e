// Polls of clients that can only load scripts: ___eio[0]("4hello"); is an answer, d=4hello a POST.
#pragma once

#include <sio/http/query.hpp>
#include <sio/json/writer.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace srv {
namespace jsonp {

/// The client's number for its script: of what it names only the digits, for the rest would be run as a script.
inline std::string index(std::string_view named) {
  std::string out;
  for (const char c : named)
    if (c >= '0' && c <= '9') out += c;
  return out;
}

/// A payload as the script that hands it over. U+2028 and U+2029 end a line in old JavaScript.
inline std::string wrap(std::string_view index, std::string_view payload) {
  std::string out("___eio[");
  out.append(index).append("](");
  std::string quoted;
  json::write_string(quoted, payload);
  std::string_view rest = quoted;
  for (std::size_t at; (at = rest.find("\xe2\x80")) != std::string_view::npos; rest.remove_prefix(at + 3)) {
    const char last = at + 2 < rest.size() ? rest[at + 2] : '\0';
    const bool ends_line = last == '\xa8' || last == '\xa9';
    out.append(rest.substr(0, ends_line ? at : at + 3));
    if (ends_line) out += last == '\xa8' ? "\\u2028" : "\\u2029";
  }
  return out.append(rest).append(");");
}

/// The payload of a POST; nothing if it has none. Forms turn line ends into CR LF, so the client writes \n for one, and
/// \\n for a backslash and an n.
inline std::optional<std::string> unwrap(std::string_view form) {
  const sio::query fields = http::parse_query(form);
  const std::string* field = nullptr;
  for (const auto& [name, text] : fields) {
    if (name != "d") continue;
    if (field) return std::nullopt;
    field = &text;
  }
  if (!field) return std::nullopt;
  std::string out;
  for (std::string_view rest = *field; !rest.empty();) {
    const bool escaped = rest.substr(0, 3) == "\\\\n";
    const bool line_end = rest.substr(0, 2) == "\\n";
    out += escaped ? std::string_view("\\n") : line_end ? std::string_view("\n") : rest.substr(0, 1);
    rest.remove_prefix(escaped ? 3 : line_end ? 2 : 1);
  }
  return out;
}

}  // namespace jsonp
}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
