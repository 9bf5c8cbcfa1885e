// The reader of a message's body: a known length, chunks, or (of an answer) all until the stream ends.
//
//   4 CRLF wiki CRLF  0 CRLF CRLF   -> wiki
#pragma once

#include <sio/http/fields.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace http {

/// Takes a body's bytes as they come. What is larger than allowed is refused by its announced length, before a byte of
/// it is kept.
class body_reader {
 public:
  /// No body: done at once.
  body_reader() = default;
  body_reader(const message_head& of, std::size_t max_size);
  /// All that comes until `end`.
  static body_reader until_end(std::size_t max_size);

  /// Takes what belongs to the body and says how many bytes that was; the rest is the next request.
  std::size_t consume(std::string_view bytes);
  /// Nothing more will come.
  void end() noexcept {
    if (state_ == state::open) state_ = state::done;
  }
  bool done() const noexcept { return state_ == state::done; }
  /// 0, or what to answer before closing: 400 or 413.
  int status() const noexcept { return status_; }
  std::string take() { return std::move(body_); }

 private:
  enum class state : std::uint8_t {
    plain,
    open,
    size,
    extension,
    size_end,
    data,
    data_cr,
    data_lf,
    trailer,
    trailer_name,
    trailer_value,
    trailer_end,
    last_lf,
    done,
    failed
  };

  bool step(char c);
  bool size_digit(char c);
  bool size_line_ends(char c);
  bool size_complete();
  bool extension(char c);
  bool trailer(char c);
  bool follow(bool fits, state next);
  bool refuse(int status);
  std::size_t copy(std::string_view bytes);
  std::size_t keep(std::string_view bytes);

  std::string body_;
  std::uint64_t left_ = 0;  // bytes of the body, or of the current chunk, that are still to come
  std::size_t max_size_ = 0;
  std::size_t spent_ = 0;  // bytes of extensions and trailers
  unsigned digits_ = 0;
  int status_ = 0;
  state state_ = state::done;
};

// ---- bodies

namespace detail {

inline constexpr std::size_t max_reserve = 64 * 1024;      // an announced length is a claim, not yet memory
inline constexpr std::size_t max_chunk_extras = 8 * 1024;  // extensions and trailers of one body, all dropped
inline constexpr unsigned max_size_digits = 16;

}  // namespace detail

inline body_reader::body_reader(const message_head& of, std::size_t max_size) : max_size_(max_size) {
  if (of.chunked) {
    state_ = state::size;
    return;
  }
  left_ = of.content_length.value_or(0);
  if (left_ == 0) return;
  state_ = state::plain;
  if (left_ > max_size) {
    refuse(413);
    return;
  }
  body_.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(left_, detail::max_reserve)));
}

inline body_reader body_reader::until_end(std::size_t max_size) {
  body_reader made;
  made.max_size_ = max_size;
  made.state_ = state::open;
  return made;
}

inline std::size_t body_reader::consume(std::string_view bytes) {
  std::size_t used = 0;
  while (used != bytes.size() && state_ != state::done && state_ != state::failed) {
    if (state_ == state::open)
      used += keep(bytes);
    else if (state_ == state::plain || state_ == state::data)
      used += copy(bytes.substr(used));
    else if (step(bytes[used]))
      ++used;
  }
  return used;
}

inline std::size_t body_reader::copy(std::string_view bytes) {
  const std::size_t size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
  body_.append(bytes.data(), size);
  left_ -= size;
  if (left_ == 0) state_ = state_ == state::plain ? state::done : state::data_cr;
  return size;
}

inline std::size_t body_reader::keep(std::string_view bytes) {
  if (bytes.size() > max_size_ - body_.size()) return refuse(413), 0;
  body_.append(bytes);
  return bytes.size();
}

inline bool body_reader::step(char c) {
  switch (state_) {
    case state::size: return size_digit(c);
    case state::extension: return extension(c);
    case state::size_end: return c == '\n' ? size_complete() : refuse(400);
    case state::data_cr: return follow(c == '\r', state::data_lf);
    case state::data_lf: return follow(c == '\n', state::size);
    case state::last_lf: return follow(c == '\n', state::done);
    default: return trailer(c);
  }
}

inline bool body_reader::size_digit(char c) {
  const int digit = hex_value(c);
  if (digit < 0) return digits_ != 0 ? size_line_ends(c) : refuse(400);
  if (++digits_ > detail::max_size_digits) return refuse(400);
  left_ = left_ * 16 + static_cast<unsigned>(digit);
  return true;
}

// Behind the digits; the size is judged here, before its bytes are read.
inline bool body_reader::size_line_ends(char c) {
  if (c != ';' && c != '\r') return refuse(400);
  if (left_ > max_size_ - body_.size()) return refuse(413);
  return follow(true, c == ';' ? state::extension : state::size_end);
}

inline bool body_reader::extension(char c) {
  if (c == '\r') return follow(true, state::size_end);
  if (++spent_ > detail::max_chunk_extras) return refuse(400);
  return detail::has_class(c, detail::text_bit) || refuse(400);
}

inline bool body_reader::size_complete() {
  digits_ = 0;
  return follow(true, left_ == 0 ? state::trailer : state::data);
}

// name ":" value CRLF, none of them kept; an empty line ends the body.
inline bool body_reader::trailer(char c) {
  if (state_ == state::trailer && c == '\r') return follow(true, state::last_lf);
  if (state_ == state::trailer_end) return follow(c == '\n', state::trailer);
  if (state_ == state::trailer_value && c == '\r') return follow(true, state::trailer_end);
  if (++spent_ > detail::max_chunk_extras) return refuse(400);
  if (state_ == state::trailer_value) return detail::has_class(c, detail::text_bit) || refuse(400);
  if (state_ == state::trailer_name && c == ':') return follow(true, state::trailer_value);
  return follow(detail::has_class(c, detail::token_bit), state::trailer_name);
}

inline bool body_reader::follow(bool fits, state next) {
  if (!fits) return refuse(400);
  state_ = next;
  return true;
}

inline bool body_reader::refuse(int status) {
  status_ = status;
  state_ = state::failed;
  body_ = std::string();
  return false;
}

}  // namespace http
}  // namespace SIO_ABI
}  // namespace sio
