// What a proxy answers to CONNECT. Not a byte behind its head is read: that belongs to whoever is behind the proxy.
//
//   HTTP/1.1 200 Connection established CRLF CRLF
#pragma once

#include <sio/http/chars.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace http {

class connect_answer {
 public:
  enum class outcome { need_more, open, refused, wrong };

  static constexpr std::size_t max_head = 16 * 1024;

  /// The most bytes to read next: what the shortest end of a head takes.
  std::size_t wanted() const noexcept {
    const std::string_view head(head_);
    return ends(head, "\n") || ends(head, "\n\r") ? 1 : 2;
  }

  /// The bytes that came, `wanted()` at most.
  outcome receive(std::string_view bytes) {
    head_ += bytes;
    const std::string_view begin("HTTP/1.");
    if (head_.compare(0, begin.size(), begin, 0, head_.size()) != 0) return outcome::wrong;
    if (ends(head_, "\n\n") || ends(head_, "\n\r\n")) return judge();
    return head_.size() < max_head ? outcome::need_more : outcome::wrong;
  }

  /// Of a refusal: "407 Proxy Authentication Required".
  const std::string& status() const noexcept { return status_; }

 private:
  static bool ends(std::string_view text, std::string_view with) noexcept {
    return text.size() >= with.size() && text.substr(text.size() - with.size()) == with;
  }

  outcome judge() {
    static constexpr std::size_t version = 9, code = 3, most_shown = 80;  // "HTTP/1.1 ", "200"
    std::string_view line(head_);
    line = trimmed(line.substr(0, line.find_first_of("\r\n")));
    if (line.size() < version + code || line[version - 1] != ' ' || !to_number(line.substr(version, code)) ||
        (line.size() > version + code && line[version + code] != ' '))
      return outcome::wrong;
    for (const char c : line.substr(version, most_shown)) status_ += is_ascii_text({&c, 1}) ? c : '?';
    return status_[0] == '2' ? outcome::open : outcome::refused;
  }

  std::string head_, status_;
};

}  // namespace http
}  // namespace SIO_ABI
}  // namespace sio
