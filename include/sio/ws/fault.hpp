// What a peer's frames can do wrong: the close code that answers it, and the words of the JS package `ws`.
#pragma once

#include <sio/config.hpp>

#include <cstdint>
#include <string>

namespace sio {
inline namespace SIO_ABI {
namespace ws {

/// A broken rule; `number` is the opcode, length or close code that broke it.
struct fault {
  enum class rule : std::uint8_t {
    none,
    rsv1,
    rsv2_3,
    opcode,
    control_fin,
    control_length,
    mask_missing,
    mask_forbidden,
    length_form,
    message_size,
    fragments,
    utf8,
    deflate,
    close_code,
  };

  rule broken = rule::none;
  std::uint16_t number = 0;

  explicit operator bool() const noexcept { return broken != rule::none; }

  /// What the close frame says: 1007 bad UTF-8 or compressed data, 1008 too many fragments, 1009 too big, 1002 all
  /// else.
  std::uint16_t close_code() const noexcept {
    if (broken == rule::utf8 || broken == rule::deflate) return 1007;
    if (broken == rule::fragments) return 1008;
    return broken == rule::message_size ? 1009 : 1002;
  }

  std::string text() const {
    const std::string invalid = "Invalid WebSocket frame: ";
    switch (broken) {
      case rule::none: return {};
      case rule::rsv1: return invalid + "RSV1 must be clear";
      case rule::rsv2_3: return invalid + "RSV2 and RSV3 must be clear";
      case rule::opcode: return invalid + "invalid opcode " + std::to_string(number);
      case rule::control_fin: return invalid + "FIN must be set";
      case rule::control_length: return invalid + "invalid payload length " + std::to_string(number);
      case rule::mask_missing: return invalid + "MASK must be set";
      case rule::mask_forbidden: return invalid + "MASK must be clear";
      case rule::length_form: return invalid + "payload length is not minimally encoded";
      case rule::message_size: return "Max payload size exceeded";
      case rule::fragments: return "Too many message fragments";
      case rule::utf8: return invalid + "invalid UTF-8 sequence";
      case rule::deflate: return invalid + "invalid compressed data";
      case rule::close_code: return invalid + "invalid status code " + std::to_string(number);
    }
    return {};
  }
};

}  // namespace ws
}  // namespace SIO_ABI
}  // namespace sio
