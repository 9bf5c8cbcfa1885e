// websocketpp's hybi13 with the gaps closed: reads fragments, control frames, cut frames, and every error.
#pragma once

#include <sio/config.hpp>
#include <sio/ws/fault.hpp>
#include <sio/ws/limits.hpp>

#include <websocketpp/http/request.hpp>
#include <websocketpp/http/response.hpp>
#include <websocketpp/message_buffer/alloc.hpp>
#include <websocketpp/message_buffer/message.hpp>
#include <websocketpp/processors/hybi13.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace ws {
namespace detail {

namespace wspp = websocketpp;

/// hybi13 draws masks from it when it writes; we write frames ourselves.
struct no_rng {
  std::uint32_t operator()() const noexcept { return 0; }
};
inline no_rng unused_rng;

/// permessage-deflate as hybi13 wants it, never agreed to.
struct no_deflate {
  bool is_implemented() const noexcept { return false; }
  bool is_enabled() const noexcept { return false; }
  std::pair<std::error_code, std::string> negotiate(const wspp::http::attribute_list&) { return {}; }
  std::error_code init(bool) { return {}; }
  std::string generate_offer() const { return {}; }
  std::error_code compress(const std::string&, std::string&) { return {}; }
  std::error_code decompress(const std::uint8_t*, std::size_t, std::string&) { return {}; }
};

struct codec_config {
  using request_type = wspp::http::parser::request;
  using response_type = wspp::http::parser::response;
  using message_type = wspp::message_buffer::message<wspp::message_buffer::alloc::con_msg_manager>;
  using con_msg_manager_type = wspp::message_buffer::alloc::con_msg_manager<message_type>;
  using rng_type = no_rng;
  using permessage_deflate_type = no_deflate;
  static const std::size_t max_message_size = 0;  // not used: `codec` judges sizes
  static const bool enable_extensions = false;
};

/// hybi13's own `consume` reserves whatever length a header announces, adds lengths without a look at overflow,
/// counts no fragments, takes RSV1 on a continuation and a character cut by the last fragment, and goes on after an
/// error. This one walks through the same states with the same parts, and does not. A message grows as its bytes
/// come: a header that claims a megabyte costs a hundred bytes.
class codec : private wspp::processor::hybi13<codec_config> {
 public:
  codec(role me, const limits& bounds)
      : hybi13(false, me == role::server, std::make_shared<codec_config::con_msg_manager_type>(), unused_rng),
        limits_(bounds) {}

  /// Reads until a message is `ready`, a rule is broken, or all is used; returns the bytes used.
  std::size_t read(char* data, std::size_t n) {
    auto* p = reinterpret_cast<std::uint8_t*>(data);
    std::size_t used = 0;
    while (!fault_ && m_state != READY && (used != n || m_bytes_needed == 0)) used += step(p + used, n - used);
    return used;
  }

  using hybi13::ready;

  /// The message that is ready. Its payload lives until the next `pop`.
  const codec_config::message_type& pop() {
    popped_ = get_message();
    return *popped_;
  }

  const fault& broken() const noexcept { return fault_; }

  /// Between two messages: nothing has come of the next one.
  bool idle() const noexcept {
    return m_state == HEADER_BASIC && m_bytes_needed == wspp::frame::BASIC_HEADER_LENGTH && !m_data_msg.msg_ptr;
  }

  /// The memory that the message being read takes so far.
  std::size_t capacity() const { return m_data_msg.msg_ptr ? m_data_msg.msg_ptr->get_payload().capacity() : 0; }

 private:
  std::size_t step(std::uint8_t* p, std::size_t n) {
    if (m_state == HEADER_BASIC) return read_first_bytes(p, n);
    if (m_state == HEADER_EXTENDED) return read_length_and_mask(p, n);
    return read_payload(p, n);
  }

  std::size_t read_first_bytes(const std::uint8_t* p, std::size_t n) {
    const std::size_t used = copy_basic_header_bytes(p, n);
    if (m_bytes_needed != 0) return used;
    fault_ = judge_first_bytes();
    m_state = HEADER_EXTENDED;
    m_cursor = 0;
    m_bytes_needed = wspp::frame::get_header_len(m_basic_header) - wspp::frame::BASIC_HEADER_LENGTH;
    return used;
  }

  std::size_t read_length_and_mask(const std::uint8_t* p, std::size_t n) {
    const std::size_t used = copy_extended_header_bytes(p, n);
    if (m_bytes_needed != 0) return used;
    fault_ = judge_length();
    if (!fault_) begin_payload();
    return used;
  }

  std::size_t read_payload(std::uint8_t* p, std::size_t n) {
    wspp::lib::error_code ec;
    std::size_t used = (std::min)(m_bytes_needed, n);
    if (used != 0) used = process_payload_bytes(p, used, ec);
    if (!ec && m_bytes_needed != 0) return used;
    if (!ec) ec = end_frame();
    fault_ = to_fault(ec);
    return used;
  }

  void begin_payload() {
    m_state = APPLICATION;
    m_bytes_needed = static_cast<std::size_t>(wspp::frame::get_payload_size(m_basic_header, m_extended_header));
    const auto key = wspp::frame::get_masking_key(m_basic_header, m_extended_header);
    m_current_msg = control() ? &m_control_msg : &m_data_msg;
    if (control() || !m_data_msg.msg_ptr)
      *m_current_msg = msg_metadata(m_msg_manager->get_message(code(), 0), key);
    else
      m_data_msg.prepared_key = wspp::frame::prepare_masking_key(key);
  }

  wspp::lib::error_code end_frame() {
    if (!wspp::frame::get_fin(m_basic_header)) {
      reset_headers();
      return {};
    }
    if (!control()) continuations_ = 0;
    const bool text = m_current_msg->msg_ptr->get_opcode() == wspp::frame::opcode::TEXT;
    if (text && !m_current_msg->validator.complete())
      return wspp::processor::error::make_error_code(wspp::processor::error::invalid_utf8);
    return finalize_message();
  }

  fault judge_first_bytes() {
    // RSV1 means compression, on the first frame of a message only; none was agreed.
    if (wspp::frame::get_rsv1(m_basic_header)) return {fault::rule::rsv1, 0};
    const fault found = to_fault(validate_incoming_basic_header(m_basic_header, m_server, !m_data_msg.msg_ptr));
    if (found || code() != wspp::frame::opcode::CONTINUATION) return found;
    return ++continuations_ < limits_.max_fragments ? fault{} : fault{fault::rule::fragments, 0};
  }

  fault judge_length() const {
    const fault found = to_fault(validate_incoming_extended_header(m_basic_header, m_extended_header));
    if (found || control()) return found;
    const std::uint64_t size = wspp::frame::get_payload_size(m_basic_header, m_extended_header);
    const std::uint64_t joined = m_data_msg.msg_ptr ? m_data_msg.msg_ptr->get_payload().size() : 0;
    return size <= limits_.max_message - joined ? fault{} : fault{fault::rule::message_size, 0};
  }

  fault to_fault(const wspp::lib::error_code& ec) const {
    namespace e = wspp::processor::error;
    if (!ec) return {};
    switch (ec.value()) {
      case e::control_too_big: return {fault::rule::control_length, wspp::frame::get_basic_size(m_basic_header)};
      case e::invalid_rsv_bit: return {fault::rule::rsv2_3, 0};
      case e::fragmented_control: return {fault::rule::control_fin, 0};
      case e::masking_required: return {fault::rule::mask_missing, 0};
      case e::masking_forbidden: return {fault::rule::mask_forbidden, 0};
      case e::non_minimal_encoding: return {fault::rule::length_form, 0};
      case e::requires_64bit: return {fault::rule::message_size, 0};
      case e::invalid_utf8: return {fault::rule::utf8, 0};
      default: return {fault::rule::opcode, static_cast<std::uint16_t>(code())};
    }
  }

  wspp::frame::opcode::value code() const { return wspp::frame::get_opcode(m_basic_header); }
  bool control() const { return wspp::frame::opcode::is_control(code()); }

  limits limits_;
  std::size_t continuations_ = 0;  // frames of the message being read, but for its first
  message_ptr popped_;
  fault fault_;
};

}  // namespace detail
}  // namespace ws
}  // namespace SIO_ABI
}  // namespace sio
