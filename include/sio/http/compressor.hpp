// Bodies made smaller, by zlib. One compressor serves a whole server: its two windows (a quarter of a MiB each) are
// made when first needed, and used again for each body.
#pragma once

#include <sio/http/coding.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#if defined(SIO_WITH_DEFLATE)
#include <zlib.h>
#endif

namespace sio {
inline namespace SIO_ABI {
namespace http {

/// Not for several threads at a time.
class compressor {
 public:
#if defined(SIO_WITH_DEFLATE)
  static constexpr bool available = true;
#else
  static constexpr bool available = false;
#endif
  /// Larger bodies stay as they are.
  static constexpr std::size_t max_size = std::size_t{1} << 30;

  /// `level`: 0 (fast) to 9 (small), -1 for zlib's own.
  explicit compressor(int level = -1) noexcept : level_(level) {}

  /// Nothing where it cannot be: zlib was not there at build time, there is no memory, the body is too large.
  std::optional<std::string> compress(coding how, std::string_view body);

 private:
  struct stream;
  struct stream_end {
    void operator()(stream* s) const noexcept;
  };

  stream* stream_for(coding how);

  [[maybe_unused]] int level_;  // of no use without zlib
  std::array<std::unique_ptr<stream, stream_end>, 2> streams_;
};

// ---- bodies

#if defined(SIO_WITH_DEFLATE)

struct compressor::stream {
  z_stream z{};
};

inline void compressor::stream_end::operator()(stream* s) const noexcept {
  deflateEnd(&s->z);
  delete s;
}

inline compressor::stream* compressor::stream_for(coding how) {
  auto& one = streams_[how == coding::gzip ? 0 : 1];
  if (one) return deflateReset(&one->z) == Z_OK ? one.get() : nullptr;
  auto made = std::make_unique<stream>();
  const int window = how == coding::gzip ? MAX_WBITS + 16 : MAX_WBITS;  // 16 more: a gzip header
  if (deflateInit2(&made->z, level_, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) != Z_OK) return nullptr;
  one.reset(made.release());
  return one.get();
}

inline std::optional<std::string> compressor::compress(coding how, std::string_view body) {
  if (how == coding::identity || body.size() > max_size) return std::nullopt;
  stream* const s = stream_for(how);
  if (!s) return std::nullopt;
  std::string out(deflateBound(&s->z, static_cast<uLong>(body.size())), '\0');
  s->z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));  // zlib's own signature; it only reads
  s->z.avail_in = static_cast<uInt>(body.size());
  s->z.next_out = reinterpret_cast<Bytef*>(out.data());
  s->z.avail_out = static_cast<uInt>(out.size());
  if (deflate(&s->z, Z_FINISH) != Z_STREAM_END) return std::nullopt;
  out.resize(out.size() - s->z.avail_out);
  return out;
}

#else

struct compressor::stream {};
inline void compressor::stream_end::operator()(stream* s) const noexcept { delete s; }
inline compressor::stream* compressor::stream_for(coding) { return nullptr; }
inline std::optional<std::string> compressor::compress(coding, std::string_view) { return std::nullopt; }

#endif

}  // namespace http
}  // namespace SIO_ABI
}  // namespace sio
