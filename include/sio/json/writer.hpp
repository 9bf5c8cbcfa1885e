// Values as JSON text, letter for letter what JSON.stringify prints.
#pragma once

#include <sio/json/number_writer.hpp>
#include <sio/unicode/utf8.hpp>
#include <sio/value.hpp>

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace json {

/// A value that nests deeper is refused: only a program's own mistake looks like that.
inline constexpr std::size_t max_written_depth = 1000;

namespace detail {

inline bool needs_no_escape(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
}

inline void write_escape(std::string& out, char c) {
  constexpr char hex[] = "0123456789abcdef";
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: out.append("\\u00").append(1, hex[c >> 4]).append(1, hex[c & 15]);
  }
}

}  // namespace detail

/// A JSON string; of text that is no UTF-8 the wrong bytes become U+FFFD.
inline void write_string(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t from = at;
    while (at < text.size() && detail::needs_no_escape(text[at])) ++at;
    out.append(text.data() + from, at - from);
    if (at == text.size()) break;
    const unicode::utf8_step step = unicode::first_character(text.substr(at));
    if (step.valid && step.size == 1)
      detail::write_escape(out, text[at]);
    else
      out.append(step.valid ? text.substr(at, step.size) : "\xEF\xBF\xBD");
    at += step.size;
  }
  out += '"';
}

namespace detail {

class writer {
 public:
  writer(std::string& out, std::vector<binary>* attachments) : out_(out), attachments_(attachments) {}

  void write(const value& v) {
    switch (v.type()) {
      case value::kind::null: out_ += "null"; return;
      case value::kind::boolean: out_ += *v.if_bool() ? "true" : "false"; return;
      case value::kind::integer: return write_number(out_, *v.if_integer());
      case value::kind::number: return write_number(out_, *v.if_number());
      case value::kind::string: return write_string(out_, *v.if_string());
      case value::kind::binary: return write(*v.if_binary());
      case value::kind::array: return write(*v.if_array());
      case value::kind::object: return write(*v.if_object());
    }
  }

  void write(const array& a) {
    open('[');
    for (const value& v : a) {
      if (&v != a.data()) out_ += ',';
      write(v);
    }
    close(']');
  }

  void write(const object& o) {
    open('{');
    for (const object::member& m : o) {
      if (&m != o.begin()) out_ += ',';
      write_string(out_, m.first);
      out_ += ':';
      write(m.second);
    }
    close('}');
  }

  // {"_placeholder":true,"num":0}, or as Node prints a Buffer: {"type":"Buffer","data":[1,2]}
  void write(const binary& b) {
    if (!attachments_) return write_bytes(b);
    out_ += "{\"_placeholder\":true,\"num\":";
    write_number(out_, static_cast<std::int64_t>(attachments_->size()));
    out_ += '}';
    attachments_->push_back(b);
  }

 private:
  void open(char bracket) {
    if (++depth_ > max_written_depth) throw std::length_error("sio: a value nests deeper than 1000 levels");
    out_ += bracket;
  }

  void close(char bracket) {
    --depth_;
    out_ += bracket;
  }

  void write_bytes(const binary& b) {
    out_ += "{\"type\":\"Buffer\",\"data\":[";
    for (const unsigned char& byte : b) {
      if (&byte != b.begin()) out_ += ',';
      write_number(out_, std::int64_t{byte});
    }
    out_ += "]}";
  }

  std::string& out_;
  std::vector<binary>* attachments_;
  std::size_t depth_ = 0;
};

}  // namespace detail

/// Appends `v` to `out`; its binaries are pushed to `attachments` and leave placeholders. Throws `std::length_error`
/// for a value deeper than `max_written_depth`; `out` and `attachments` then end somewhere inside it.
inline void write(std::string& out, const value& v, std::vector<binary>* attachments = nullptr) {
  detail::writer(out, attachments).write(v);
}

/// The same for a list that is no value yet.
inline void write(std::string& out, const array& a, std::vector<binary>* attachments = nullptr) {
  detail::writer(out, attachments).write(a);
}

/// `v` as a text of its own.
inline std::string to_text(const value& v) {
  std::string out;
  write(out, v);
  return out;
}

}  // namespace json
}  // namespace SIO_ABI
}  // namespace sio
