// Lines for people, or one JSON object per line for programs.
#pragma once

#include <sio/json/writer.hpp>

#include <chrono>
#include <mutex>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

#include "invocation.hpp"

namespace tool {

namespace detail {

// Bytes are not for people.
inline sio::value without_bytes(const sio::value& v) {
  if (const sio::binary* b = v.if_binary()) return "<" + std::to_string(b->size()) + " bytes>";
  if (const sio::array* list = v.if_array()) {
    sio::array out;
    for (const sio::value& element : *list) out.push_back(without_bytes(element));
    return out;
  }
  if (const sio::object* o = v.if_object()) {
    sio::object out;
    for (const sio::object::member& m : *o) out.set(m.first, without_bytes(m.second));
    return out;
  }
  return v;
}

// JSON lets pass what some terminals obey: DEL, and U+0080 to U+009F (c2 80 to c2 9f).
inline std::string harmless(const std::string& json) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i != json.size(); ++i) {
    const auto byte = static_cast<unsigned char>(json[i]);
    const auto next = static_cast<unsigned char>(i + 1 != json.size() ? json[i + 1] : '\0');
    const bool c1 = byte == 0xc2 && next >= 0x80 && next <= 0x9f;
    if (!c1 && byte != 0x7f) {
      out += json[i];
      continue;
    }
    const unsigned code = c1 ? next : byte;
    out.append("\\u00") += digits[code >> 4];
    out += digits[code & 15];
    i += c1;
  }
  return out;
}

inline std::string readable(const sio::value& v) { return harmless(sio::json::to_text(without_bytes(v))); }

inline std::string unquoted(const std::string& json) {
  return json.front() == '"' ? json.substr(1, json.size() - 2) : json;
}

// chat, or "my event"
inline std::string readable_name(const std::string& name) {
  const std::string quoted = readable(name);
  const bool plain = !name.empty() && name.find(' ') == std::string::npos && quoted.size() == name.size() + 2;
  return plain ? name : quoted;
}

}  // namespace detail

/// Each call writes one line, from any thread.
class printer {
 public:
  using milliseconds = std::chrono::milliseconds;

  /// `notes` is what `note` writes to, `out` is for all the rest.
  printer(std::ostream& out, std::ostream& notes, bool json, bool colours)
      : out_(out), notes_(notes), json_(json), colours_(colours) {}

  /// {"event":"chat","args":["hi"],"ack":true}, or: chat "hi"  (asks for an answer)
  void event(const std::string& name, const sio::array& arguments, bool asks) {
    if (!json_)
      return line(out_, paint("1;36", detail::readable_name(name)) + tail(arguments) +
                            (asks ? paint("2", "  (asks for an answer)") : ""));
    sio::object o{{"event", name}, {"args", arguments}};
    if (asks) o.set("ack", true);
    line(out_, sio::json::to_text(o));
  }

  /// {"ack":"sum","args":[42],"ms":3}, or: answer to sum: 42  (3 ms)
  void answer(const std::string& name, const sio::array& arguments, milliseconds took) {
    if (!json_)
      return line(out_, paint("1;32", "answer to " + detail::readable_name(name) + ":") + tail(arguments) +
                            paint("2", "  (" + std::to_string(took.count()) + " ms)"));
    line(out_, sio::json::to_text(sio::object{{"ack", name}, {"args", arguments}, {"ms", took.count()}}));
  }

  /// Arguments alone: [42]
  void values(const sio::array& arguments) {
    line(out_, json_ ? sio::json::to_text(arguments) : detail::readable(arguments));
  }

  /// {"state":"connected","id":"x"}, or: connected, id x
  void state(const std::string& name, const sio::object& more = {}) {
    if (!json_) {
      std::string text = name;
      for (const auto& [key, v] : more)
        text += ", " + key + " " + (v.is_string() ? detail::harmless(*v.if_string()) : detail::readable(v));
      return line(notes_, paint("2", text));
    }
    sio::object o{{"state", name}};
    for (const auto& [key, v] : more) o.set(key, v);
    line(notes_, sio::json::to_text(o));
  }

  /// A sentence for people; programs do not see it.
  void note(const std::string& sentence) {
    if (!json_) line(notes_, paint("2", sentence));
  }

 private:
  std::string paint(std::string_view how, const std::string& text) const {
    return colours_ ? "\033[" + std::string(how) + "m" + text + "\033[0m" : text;
  }

  static std::string tail(const sio::array& arguments) {
    std::string out;
    for (const sio::value& v : arguments) out.append(" ").append(detail::readable(v));
    return out;
  }

  void line(std::ostream& to, const std::string& text) {
    const std::lock_guard lock(mutex_);
    to << text << std::endl;  // at once: whoever reads the pipe waits for it
  }

  std::mutex mutex_;
  std::ostream& out_;
  std::ostream& notes_;
  const bool json_;
  const bool colours_;
};

}  // namespace tool
