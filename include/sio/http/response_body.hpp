// The reader of an answer's body: which bytes are its own, and what they are once inflated.
//
//   HTTP/1.1 200 OK, neither Content-Length nor chunked   -> all until the server closes
#pragma once

#include <sio/http/body.hpp>
#include <sio/http/inflate.hpp>
#include <sio/http/response_head.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace http {

/// Takes a body's bytes as they come; what is larger than allowed, as sent or inflated, is refused.
class response_body {
 public:
  response_body() = default;
  /// `to_head`: the answer to a HEAD, which has no body whatever its fields say.
  response_body(const response_head& of, bool to_head, std::size_t max_size);

  /// Takes what belongs to the body and says how many bytes that was.
  std::size_t consume(std::string_view bytes) { return raw_.consume(bytes); }
  /// The stream has ended. Then it is done, or broken off.
  void end() noexcept { raw_.end(); }
  bool done() const noexcept { return raw_.done(); }
  /// Whether the end of the stream is the end of the body.
  bool until_end() const noexcept { return until_end_; }
  /// What is wrong with it, or an empty text: "a body larger than allowed".
  std::string_view error() const noexcept;
  /// The body, inflated, once it is done; look at `error` behind it.
  std::string take();

 private:
  body_reader raw_;
  std::size_t max_size_ = 0;
  std::string_view coding_error_;
  coding coding_ = coding::identity;
  bool until_end_ = false;
};

// ---- bodies

namespace detail {

inline constexpr std::string_view too_large = "a body larger than allowed";

// One coding at most; "x-gzip" is gzip (RFC 9110 §8.4.1.3).
inline std::optional<coding> read_coding(const response_head& of) {
  std::optional<coding> found = coding::identity;
  for (const field& f : of.fields)
    if (same_letters(f.name, "content-encoding"))
      each_element(f.value, [&](std::string_view name) {
        if (same_letters(name, "identity") || !found) return;
        const bool gzip = same_letters(name, "gzip") || same_letters(name, "x-gzip");
        const bool known = (gzip || same_letters(name, "deflate")) && !readable_codings.empty();
        found =
            *found == coding::identity && known ? std::optional(gzip ? coding::gzip : coding::deflate) : std::nullopt;
      });
  return found;
}

}  // namespace detail

// RFC 9112 §6.3.
inline response_body::response_body(const response_head& of, bool to_head, std::size_t max_size) : max_size_(max_size) {
  if (to_head || of.status < 200 || of.status == 204 || of.status == 304) return;
  const std::optional<coding> coded = detail::read_coding(of);
  if (!coded) coding_error_ = "a Content-Encoding that nobody asked for";
  coding_ = coded.value_or(coding::identity);
  until_end_ = !of.chunked && !of.content_length;
  raw_ = until_end_ ? body_reader::until_end(max_size) : body_reader(of, max_size);
}

inline std::string_view response_body::error() const noexcept {
  if (raw_.status() == 413) return detail::too_large;
  return raw_.status() != 0 ? "a chunked body that is malformed" : coding_error_;
}

inline std::string response_body::take() {
  std::string raw = raw_.take();
  if (coding_ == coding::identity || raw.empty()) return raw;
  std::string whole;
  const inflated found = inflate_body(coding_, raw, max_size_, whole);
  if (found == inflated::fine) return whole;
  coding_error_ = found == inflated::too_big ? detail::too_large : "a compressed body that is broken";
  return {};
}

}  // namespace http
}  // namespace SIO_ABI
}  // namespace sio
