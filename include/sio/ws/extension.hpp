// The header `Sec-WebSocket-Extensions` (RFC 6455, 9.1): permessage-deflate; client_max_window_bits="10", x-other
#pragma once

#include <sio/config.hpp>
#include <sio/http/chars.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace ws {

/// One offer or answer. Its names view the header.
struct extension {
  struct parameter {
    std::string_view name;
    std::optional<std::string> value = std::nullopt;  ///< without quotes; a parameter may have none
  };

  std::string_view name;
  std::vector<parameter> parameters;
};

/// Reads the elements one by one, in time linear in the header. As in the JS package `ws`, there are no empty
/// elements, and no blanks around `=`.
class extension_reader {
 public:
  explicit extension_reader(std::string_view header) : rest_(http::trimmed(header)) {}

  /// The next one; nothing at the end, and nothing any more once a rule is broken.
  std::optional<extension> next() {
    if (failed_ || ended_) return std::nullopt;
    extension read{token(), {}};
    failed_ = read.name.empty();
    while (!failed_ && skip_to(';')) failed_ = !read_parameter(read);
    ended_ = !failed_ && rest_.empty();
    if (!failed_ && !ended_) failed_ = !skip_to(',');
    return failed_ ? std::nullopt : std::optional(std::move(read));
  }

  bool failed() const noexcept { return failed_; }

 private:
  bool read_parameter(extension& to) {
    extension::parameter read{token()};
    if (read.name.empty()) return false;
    if (take('=')) {
      read.value = take('"') ? quoted() : std::string(take_while_token());
      if (read.value->empty()) return false;
    }
    to.parameters.push_back(std::move(read));
    return true;
  }

  /// What stands between quotes must be a token, too; empty if it is none.
  std::string quoted() {
    std::string text;
    while (!rest_.empty() && !take('"')) {
      take('\\');
      if (rest_.empty() || !http::is_token(rest_.substr(0, 1))) return {};
      text += rest_[0];
      rest_.remove_prefix(1);
      if (rest_.empty()) return {};
    }
    return text;
  }

  std::string_view token() {
    skip_blanks();
    return take_while_token();
  }

  std::string_view take_while_token() {
    std::size_t size = 0;
    while (size != rest_.size() && http::is_token(rest_.substr(size, 1))) ++size;
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  bool skip_to(char c) {
    skip_blanks();
    return take(c);
  }

  void skip_blanks() {
    while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\t')) rest_.remove_prefix(1);
  }

  bool take(char c) {
    const bool there = !rest_.empty() && rest_[0] == c;
    if (there) rest_.remove_prefix(1);
    return there;
  }

  std::string_view rest_;
  bool failed_ = false, ended_ = false;
};

}  // namespace ws
}  // namespace SIO_ABI
}  // namespace sio
