// Random bytes from the operating system's generator, and the ids made of them.
#pragma once

#include <sio/config.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#if defined(_WIN32)
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <bcrypt.h>
#include <windows.h>
#include <winsock2.h>  // before windows.h, for Asio's sake
#ifdef _MSC_VER
#pragma comment(lib, "bcrypt")
#endif
#else
#include <unistd.h>
#if defined(__linux__)
#include <sys/random.h>

#include <cerrno>
#endif
#endif

namespace sio {
inline namespace SIO_ABI {
namespace net {

namespace detail {

// A system without random bytes must not hand out session ids: there is nothing left but to stop.
inline void system_random(unsigned char* out, std::size_t n) noexcept {
#if defined(_WIN32)
  for (; n != 0;) {
    const ULONG part = n < 0x10000 ? static_cast<ULONG>(n) : 0x10000;
    if (BCryptGenRandom(nullptr, out, part, BCRYPT_USE_SYSTEM_PREFERRED_RNG) < 0) std::abort();
    out += part;
    n -= part;
  }
#elif defined(__linux__)
  for (; n != 0;) {
    const ssize_t got = ::getrandom(out, n, 0);
    if (got < 0 && errno != EINTR) std::abort();
    if (got <= 0) continue;
    out += got;
    n -= static_cast<std::size_t>(got);
  }
#else
  ::arc4random_buf(out, n);
#endif
}

/// Who we are, to notice a fork: parent and child must not hand out the same bytes.
inline long process_id() noexcept {
#if defined(_WIN32)
  return 0;
#else
  return static_cast<long>(::getpid());
#endif
}

/// Random bytes fetched in advance: one system call for sixteen ids. What was handed out is wiped.
class random_pool {
 public:
  void take(unsigned char* out, std::size_t n) noexcept {
    if (n > sizeof bytes_) return system_random(out, n);
    if (n > left_ || owner_ != process_id()) refill();
    left_ -= n;
    std::memcpy(out, bytes_ + left_, n);
    volatile unsigned char* used = bytes_ + left_;
    for (std::size_t i = 0; i != n; ++i) used[i] = 0;
  }

 private:
  void refill() noexcept {
    system_random(bytes_, sizeof bytes_);
    left_ = sizeof bytes_;
    owner_ = process_id();
  }

  unsigned char bytes_[256];
  std::size_t left_ = 0;
  long owner_ = 0;
};

inline constexpr std::string_view base64url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Three bytes as four characters.
inline void write_base64url(char* out, std::uint32_t three) noexcept {
  for (unsigned i = 0; i != 4; ++i) out[i] = base64url[three >> (18 - 6 * i) & 63];
}

inline std::uint32_t join_24_bits(const unsigned char* b) noexcept {
  return static_cast<std::uint32_t>(b[0] << 16 | b[1] << 8 | b[2]);
}

}  // namespace detail

/// Fills `out` with bytes that nobody can guess. Any thread; before and after a fork.
inline void secure_random(void* out, std::size_t n) noexcept {
  thread_local detail::random_pool pool;
  pool.take(static_cast<unsigned char*>(out), n);
}

/// A number in [0, 1).
inline double random_fraction() {
  std::uint32_t bits = 0;
  secure_random(&bits, sizeof bits);
  return bits / 4294967296.0;
}

/// A session or socket id: 120 random bits as 20 characters of `A-Za-z0-9-_`.
inline std::string random_id() {
  unsigned char bytes[15];
  secure_random(bytes, sizeof bytes);
  std::string id(20, 'A');
  for (std::size_t i = 0; i != 5; ++i) detail::write_base64url(id.data() + 4 * i, detail::join_24_bits(bytes + 3 * i));
  return id;
}

/// An id that names its shard (0 <= shard < shards < 2^24): its last 24 bits, modulo `shards`. Else it is random:
/// 120 - log2(shards) bits.
inline std::string random_id_for_shard(unsigned shard, unsigned shards) {
  std::string id = random_id();
  if (shards < 2) return id;
  const std::uint32_t blocks = (1u << 24) / shards;
  std::uint32_t block = 0;
  do {  // what is left of 2^24 after the whole blocks is drawn again: each block is equally likely
    unsigned char bytes[3];
    secure_random(bytes, sizeof bytes);
    block = detail::join_24_bits(bytes) / shards;
  } while (block >= blocks);
  detail::write_base64url(id.data() + 16, block * shards + shard);
  return id;
}

/// The shard that an id names; 0 for one that we never gave out.
inline unsigned shard_of(std::string_view id, unsigned shards) noexcept {
  if (shards < 2 || id.size() != 20) return 0;
  std::uint32_t bits = 0;
  for (const char c : id.substr(16)) {
    const std::size_t six = detail::base64url.find(c);
    if (six == std::string_view::npos) return 0;
    bits = bits << 6 | static_cast<std::uint32_t>(six);
  }
  return bits % shards;
}

}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio
