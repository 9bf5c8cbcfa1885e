// One end's incoming frames: bytes in; messages, pings, pongs and the close out.
#pragma once

#include <sio/config.hpp>
#include <sio/unicode/utf8.hpp>
#include <sio/ws/codec.hpp>
#include <sio/ws/deflate.hpp>
#include <sio/ws/deflate_terms.hpp>
#include <sio/ws/fault.hpp>
#include <sio/ws/limits.hpp>
#include <sio/ws/plain_frame.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace ws {

/// What the peer sent: a whole message, or a control frame.
struct received {
  enum class kind : std::uint8_t { text, binary, ping, pong, close };

  kind type = kind::text;
  std::uint16_t close_code = 0;  ///< of a close; 1005 if it named none
  std::string_view payload;      ///< a close's reason; valid until the next `consume`, or while its buffer is
};

/// Reads what the peer sends. A plain frame is read in place; all else goes through `codec`, which exists only while
/// it is needed, so that an idle connection holds this object and no more (and, if compression with a kept context was
/// agreed, the peer's window: 40 KiB at most, once it has sent a compressed message).
class reader {
 public:
  reader(role me, const limits& bounds, const std::optional<deflate_terms>& agreed = std::nullopt)
      : limits_(bounds), role_(me) {
    const role peer = me == role::server ? role::client : role::server;
    if (agreed) inflater_ = std::make_unique<inflater>(agreed->bits(peer), agreed->keeps_context(peer));
  }

  /// Reads until one event is complete and returns the bytes used: all of them, unless there is an event or an error.
  /// Unmasks in place. After a close the rest is swallowed; after an error nothing is used.
  std::size_t consume(char* data, std::size_t n) {
    fresh_ = false;
    if (codec_ && codec_->idle()) codec_.reset();
    if (fault_ || n == 0) return 0;
    if (closed_) return n;
    if (!codec_)
      if (const auto frame = detail::read_plain_frame(role_, data, n, limits_.max_message)) return accept(*frame);
    return consume_with_codec(data, n);
  }

  /// The event that the last `consume` completed, once.
  const received* take() noexcept {
    const bool fresh = fresh_;
    fresh_ = false;
    return fresh ? &event_ : nullptr;
  }

  /// Once a rule is broken: the code that the close frame carries: 1002, 1007, 1008 or 1009.
  std::optional<std::uint16_t> error() const noexcept {
    return fault_ ? std::optional<std::uint16_t>(fault_.close_code()) : std::nullopt;
  }
  /// The broken rule in the words of the JS package `ws`: "Max payload size exceeded".
  std::string error_text() const { return fault_.text(); }

  /// Part of a message has come, and the peer owes the rest.
  bool mid_message() const noexcept { return codec_ && !codec_->idle() && !fault_; }
  /// A close frame has come.
  bool closed() const noexcept { return closed_; }

 private:
  std::size_t accept(const detail::plain_frame& frame) noexcept {
    if (!frame.valid)
      fault_ = {fault::rule::utf8, 0};
    else
      raise({frame.text ? received::kind::text : received::kind::binary, 0, frame.payload});
    return frame.used;
  }

  std::size_t consume_with_codec(char* data, std::size_t n) {
    if (!codec_) codec_ = std::make_unique<detail::codec>(role_, limits_, inflater_.get());
    const std::size_t used = codec_->read(data, n);
    fault_ = codec_->broken();
    if (codec_->ready()) accept(codec_->pop());
    if (fault_) codec_.reset(), inflater_.reset();
    return used;
  }

  void accept(const detail::codec_config::message_type& message) {
    namespace code = websocketpp::frame::opcode;
    const std::string_view payload = message.get_payload();
    switch (message.get_opcode()) {
      case code::TEXT: return raise({received::kind::text, 0, payload});
      case code::BINARY: return raise({received::kind::binary, 0, payload});
      case code::PING: return raise({received::kind::ping, 0, payload});
      case code::PONG: return raise({received::kind::pong, 0, payload});
      default: return accept_close(payload);
    }
  }

  /// Nothing, or two bytes of code and a reason: 03 e8 "bye".
  void accept_close(std::string_view payload) {
    if (payload.empty()) return close(1005, {});
    if (payload.size() == 1) return fail({fault::rule::control_length, 1});
    const auto high = static_cast<unsigned char>(payload[0]), low = static_cast<unsigned char>(payload[1]);
    const auto code = static_cast<std::uint16_t>(high << 8 | low);
    if (!may_be_sent(code)) return fail({fault::rule::close_code, code});
    if (!unicode::is_utf8(payload.substr(2))) return fail({fault::rule::utf8, 0});
    close(code, payload.substr(2));
  }

  static bool may_be_sent(std::uint16_t code) noexcept {
    if (code >= 3000) return code <= 4999;
    return code >= 1000 && code <= 1014 && (code < 1004 || code > 1006);
  }

  void close(std::uint16_t code, std::string_view why) noexcept {
    closed_ = true;
    raise({received::kind::close, code, why});
  }
  void raise(const received& event) noexcept {
    event_ = event;
    fresh_ = true;
  }
  void fail(const fault& what) noexcept { fault_ = what; }

  limits limits_;
  std::unique_ptr<inflater> inflater_;  // if compression was agreed; outlives the codec that uses it
  std::unique_ptr<detail::codec> codec_;
  received event_;
  fault fault_;
  role role_;
  bool fresh_ = false;
  bool closed_ = false;
};

}  // namespace ws
}  // namespace SIO_ABI
}  // namespace sio
