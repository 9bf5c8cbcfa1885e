// A request's head as views into the bytes it was read from.
#pragma once

#include <sio/http/chars.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace http {

/// What one head may grow to.
struct limits {
  std::size_t max_head = 16 * 1024;   ///< bytes, with the empty line at its end
  std::size_t max_target = 8 * 1024;  ///< bytes of the request target as sent
  std::size_t max_fields = 100;
};

/// One line of the head; the value without the blanks around it.
struct field {
  std::string_view name;
  std::string_view value;
};

/// A request's head. Its views live as long as the buffer that was parsed.
struct head {
  std::string_view method;
  std::string_view target;  ///< path and query, or "*"; of an absolute target what follows the authority
  std::vector<field> fields;
  bool http_1_1 = true;
  std::optional<std::uint64_t> content_length;
  bool chunked = false;
  bool keep_alive = true;
  bool expect_continue = false;    ///< the client waits for "100 Continue" before it sends the body
  bool upgrade_websocket = false;  ///< `Connection: upgrade` and `Upgrade: websocket`, without a body

  bool has_body() const noexcept { return chunked || content_length.value_or(0) != 0; }
  /// The first field of that name, or null (the pointer).
  const std::string_view* find(std::string_view name) const noexcept;
  /// The first field of that name, or an empty text.
  std::string_view operator[](std::string_view name) const noexcept;
  /// As new, but for the memory of `fields`.
  void clear() noexcept;
};

/// Why a request is refused; `status` 0: it is not.
struct refusal {
  int status = 0;
  std::string_view why;
  explicit operator bool() const noexcept { return status != 0; }
};

// ---- bodies

inline const std::string_view* head::find(std::string_view name) const noexcept {
  for (const field& f : fields)
    if (same_letters(f.name, name)) return &f.value;
  return nullptr;
}

inline std::string_view head::operator[](std::string_view name) const noexcept {
  const std::string_view* found = find(name);
  return found ? *found : std::string_view();
}

inline void head::clear() noexcept {
  std::vector<field> kept = std::move(fields);
  kept.clear();
  *this = head();
  fields = std::move(kept);
}

}  // namespace http
}  // namespace SIO_ABI
}  // namespace sio
