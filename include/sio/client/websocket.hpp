// A WebSocket from the client's side: how it is opened, what it carries, and how it ends.
#pragma once

#include <sio/client/engine_options.hpp>
#include <sio/client/target.hpp>
#include <sio/eio/payload.hpp>
#include <sio/net/ws_dial.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace cln {

/// Lives on a loop. Whoever lets go of it ends it.
class websocket final : public net::ws_owner, public std::enable_shared_from_this<websocket> {
 public:
  /// Whom it tells.
  class user {
   public:
    virtual ~user() = default;
    virtual void on_opened(websocket& from) = 0;
    /// Nothing (the optional): what came is no packet.
    virtual void on_packet(websocket& from, const std::optional<eio::packet>& p) = 0;
    /// The server closed it: nothing; or it broke. Nothing else comes after it.
    virtual void on_ended(websocket& from, std::optional<eio::client_fault> why) = 0;
    /// Of what was sent some has left, or all.
    virtual void on_written(websocket& from) = 0;
  };

  websocket(std::shared_ptr<net::loop> l, std::shared_ptr<const engine_options> o, std::weak_ptr<user> u)
      : loop_(std::move(l)), options_(std::move(o)), user_(std::move(u)) {}
  ~websocket() override { abort(); }

  /// `sid` is empty before the handshake.
  void open(std::string_view sid);
  void write(const eio::encoded_packet& p);
  std::size_t buffered_bytes() const noexcept { return channel_ ? channel_->connection().buffered_bytes() : 0; }
  bool writable() const noexcept { return channel_ && channel_->writable(); }
  /// Sends a close frame, and tells nobody anything any more.
  void close();
  /// Ends it at once, silently.
  void abort() noexcept;

 private:
  void opened(net::ws_dialled came_out);
  static eio::client_fault refusal(const net::ws_dialled& from);
  void end(std::optional<eio::client_fault> why);
  void on_message(net::ws_channel& from, std::string_view message, bool binary) override;
  void on_gone(net::ws_channel& from, std::string_view error) override;
  void on_written(net::ws_channel& from) override;

  std::shared_ptr<net::loop> loop_;
  std::shared_ptr<const engine_options> options_;
  std::weak_ptr<user> user_;
  std::shared_ptr<net::ws_dialing> dialing_;
  std::shared_ptr<net::ws_channel> channel_;
};

// ---- bodies

inline void websocket::open(std::string_view sid) {
  net::ws_request wanted{target_of(*options_, transport::websocket, sid), options_->host, options_->extra_headers,
                         options_->protocols, options_->request_timeout};
  add_cookies(wanted.fields, *options_);
  const net::ws_dial_limits limits{{options_->max_payload, options_->max_fragments}, options_->max_buffered_bytes};
  try {
    dialing_ = net::dial_websocket(loop_, options_->route, std::move(wanted), limits, options_->deflate,
                                   [weak = weak_from_this()](net::ws_dialled came_out) {
                                     const auto self = weak.lock();
                                     if (self) return self->opened(std::move(came_out));
                                     if (came_out.channel) came_out.channel->abort();
                                   });
  } catch (const std::invalid_argument& wrong) {  // a header, a path or a protocol that cannot be sent
    end(eio::client_fault{"websocket error", wrong.what(), 0, {}});
  }
}

inline void websocket::opened(net::ws_dialled came_out) {
  dialing_ = nullptr;
  if (!came_out.channel) return end(refusal(came_out));
  channel_ = std::move(came_out.channel);
  if (const auto hearer = user_.lock()) hearer->on_opened(*this);
  if (channel_) std::shared_ptr(channel_)->serve(shared_from_this());
}

inline eio::client_fault websocket::refusal(const net::ws_dialled& from) {
  constexpr std::size_t max_context = 1024;
  const bool redirects = from.status >= 300 && from.status <= 399;
  return {"websocket error", from.error + (redirects ? "; redirects are not followed" : ""), from.status,
          from.body.substr(0, max_context)};
}

inline void websocket::write(const eio::encoded_packet& p) {
  if (!channel_) return;
  if (!p.binary()) return channel_->send_text(p.shared(), p.compressible());
  if (!options_->force_base64) return channel_->send_binary(p.shared(), p.compressible());
  std::string text;
  eio::append(text, p);
  channel_->send_text(std::make_shared<const std::string>(std::move(text)), p.compressible());
}

inline void websocket::on_message(net::ws_channel&, std::string_view message, bool binary) {
  const auto hearer = user_.lock();
  if (!hearer) return;
  if (binary) return hearer->on_packet(*this, eio::packet{eio::packet_type::message, message, true});
  std::string bytes;
  hearer->on_packet(*this, eio::decode(message, bytes));
}

inline void websocket::on_gone(net::ws_channel&, std::string_view error) {
  channel_ = nullptr;
  if (error.empty()) return end(std::nullopt);
  end(eio::client_fault{"websocket error", std::string(error), 0, {}});
}

inline void websocket::on_written(net::ws_channel&) {
  if (const auto hearer = user_.lock()) hearer->on_written(*this);
}

inline void websocket::end(std::optional<eio::client_fault> why) {
  const auto hearer = std::exchange(user_, {}).lock();
  if (hearer) hearer->on_ended(*this, std::move(why));
}

inline void websocket::close() {
  if (!channel_) return abort();
  user_.reset();
  std::exchange(channel_, nullptr)->close();
}

inline void websocket::abort() noexcept {
  user_.reset();
  if (const auto dying = std::exchange(dialing_, nullptr)) dying->cancel();
  if (const auto dying = std::exchange(channel_, nullptr)) dying->abort();
}

}  // namespace cln
}  // namespace SIO_ABI
}  // namespace sio
