// Socket.IO packets out of Engine.IO messages: a text, and after a binary packet's text its attachments.
#pragma once

#include <sio/config.hpp>
#include <sio/json/reader.hpp>
#include <sio/parser/header.hpp>
#include <sio/parser/packet.hpp>
#include <sio/parser/placeholders.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace parser {
/// The packets of one peer, message by message. Its first error is its last: from then on it takes nothing.
class decoder {
 public:
  decoder() = default;
  explicit decoder(const decoder_limits& limits) : limits_(limits) {}

  /// The packet that this message completes, if it does: a text without Engine.IO's `4`, or an attachment. A binary
  /// packet comes out as `event` or `ack`, its placeholders replaced by `sio::binary`.
  std::optional<packet> add(std::string_view message, bool binary) {
    if (failed()) return std::nullopt;
    return binary ? add_attachment(message) : add_text(message);
  }

  /// Whether attachments of a packet are still to come.
  bool waiting() const noexcept { return unfinished_ != nullptr; }
  bool failed() const noexcept { return !error_.empty(); }
  /// What was wrong, in the words of the JS decoder; empty if nothing was.
  std::string_view error() const noexcept { return error_; }

 private:
  // A binary packet whose attachments are on their way.
  struct unfinished {
    packet whole;
    std::size_t expected;
    std::size_t bytes = 0;
    std::vector<sio::binary> attachments = {};
  };

  std::optional<packet> add_text(std::string_view text) {
    if (waiting()) return fail("got plaintext data when reconstructing a packet");
    header h;
    const fault why = read_header(text, limits_, h);
    if (!why.empty()) return fail(why);
    packet out{without_binary(h.type), std::string(h.nsp), h.id, std::nullopt};
    if (!h.payload.empty()) {
      out.data = json::parse(h.payload, limits_.max_json_depth);
      if (!out.data || !fits(out.type, *out.data)) return fail("invalid payload");
    }
    if (h.attachments == 0) return out;
    unfinished_.reset(new unfinished{std::move(out), h.attachments});
    return std::nullopt;
  }

  std::optional<packet> add_attachment(std::string_view bytes) {
    if (!waiting()) return fail("got binary data when not reconstructing a packet");
    unfinished& u = *unfinished_;
    if (bytes.size() > limits_.max_attachment_bytes - u.bytes) return fail("attachments too large");
    u.bytes += bytes.size();
    u.attachments.emplace_back(bytes.data(), bytes.size());
    if (u.attachments.size() != u.expected) return std::nullopt;
    return complete(std::exchange(unfinished_, nullptr));
  }

  std::optional<packet> complete(std::unique_ptr<unfinished> u) {
    if (u->whole.data && !fill_placeholders(*u->whole.data, u->attachments)) return fail("illegal attachments");
    return std::move(u->whole);
  }

  std::optional<packet> fail(fault why) noexcept {
    error_ = why;
    unfinished_.reset();
    return std::nullopt;
  }

  decoder_limits limits_;
  std::unique_ptr<unfinished> unfinished_;  // rarely there, and an idle connection is to be small
  fault error_;
};

}  // namespace parser
}  // namespace SIO_ABI
}  // namespace sio
