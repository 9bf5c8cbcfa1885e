// The polling half of a link: the GET that waits for packets, and the POST whose body is on its way.
#pragma once

#include <sio/eio/payload.hpp>
#include <sio/eio/server_session.hpp>
#include <sio/eio/v3_payload.hpp>
#include <sio/http/compressor.hpp>
#include <sio/net/http_channel.hpp>
#include <sio/server/dialect.hpp>
#include <sio/unicode/utf8.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

/// How a poll is to be answered.
struct poll_terms {
  headers fields, extra;                         ///< `extra` behind the poll's own
  http::coding coding = http::coding::identity;  ///< of those that the asker takes, the one that it prefers
};

/// What compresses the polls of a server.
struct poll_compression {
  std::size_t threshold;
  http::compressor compressor;
};

class polling {
 public:
  using channel = std::shared_ptr<net::http_channel>;

  explicit polling(srv::dialect spoken) : dialect_(std::move(spoken)) {}

  // ---- the GET

  /// Keeps a GET.
  void hold(channel asker, poll_terms terms) {
    waiting_ = std::move(asker);
    terms_ = std::move(terms);
  }
  bool holds(const net::http_channel& asker) const noexcept { return waiting_.get() == &asker; }
  void let_go() noexcept { waiting_.reset(); }

  /// Answers the GET with what the session has to say. Without `compression` terms with a coding may not be.
  void answer(eio::server_session& session, poll_compression* compression) {
    bool compressible = false;
    eio::v3::payload said = take(session, compressible);
    std::string& body = said.body;
    const channel asker = std::exchange(waiting_, nullptr);
    if (!asker) return;
    if (compressible && terms_.coding != http::coding::identity && body.size() >= compression->threshold)
      compress(body, *compression);
    asker->respond_with([&](std::string& out, const http::reply_options& how) {
      http::write_poll_head(out, body.size(), how, terms_.fields, terms_.extra, said.binary);
      out += body;
    });
  }

  // ---- the POST

  /// The head of a POST is there. False if another's body is on its way already.
  bool expect(const channel& asker) {
    if (posts()) return false;
    posting_ = asker;
    return true;
  }
  bool expects(const net::http_channel& asker) const { return posting_.lock().get() == &asker; }
  /// A whole POST is there. False if another's body is on its way.
  bool complete(const net::http_channel& asker) {
    const bool alone = expects(asker) || !posts();
    if (alone) posting_.reset();
    return alone;
  }
  /// Gives each packet of a POST's body to `receive(const eio::packet&)`. False if there was something wrong in it.
  template <class Receive>
  bool read(std::string_view body, bool binary, std::size_t max_packets, Receive&& receive) const;
  /// The session ends: nobody will read the rest of that body.
  void cut_short() {
    if (const channel asker = posting_.lock()) asker->cut_short(400);
  }

 private:
  eio::v3::payload take(eio::server_session& session, bool& compressible) const;
  template <class Reader, class Receive>
  static bool read_all(Reader&& packets, Receive&& receive) {
    while (const std::optional<eio::packet> p = packets.next()) receive(*p);
    return !packets.failed();
  }
  // Not if its body was refused, and the connection only lingers.
  bool posts() const {
    const channel asker = posting_.lock();
    return asker && asker->awaits_body();
  }

  void compress(std::string& body, poll_compression& by) {
    auto smaller = by.compressor.compress(terms_.coding, body);
    if (!smaller) return;
    body = std::move(*smaller);
    terms_.extra.set("Content-Encoding", std::string(to_string(terms_.coding)));
  }

  srv::dialect dialect_;
  channel waiting_;
  poll_terms terms_;
  std::weak_ptr<net::http_channel> posting_;
};

// ---- bodies

inline eio::v3::payload polling::take(eio::server_session& session, bool& compressible) const {
  eio::v3::payload out;
  std::vector<eio::encoded_packet> packets;
  session.answer_poll([&](eio::encoded_packet p) {
    compressible |= p.compressible();
    dialect_.protocol == eio::protocol::v4 ? eio::append(out.body, p) : packets.push_back(std::move(p));
  });
  if (dialect_.protocol == eio::protocol::v3) out = eio::v3::encode_payload(packets, dialect_.base64);
  if (dialect_.jsonp) out.body = jsonp::wrap(*dialect_.jsonp, out.body);
  return out;
}

template <class Receive>
bool polling::read(std::string_view body, bool binary, std::size_t max_packets, Receive&& receive) const {
  std::string changed;
  if (dialect_.jsonp) {
    std::optional<std::string> payload = jsonp::unwrap(body);
    if (!payload) return true;
    body = changed = std::move(*payload);
  }
  if (dialect_.protocol == eio::protocol::v4) return read_all(eio::payload_reader(body, max_packets), receive);
  const bool bytes = binary && !dialect_.jsonp;
  if (!bytes && !unicode::is_utf8(body)) body = changed = unicode::to_valid_utf8(body);
  return read_all(eio::v3::payload_reader(body, bytes, max_packets), receive);
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
