// websocketpp's hybi13 with the gaps closed: reads fragments, control frames, cut frames, and every error.
#pragma once

#include <sio/config.hpp>
#include <sio/unicode/utf8.hpp>
#include <sio/ws/deflate.hpp>
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

/// permessage-deflate as hybi13 wants it, never agreed to: `codec` inflates by itself.
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
/// come: a header that claims a megabyte costs a hundred bytes. With an `inflater`, messages may come compressed.
class codec : private wspp::processor::hybi13<codec_config> {
 public:
  codec(role me, const limits& bounds, inflater* inflates = nullptr)
      : hybi13(false, me == role::server, std::make_shared<codec_config::con_msg_manager_type>(), unused_rng),
        limits_(bounds), inflater_(inflates) {}

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
    if (!control() && !m_data_msg.msg_ptr) begin_message();
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

  void begin_message() {
    compressed_ = rsv1_;
    continuations_ = received_ = 0;
  }

  std::size_t read_payload(std::uint8_t* p, std::size_t n) {
    const std::size_t used = (std::min)(m_bytes_needed, n);
    if (used != 0) fault_ = compressed() ? inflate_payload(p, used) : append_payload(p, used);
    if (!fault_ && m_bytes_needed == 0) fault_ = end_frame();
    return used;
  }

  fault append_payload(std::uint8_t* p, std::size_t n) {
    wspp::lib::error_code ec;
    process_payload_bytes(p, n, ec);
    return to_fault(ec);
  }

  fault inflate_payload(std::uint8_t* p, std::size_t n) {
    std::size_t& key = m_current_msg->prepared_key;
    if (wspp::frame::get_masked(m_basic_header)) key = wspp::frame::byte_mask_circ(p, n, key);
    m_bytes_needed -= n;
    return judge(inflater_->append({reinterpret_cast<const char*>(p), n}, payload(), limits_.max_message));
  }

  void begin_payload() {
    m_state = APPLICATION;
    m_bytes_needed = static_cast<std::size_t>(wspp::frame::get_payload_size(m_basic_header, m_extended_header));
    if (!control()) received_ += m_bytes_needed;
    const auto key = wspp::frame::get_masking_key(m_basic_header, m_extended_header);
    m_current_msg = control() ? &m_control_msg : &m_data_msg;
    if (control() || !m_data_msg.msg_ptr)
      *m_current_msg = msg_metadata(m_msg_manager->get_message(code(), 0), key);
    else
      m_data_msg.prepared_key = wspp::frame::prepare_masking_key(key);
  }

  fault end_frame() {
    if (!wspp::frame::get_fin(m_basic_header)) {
      reset_headers();
      return {};
    }
    const fault found = compressed() ? end_compressed_message() : fault{};
    if (found) return found;
    const bool text = m_current_msg->msg_ptr->get_opcode() == wspp::frame::opcode::TEXT;
    if (text && !m_current_msg->validator.complete()) return {fault::rule::utf8, 0};
    return to_fault(finalize_message());
  }

  fault end_compressed_message() {
    const fault found = judge(inflater_->finish(payload(), limits_.max_message));
    const bool text = m_current_msg->msg_ptr->get_opcode() == wspp::frame::opcode::TEXT;
    return !found && text && !unicode::is_utf8(payload()) ? fault{fault::rule::utf8, 0} : found;
  }

  fault judge_first_bytes() {
    // RSV1 means compression, if that was agreed, on the first frame of a message only. It is read, then forgotten.
    rsv1_ = wspp::frame::get_rsv1(m_basic_header);
    const bool may_be_compressed = inflater_ && !control() && code() != wspp::frame::opcode::CONTINUATION;
    if (rsv1_ && !may_be_compressed) return {fault::rule::rsv1, 0};
    m_basic_header.b0 &= static_cast<std::uint8_t>(~wspp::frame::BHB0_RSV1);
    const fault found = to_fault(validate_incoming_basic_header(m_basic_header, m_server, !m_data_msg.msg_ptr));
    if (found || code() != wspp::frame::opcode::CONTINUATION) return found;
    return ++continuations_ < limits_.max_fragments ? fault{} : fault{fault::rule::fragments, 0};
  }

  fault judge_length() const {
    const fault found = to_fault(validate_incoming_extended_header(m_basic_header, m_extended_header));
    if (found || control()) return found;
    const std::uint64_t size = wspp::frame::get_payload_size(m_basic_header, m_extended_header);
    return size <= limits_.max_message - received_ ? fault{} : fault{fault::rule::message_size, 0};
  }

  static fault judge(inflater::outcome found) noexcept {
    if (found == inflater::outcome::fine) return {};
    return {found == inflater::outcome::too_big ? fault::rule::message_size : fault::rule::deflate, 0};
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
  bool compressed() const { return compressed_ && !control(); }
  std::string& payload() { return m_current_msg->msg_ptr->get_raw_payload(); }

  limits limits_;
  inflater* inflater_;
  // Of the message being read: its frames but for the first, and their bytes as they were announced.
  std::size_t continuations_ = 0, received_ = 0;
  bool compressed_ = false, rsv1_ = false;
  message_ptr popped_;
  fault fault_;
};

}  // namespace detail
}  // namespace ws
}  // namespace SIO_ABI
}  // namespace sio
