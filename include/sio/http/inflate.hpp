// A body made whole again by zlib, no further than a limit: a small answer may claim to be a very large one.
#pragma once

#include <sio/http/coding.hpp>

#if defined(SIO_WITH_DEFLATE)
#include <zlib.h>
#endif

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <string>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace http {

/// What came of it.
enum class inflated : std::uint8_t { fine, too_big, invalid };

/// "gzip, deflate" where they can be read; empty: nothing but identity is to be asked for.
inline constexpr std::string_view readable_codings =
#if defined(SIO_WITH_DEFLATE)
    "gzip, deflate";
#else
    "";
#endif

/// Inflates the whole `body` into `out`, which grows to `most` bytes and one step of 16 KiB at the utmost.
inflated inflate_body(coding how, std::string_view body, std::size_t most, std::string& out);

// ---- bodies

#if defined(SIO_WITH_DEFLATE)

namespace detail {

/// Its memory (40 KiB at most) goes with it.
class body_inflater {
 public:
  explicit body_inflater(int window) {
    if (inflateInit2(&z_, window) != Z_OK) throw std::bad_alloc();
  }
  body_inflater(const body_inflater&) = delete;
  body_inflater& operator=(const body_inflater&) = delete;
  ~body_inflater() { inflateEnd(&z_); }

  inflated run(std::string_view body, std::size_t most, std::string& out) {
    int verdict = Z_OK;
    while (verdict == Z_OK) {
      if (z_.avail_in == 0) give(body);
      verdict = step(out);
      if (out.size() > most) return inflated::too_big;
    }
    const bool whole = verdict == Z_STREAM_END && z_.avail_in == 0 && body.empty();
    return whole ? inflated::fine : inflated::invalid;  // Z_BUF_ERROR: it ends too early
  }

 private:
  void give(std::string_view& body) noexcept {
    const std::size_t size = std::min(body.size(), std::size_t{std::numeric_limits<uInt>::max()});
    z_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));  // zlib does not write there
    z_.avail_in = static_cast<uInt>(size);
    body.remove_prefix(size);
  }

  int step(std::string& out) {
    char room[16 * 1024];
    z_.next_out = reinterpret_cast<Bytef*>(room);
    z_.avail_out = sizeof room;
    const int verdict = ::inflate(&z_, Z_NO_FLUSH);
    out.append(room, sizeof room - z_.avail_out);
    return verdict;
  }

  z_stream z_{};
};

// RFC 9110 §8.4.1.2: "deflate" is zlib's format, but some servers send it bare.
inline bool has_zlib_header(std::string_view body) noexcept {
  if (body.size() < 2) return false;
  const unsigned first = static_cast<unsigned char>(body[0]), second = static_cast<unsigned char>(body[1]);
  return (first & 15) == 8 && (first * 256 + second) % 31 == 0;
}

}  // namespace detail

inline inflated inflate_body(coding how, std::string_view body, std::size_t most, std::string& out) {
  out.clear();
  const int bare = how == coding::deflate && !detail::has_zlib_header(body) ? -MAX_WBITS : MAX_WBITS;
  return detail::body_inflater(how == coding::gzip ? MAX_WBITS + 16 : bare).run(body, most, out);
}

#else

inline inflated inflate_body(coding, std::string_view, std::size_t, std::string&) { return inflated::invalid; }

#endif

}  // namespace http
}  // namespace SIO_ABI
}  // namespace sio
