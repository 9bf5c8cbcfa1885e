// How one connection's packets come: by the built-in decoder, or by one of the parser that the options name.
#pragma once

#include <sio/ends/codec.hpp>
#include <sio/parser/decoder.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace ends {

/// A decoder that is not ours: what it throws is caught, what it makes is checked.
class foreign_decoder {
 public:
  explicit foreign_decoder(const codec& c) : max_nsp_length_(c.limits().max_nsp_length) {
    run([&] { decoder_ = c.other()->make_decoder(c.limits()); });
    if (!decoder_ && error_.empty()) error_ = "the parser made no decoder";
  }

  std::optional<packet> add(std::string_view message, bool is_binary) {
    std::optional<packet> out;
    if (failed()) return out;
    run([&] { out = decoder_->add(message, is_binary, error_); });
    if (out && !failed()) check(*out);
    if (failed()) out.reset();
    return out;
  }

  bool failed() const noexcept { return !error_.empty(); }
  std::string_view error() const noexcept { return error_; }

 private:
  template <class F>
  void run(F&& f) {
    const auto thrown = events::run_user_code([&]() -> std::optional<std::string> { return f(), std::nullopt; });
    if (thrown) error_ = thrown->empty() ? "the parser failed" : *thrown;
  }

  void check(packet& p) {
    p.type = parser::without_binary(p.type);
    if (p.type > packet_type::connect_error) error_ = "invalid packet type";
    if (p.nsp.empty() || p.nsp.size() > max_nsp_length_) error_ = "invalid namespace";
    if (p.data && !parser::fits(p.type, *p.data)) error_ = "invalid payload";
  }

  std::unique_ptr<packet_decoder> decoder_;
  std::size_t max_nsp_length_;
  std::string error_;
};

/// The packets of one connection. Its first error is its last.
class incoming {
 public:
  explicit incoming(const codec& c) : built_in_(c.limits()) {
    if (c.other()) foreign_ = std::make_unique<foreign_decoder>(c);
  }

  std::optional<packet> add(std::string_view message, bool is_binary) {
    return foreign_ ? foreign_->add(message, is_binary) : built_in_.add(message, is_binary);
  }
  bool failed() const noexcept { return foreign_ ? foreign_->failed() : built_in_.failed(); }
  std::string_view error() const noexcept { return foreign_ ? foreign_->error() : built_in_.error(); }

 private:
  parser::decoder built_in_;
  std::unique_ptr<foreign_decoder> foreign_;
};

}  // namespace ends
}  // namespace SIO_ABI
}  // namespace sio
