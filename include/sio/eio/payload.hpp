// Packets joined by 0x1e: the body of one poll or POST. 4hello\x1e2\x1ebAQIDBA==
#pragma once

#include <sio/config.hpp>
#include <sio/eio/base64.hpp>
#include <sio/eio/packet.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace eio {

inline constexpr char separator = '\x1e';

/// The packet in text that may also be base64: `bAQID` -> message 01 02 03. A binary one's bytes lie in `scratch`,
/// and the packet views them there.
inline std::optional<packet> decode(std::string_view text, std::string& scratch) {
  if (text.empty() || text[0] != 'b') return decode(text);
  scratch.clear();
  base64::decode(scratch, text.substr(1));
  return packet{packet_type::message, scratch, true};
}

/// Takes a body apart. The packets before a wrong one are delivered, none after it.
class payload_reader {
 public:
  payload_reader(std::string_view body, std::size_t max_packets) : rest_(body), left_(max_packets) {}
  payload_reader(const payload_reader&) = delete;
  payload_reader& operator=(const payload_reader&) = delete;

  /// The next packet, its data valid until the next call; nothing at the end, or from the first wrong packet on.
  std::optional<packet> next() {
    if (ended_) return std::nullopt;
    if (left_ == 0) return fail();
    --left_;
    const std::optional<packet> found = decode(take_element(), scratch_);
    return found ? found : fail();
  }

  /// An element was empty or no packet, or there were more than `max_packets`.
  bool failed() const noexcept { return failed_; }

 private:
  std::string_view take_element() noexcept {
    const std::size_t end = rest_.find(separator);
    const std::string_view element = rest_.substr(0, end);
    ended_ = end == std::string_view::npos;
    rest_.remove_prefix(ended_ ? rest_.size() : end + 1);
    return element;
  }

  std::optional<packet> fail() noexcept {
    ended_ = failed_ = true;
    return std::nullopt;
  }

  std::string_view rest_;
  std::size_t left_;
  std::string scratch_;
  bool ended_ = false;
  bool failed_ = false;
};

/// Bytes of that packet as an element of a payload, without the separator.
inline std::size_t payload_size(const encoded_packet& p) noexcept {
  return p.binary() ? 1 + base64::encoded_size(p.size()) : p.size();
}

/// Adds the packet to a payload, after a separator if it is not the first.
inline void append(std::string& payload, const encoded_packet& p) {
  if (!payload.empty()) payload += separator;
  if (!p.binary()) {
    payload += p.bytes();
    return;
  }
  payload += 'b';
  base64::encode(payload, p.bytes());
}

}  // namespace eio
}  // namespace SIO_ABI
}  // namespace sio
