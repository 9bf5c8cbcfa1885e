// The head of a request, or of an answer, as views into the bytes it was read from.
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

/// What the heads of requests and answers have in common. Its views live as long as the buffer that was parsed.
struct message_head {
  std::vector<field> fields;
  bool http_1_1 = true;
  std::optional<std::uint64_t> content_length;
  bool chunked = false;
  bool keep_alive = true;
  bool upgrade_websocket = false;  ///< `Connection: upgrade` and `Upgrade: websocket`

  /// The first field of that name, or null (the pointer).
  const std::string_view* find(std::string_view name) const noexcept;
  /// The first field of that name, or an empty text.
  std::string_view operator[](std::string_view name) const noexcept;
};

/// A request's head; one that asks for an upgrade has no body.
struct head : message_head {
  std::string_view method;
  std::string_view target;       ///< path and query, or "*"; of an absolute target what follows the authority
  bool expect_continue = false;  ///< the client waits for "100 Continue" before it sends the body

  bool has_body() const noexcept { return chunked || content_length.value_or(0) != 0; }
};

/// As new, but for the memory of `fields`.
template <class Head>
void clear(Head& head) noexcept;

/// Why a message is refused; `status` 0: it is not. For a request it is what to answer.
struct refusal {
  int status = 0;
  std::string_view why;
  explicit operator bool() const noexcept { return status != 0; }
};

// ---- bodies

inline const std::string_view* message_head::find(std::string_view name) const noexcept {
  for (const field& f : fields)
    if (same_letters(f.name, name)) return &f.value;
  return nullptr;
}

inline std::string_view message_head::operator[](std::string_view name) const noexcept {
  const std::string_view* found = find(name);
  return found ? *found : std::string_view();
}

template <class Head>
void clear(Head& head) noexcept {
  std::vector<field> kept = std::move(head.fields);
  kept.clear();
  head = Head();
  head.fields = std::move(kept);
}

}  // namespace http
}  // namespace SIO_ABI
}  // namespace sio
