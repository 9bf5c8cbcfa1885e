// Many Engine.IO v3 packets in one body, each behind its length: 6:4hello10:b4AQIDBA==
#pragma once

#include <sio/config.hpp>
#include <sio/eio/v3_packet.hpp>
#include <sio/unicode/utf8.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace eio {
namespace v3 {

// A text body:    <length in UTF-16 code units> : <packet>
// A binary body:  00 or 01 <digits of the length in bytes, 00 to 09 each> ff <packet>, 01 if the packet is binary

inline constexpr std::size_t max_digits = 310;  // of a length, leading zeros too: what JS allows

/// How many UTF-16 code units a UTF-8 text is: JS's `length`.
inline std::size_t utf16_length(std::string_view text) noexcept {
  std::size_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    units += byte >= 0xf0 ? 2 : (byte & 0xc0) != 0x80 ? 1 : 0;
  }
  return units;
}

/// How many bytes the first `units` UTF-16 code units of a UTF-8 text are. Nothing if there are not so many, or if
/// they end within a character.
inline std::optional<std::size_t> prefix_size(std::string_view text, std::size_t units) noexcept {
  std::size_t at = 0;
  while (units != 0) {
    if (at == text.size()) return std::nullopt;
    const unicode::utf8_step step = unicode::first_character(text.substr(at));
    const std::size_t worth = step.size == 4 ? 2 : 1;
    if (worth > units) return std::nullopt;
    at += step.size;
    units -= worth;
  }
  return at;
}

/// Takes a body apart. The packets before a wrong one are delivered, none after it.
class payload_reader {
 public:
  /// A text body must be UTF-8.
  payload_reader(std::string_view body, bool binary, std::size_t max_packets)
      : rest_(body), left_(max_packets), binary_(binary), failed_(body.empty() && !binary) {}
  payload_reader(const payload_reader&) = delete;
  payload_reader& operator=(const payload_reader&) = delete;

  /// The next packet, its data valid until the next call; nothing at the end, or from the first wrong packet on.
  std::optional<packet> next() {
    while (!failed_ && !rest_.empty()) {
      if (left_ == 0) return fail();
      --left_;
      const std::optional<element> found = binary_ ? take_binary() : take_text();
      if (!found) return fail();
      if (!binary_ && found->bytes.empty()) continue;  // `0:` is a payload without packets
      const std::optional<packet> p = found->binary ? decode_binary(found->bytes) : decode(found->bytes, scratch_);
      return p ? p : fail();
    }
    return std::nullopt;
  }

  /// Something was no packet or had a wrong length, or there were more than `max_packets`.
  bool failed() const noexcept { return failed_; }

 private:
  struct element {
    std::string_view bytes;
    bool binary;
  };

  std::optional<element> take_text() noexcept {
    const std::optional<std::size_t> units = take_length('0', ':');
    const std::optional<std::size_t> size = units ? prefix_size(rest_, *units) : std::nullopt;
    if (!size) return std::nullopt;
    return element{take(*size), false};
  }

  std::optional<element> take_binary() noexcept {
    const char marker = take(1).front();
    if (marker != 0 && marker != 1) return std::nullopt;
    const std::optional<std::size_t> size = take_length('\0', '\xff');
    if (!size || *size > rest_.size()) return std::nullopt;
    const element out{take(*size), marker == 1};
    if (!out.binary && !unicode::is_utf8(out.bytes)) return std::nullopt;
    return out;
  }

  // The digits that count from `zero`, and the `end` behind them. A length larger than the body stays so.
  std::optional<std::size_t> take_length(char zero, char end) noexcept {
    std::size_t length = 0, digits = 0;
    for (; digits != rest_.size() && digits <= max_digits; ++digits) {
      const unsigned digit = static_cast<unsigned char>(rest_[digits]) - static_cast<unsigned char>(zero);
      if (digit > 9) break;
      if (length <= rest_.size()) length = length * 10 + digit;
    }
    if (digits == 0 || digits > max_digits || digits == rest_.size() || rest_[digits] != end) return std::nullopt;
    take(digits + 1);
    return length;
  }

  std::string_view take(std::size_t size) noexcept {
    const std::string_view out = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return out;
  }

  std::optional<packet> fail() noexcept {
    failed_ = true;
    return std::nullopt;
  }

  std::string_view rest_;
  std::size_t left_;
  std::string scratch_;
  bool binary_, failed_;
};

/// A body as it leaves.
struct payload {
  std::string body;
  bool binary = false;
};

namespace detail {

inline void append_text_element(std::string& out, const encoded_packet& p) {
  const std::size_t units = p.binary() ? 2 + base64::encoded_size(p.size()) : utf16_length(p.bytes());
  out.append(std::to_string(units)).append(1, ':');
  append_text(out, p);
}

inline void append_binary_element(std::string& out, const encoded_packet& p) {
  out += static_cast<char>(p.binary());
  for (const char digit : std::to_string(p.size() + (p.binary() ? 1 : 0))) out += static_cast<char>(digit - '0');
  out += '\xff';
  p.binary() ? append_binary(out, p) : append_text(out, p);
}

}  // namespace detail

/// The packets as one body: as bytes if there is a binary one among them, as text if not, or if the client takes only
/// that (`base64`).
inline payload encode_payload(const std::vector<encoded_packet>& packets, bool base64) {
  payload out;
  for (const encoded_packet& p : packets) out.binary = out.binary || (p.binary() && !base64);
  for (const encoded_packet& p : packets)
    out.binary ? detail::append_binary_element(out.body, p) : detail::append_text_element(out.body, p);
  return out;
}

}  // namespace v3
}  // namespace eio
}  // namespace SIO_ABI
}  // namespace sio
