// A second opinion on JSON: which texts RFC 8259 accepts, by plain recursive descent over code points.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>
#include <string_view>

class reference_json {
 public:
  reference_json(std::string_view text, int max_depth) : text_(text), max_depth_(max_depth) {}

  bool accepts() {
    if (!is_utf8(text_)) return false;
    skip_space();
    if (!element(0)) return false;
    skip_space();
    return at_ == text_.size();
  }

  /// Met a number near the end of a double's range, where parsers may differ.
  bool doubtful() const { return doubtful_; }

  /// Decodes each character and asks whether that code point had to be written so.
  static bool is_utf8(std::string_view s) {
    for (std::size_t i = 0; i < s.size();) {
      const auto first = static_cast<unsigned char>(s[i]);
      const std::size_t size = first < 0x80         ? 1
                               : (first >> 5) == 6  ? 2
                               : (first >> 4) == 14 ? 3
                               : (first >> 3) == 30 ? 4
                                                    : 0;
      if (size == 0 || s.size() - i < size) return false;
      std::uint32_t point = size == 1 ? first : first & (0x7Fu >> size);
      for (std::size_t k = 1; k != size; ++k) {
        const auto next = static_cast<unsigned char>(s[i + k]);
        if ((next >> 6) != 2) return false;
        point = (point << 6) | (next & 63u);
      }
      const std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
      if (point < least[size] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return false;
      i += size;
    }
    return true;
  }

 private:
  int peek() const { return at_ < text_.size() ? static_cast<unsigned char>(text_[at_]) : -1; }
  bool eat(char c) { return peek() == static_cast<unsigned char>(c) && ++at_; }
  bool eat(std::string_view word) { return text_.substr(at_, word.size()) == word && (at_ += word.size(), true); }
  void skip_space() {
    while (eat(' ') || eat('\t') || eat('\n') || eat('\r')) {
    }
  }

  bool element(int depth) {
    if (peek() == '[' || peek() == '{')
      return depth < max_depth_ && (peek() == '[' ? list(depth + 1) : members(depth + 1));
    if (peek() == '"') return string();
    return eat("null") || eat("true") || eat("false") || number();
  }

  bool list(int depth) {
    eat('[');
    skip_space();
    if (eat(']')) return true;
    for (;;) {
      if (!element(depth)) return false;
      skip_space();
      if (eat(']')) return true;
      if (!eat(',')) return false;
      skip_space();
    }
  }

  bool members(int depth) {
    eat('{');
    skip_space();
    if (eat('}')) return true;
    for (;;) {
      if (!string()) return false;
      skip_space();
      if (!eat(':')) return false;
      skip_space();
      if (!element(depth)) return false;
      skip_space();
      if (eat('}')) return true;
      if (!eat(',')) return false;
      skip_space();
    }
  }

  bool string() {
    if (!eat('"')) return false;
    while (peek() >= 0x20 && peek() != '"')
      if (text_[at_++] == '\\' && !escape()) return false;
    return eat('"');
  }

  bool escape() {
    if (eat('u')) return hex() && hex() && hex() && hex();
    const int c = peek();
    return c >= 0 && std::string_view("\"\\/bfnrt").find(static_cast<char>(c)) != std::string_view::npos && ++at_;
  }

  bool hex() {
    const int c = peek();
    const bool good = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    return good && ++at_;
  }

  std::size_t digits() {
    const std::size_t from = at_;
    while (peek() >= '0' && peek() <= '9') ++at_;
    return at_ - from;
  }

  bool number() {
    const std::size_t from = at_;
    eat('-');
    if (!eat('0')) {
      const std::size_t count = digits();
      if (count == 0) return false;
      doubtful_ |= count > 290;
    }
    if (eat('.') && digits() == 0) return false;
    if (eat('e') || eat('E')) {
      if (!eat('+')) eat('-');
      const std::size_t count = digits();
      if (count == 0) return false;
      doubtful_ |= count > 2;
    }
    const double d = std::strtod(std::string(text_.substr(from, at_ - from)).c_str(), nullptr);
    return d >= -std::numeric_limits<double>::max() && d <= std::numeric_limits<double>::max();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int max_depth_;
  bool doubtful_ = false;
};
