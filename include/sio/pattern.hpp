// Names with holes: "/room-*".
#pragma once

#include <sio/config.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {

/// The names of dynamic namespaces: `io.of(sio::pattern("/room-*"))`. A `*` stands for any characters but a slash, also
/// for none; all others stand for themselves. "room-*" means "/room-*". Takes no more than (name × pattern) steps.
class pattern {
 public:
  explicit pattern(std::string text) : text_(std::move(text)) {
    if (text_.empty() || text_.front() != '/') text_.insert(0, "/");
  }

  const std::string& text() const noexcept { return text_; }
  bool matches(std::string_view name) const noexcept;

 private:
  std::string text_;
};

// ---- bodies

// Where the text does not go on, the last star takes one character more; those before it never need to.
inline bool pattern::matches(std::string_view name) const noexcept {
  constexpr std::size_t none = std::string_view::npos;
  std::size_t at = 0, star = none, taken = 0;
  for (std::size_t i = 0; i != name.size();) {
    if (at != text_.size() && text_[at] == '*') {
      star = at++;
      taken = i;
    } else if (at != text_.size() && text_[at] == name[i]) {
      ++at, ++i;
    } else if (star != none && name[taken] != '/') {
      at = star + 1;
      i = ++taken;
    } else {
      return false;
    }
  }
  return text_.find_first_not_of('*', at) == none;
}

}  // namespace SIO_ABI
}  // namespace sio
