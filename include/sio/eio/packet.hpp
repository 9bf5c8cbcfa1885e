// Engine.IO packets: what arrives as a view, what leaves as bytes that all receivers share.
#pragma once

#include <sio/config.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace eio {

/// Which revision of Engine.IO a client speaks; v3 is that of Socket.IO v2 clients.
enum class protocol : std::uint8_t { v3 = 3, v4 = 4 };

enum class packet_type : std::uint8_t { open, close, ping, pong, message, upgrade, noop };

/// A packet as it arrives: `data` views the buffer it was read into. A binary one of v4 is always a message.
struct packet {
  packet_type type = packet_type::noop;
  std::string_view data;
  bool binary = false;
};

/// The packet in one text frame, or one element of a payload that is not base64: `4hello` -> message "hello".
inline std::optional<packet> decode(std::string_view text) noexcept {
  if (text.empty() || text[0] < '0' || text[0] > '6') return std::nullopt;
  return packet{static_cast<packet_type>(text[0] - '0'), text.substr(1), false};
}

/// A packet as it leaves: encoded once, immutable, shared. `bytes` is exactly what a WebSocket frame carries:
/// `4hello` as text, or the naked bytes of a binary message.
class encoded_packet {
 public:
  encoded_packet() = default;
  explicit encoded_packet(std::string text) : bytes_(std::make_shared<const std::string>(std::move(text))) {}
  encoded_packet(std::shared_ptr<const std::string> bytes, bool binary) : bytes_(std::move(bytes)), binary_(binary) {}

  std::string_view bytes() const noexcept { return bytes_ ? std::string_view(*bytes_) : std::string_view(); }
  std::size_t size() const noexcept { return bytes().size(); }
  bool binary() const noexcept { return binary_; }
  /// Whether a transport that can compress may do so.
  bool compressible() const noexcept { return compressible_; }
  /// The same bytes, to be left as they are.
  encoded_packet uncompressed() const {
    encoded_packet same = *this;
    same.compressible_ = false;
    return same;
  }
  const std::shared_ptr<const std::string>& shared() const noexcept { return bytes_; }

 private:
  std::shared_ptr<const std::string> bytes_;
  bool binary_ = false;
  bool compressible_ = true;
};

/// One that is never destroyed: a client's thread may still use it while the process ends.
inline const encoded_packet& fixed_packet(const char* text) { return *new encoded_packet(text); }

}  // namespace eio
}  // namespace SIO_ABI
}  // namespace sio
