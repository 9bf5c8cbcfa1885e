// Events as people type them: chat "hi" {"a": [1, 2]} plain @photo.jpg
#pragma once

#include <sio/json/reader.hpp>

#include <cstddef>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "invocation.hpp"

namespace tool {

inline sio::value read_file(const std::string& name) {
  std::ifstream file(name, std::ios::binary);
  if (!file) throw usage_error("cannot read the file " + name);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  return sio::binary(std::move(bytes));
}

/// JSON; `@name` is the content of that file, as binary; another word that is not JSON is text. What begins as an
/// object, a list or a quoted text must be one: a slip of the pen is not sent as text.
inline sio::value to_value(const std::string& word) {
  if (std::optional<sio::value> v = sio::json::parse(word)) return *std::move(v);
  const char first = word.empty() ? ' ' : word.front();
  if (first == '{' || first == '[' || first == '"') throw usage_error("this is not JSON: " + word);
  if (first == '@') return read_file(word.substr(1));
  return word;
}

/// The same, for options: it must be an object.
inline sio::object to_object(const std::string& option, const std::string& word) {
  std::optional<sio::value> v = sio::json::parse(word);
  if (!v || !v->is_object())
    throw usage_error(option + " wants a JSON object such as {\"token\":\"abc\"}, not " + word);
  return std::move(*v->if_object());
}

namespace detail {

constexpr std::string_view blanks = " \t\r";

// Where the word that begins at `at` ends: blanks inside quotes and brackets belong to it.
inline std::size_t end_of_word(std::string_view line, std::size_t at) {
  std::size_t depth = 0;
  bool quoted = false;
  for (; at != line.size(); ++at) {
    const char c = line[at];
    if (quoted && c == '\\' && at + 1 != line.size()) {
      ++at;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && (c == '{' || c == '[')) {
      ++depth;
    } else if (!quoted && (c == '}' || c == ']')) {
      depth -= depth != 0;
    } else if (!quoted && depth == 0 && blanks.find(c) != std::string_view::npos) {
      break;
    }
  }
  return at;
}

}  // namespace detail

/// A line's words.
inline std::vector<std::string> split(std::string_view line) {
  std::vector<std::string> words;
  std::size_t at = line.find_first_not_of(detail::blanks);
  while (at != std::string_view::npos) {
    const std::size_t end = detail::end_of_word(line, at);
    words.emplace_back(line.substr(at, end - at));
    at = line.find_first_not_of(detail::blanks, end);
  }
  return words;
}

/// An event and what it carries.
struct typed_event {
  std::string name;
  sio::array arguments;
};

/// The name may be quoted: "my event" 1 2
inline typed_event to_event(const std::vector<std::string>& words, std::size_t from = 0) {
  if (words.size() <= from) throw usage_error("an event wants a name, as in: chat \"hello\"");
  typed_event e;
  const std::optional<sio::value> quoted = sio::json::parse(words[from]);
  e.name = quoted && quoted->is_string() ? *quoted->if_string() : words[from];
  for (std::size_t i = from + 1; i != words.size(); ++i) e.arguments.push_back(to_value(words[i]));
  return e;
}

}  // namespace tool
