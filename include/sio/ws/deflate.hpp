// One message through zlib: compressed without the 00 00 ff ff at its end, and inflated no further than a limit.
#pragma once

#include <sio/config.hpp>

#if defined(SIO_WITH_DEFLATE)
#include <zlib.h>
#endif

#include <algorithm>
#include <cstddef>
#include <limits>
#include <memory>
#include <new>
#include <string>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace ws {

/// How hard to compress, and in how much memory: zlib's own measures.
struct deflate_effort {
  int level = 6;         ///< 0 (not at all) to 9 (best)
  int memory_level = 8;  ///< 1 to 9; 2 to the power of (memory_level + 9) bytes
};

#if defined(SIO_WITH_DEFLATE)

inline constexpr bool can_deflate = true;

namespace detail {

struct end_deflate {
  void operator()(z_stream* z) const noexcept { deflateEnd(z), delete z; }
};
struct end_inflate {
  void operator()(z_stream* z) const noexcept { inflateEnd(z), delete z; }
};

/// Points zlib to as much of `in` as it can count, and takes that away.
inline void give_input(z_stream& z, std::string_view& in) noexcept {
  const std::size_t size = (std::min)(in.size(), std::size_t{(std::numeric_limits<uInt>::max)()});
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));  // zlib does not write there
  z.avail_in = static_cast<uInt>(size);
  in.remove_prefix(size);
}

/// Gives zlib room behind what `out` has, lets it work, and returns its verdict.
template <class Work>
int append_output(z_stream& z, std::string& out, Work work) {
  char room[8 * 1024];
  z.next_out = reinterpret_cast<Bytef*>(room);
  z.avail_out = sizeof room;
  const int verdict = work(&z);
  out.append(room, sizeof room - z.avail_out);
  return verdict;
}

}  // namespace detail

/// Compresses an end's outgoing messages. Its memory (6 KiB + 2^(window bits + 2) + 2^(memory_level + 9) bytes: 262 KiB
/// with the defaults) is taken with the first message. Without a context one deflater serves any number of connections.
class deflater {
 public:
  deflater(int window_bits, bool keeps_context, deflate_effort effort) noexcept
      : effort_(effort), bits_(window_bits), keeps_context_(keeps_context) {}

  std::string compress(std::string_view message) {
    if (!stream_) stream_ = open();
    if (!keeps_context_) deflateReset(stream_.get());  // before, so that nothing is left of one that failed
    std::string out;
    do {
      detail::give_input(*stream_, message);
      do detail::append_output(*stream_, out, [](z_stream* z) { return ::deflate(z, Z_SYNC_FLUSH); });
      while (stream_->avail_out == 0);
    } while (!message.empty());
    out.resize(out.size() - (std::min)(out.size(), tail));
    if (out.empty()) out.push_back('\0');  // an empty block: there was nothing to flush
    return out;
  }

 private:
  using stream = std::unique_ptr<z_stream, detail::end_deflate>;
  static constexpr std::size_t tail = 4;

  // zlib takes no 8 here; with 9 it looks back by 512 - 262 bytes at most, and that fits a window of 256.
  stream open() const {
    auto made = std::make_unique<z_stream>();
    const int bits = (std::max)(bits_, 9);
    if (deflateInit2(made.get(), effort_.level, Z_DEFLATED, -bits, effort_.memory_level, Z_DEFAULT_STRATEGY) != Z_OK)
      throw std::bad_alloc();
    return stream(made.release());
  }

  stream stream_;
  deflate_effort effort_;
  int bits_;
  bool keeps_context_;
};

/// Inflates an end's incoming messages, piece by piece. Its memory (7 KiB and the window: 40 KiB at most) is
/// taken with the first message, and given back after each if no context is kept.
class inflater {
 public:
  enum class outcome { fine, too_big, invalid };

  inflater(int window_bits, bool keeps_context) noexcept : bits_(window_bits), keeps_context_(keeps_context) {}

  /// A piece of a message; `out` grows to `limit` bytes and one step of 8 KiB at most.
  outcome append(std::string_view deflated, std::string& out, std::size_t limit) {
    if (deflated.empty()) return outcome::fine;
    if (!stream_) stream_ = open();
    outcome found = outcome::fine;
    do {
      detail::give_input(*stream_, deflated);
      found = drain(out, limit);
    } while (found == outcome::fine && !deflated.empty());
    return found;
  }

  /// The message is complete: its last block must be, too.
  outcome finish(std::string& out, std::size_t limit) {
    outcome found = outcome::fine;
    if (in_blocks_) found = append({"\0\0\xff\xff", 4}, out, limit);
    if (found == outcome::fine && in_blocks_ && !between_blocks()) found = outcome::invalid;
    in_blocks_ = false;
    if (!keeps_context_ || found != outcome::fine) stream_.reset();
    return found;
  }

 private:
  using stream = std::unique_ptr<z_stream, detail::end_inflate>;

  stream open() const {
    auto made = std::make_unique<z_stream>();
    if (inflateInit2(made.get(), -bits_) != Z_OK) throw std::bad_alloc();
    return stream(made.release());
  }

  /// A final block ends the stream; what follows begins another one (RFC 7692, 7.2.3.4).
  outcome drain(std::string& out, std::size_t limit) {
    for (;;) {
      in_blocks_ = in_blocks_ || stream_->avail_in != 0;
      const int verdict = detail::append_output(*stream_, out, [](z_stream* z) { return ::inflate(z, Z_SYNC_FLUSH); });
      if (out.size() > limit) return outcome::too_big;
      if (verdict == Z_MEM_ERROR) throw std::bad_alloc();
      if (verdict != Z_OK && verdict != Z_STREAM_END && verdict != Z_BUF_ERROR) return outcome::invalid;
      if (verdict == Z_STREAM_END) inflateReset(stream_.get()), in_blocks_ = false;
      if (stream_->avail_in == 0 && stream_->avail_out != 0) return outcome::fine;
    }
  }

  /// zlib tells: 128 behind a block, and below it how many bits of the last byte are left.
  bool between_blocks() const noexcept { return stream_->data_type % 64 == 0 && stream_->data_type / 128 % 2 == 1; }

  stream stream_;
  int bits_;
  bool keeps_context_;
  bool in_blocks_ = false;  // bytes came since the message, or the stream, began
};

#else

inline constexpr bool can_deflate = false;

/// Without zlib nothing is agreed on, so these are never made.
class deflater {
 public:
  deflater(int, bool, deflate_effort) noexcept {}
  std::string compress(std::string_view message) { return std::string(message); }
};

class inflater {
 public:
  enum class outcome { fine, too_big, invalid };
  inflater(int, bool) noexcept {}
  outcome append(std::string_view, std::string&, std::size_t) { return outcome::invalid; }
  outcome finish(std::string&, std::size_t) { return outcome::invalid; }
};

#endif

}  // namespace ws
}  // namespace SIO_ABI
}  // namespace sio
