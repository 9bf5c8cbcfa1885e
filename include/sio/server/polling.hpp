// The polling half of a link: the GET that waits for packets, and the POST whose body is on its way.
#pragma once

#include <sio/eio/payload.hpp>
#include <sio/eio/server_session.hpp>
#include <sio/http/compressor.hpp>
#include <sio/net/http_channel.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

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
    std::string body;
    bool compressible = false;
    session.answer_poll([&](const eio::encoded_packet& p) {
      eio::append(body, p);
      compressible |= p.compressible();
    });
    const channel asker = std::exchange(waiting_, nullptr);
    if (!asker) return;
    if (compressible && terms_.coding != http::coding::identity && body.size() >= compression->threshold)
      compress(body, *compression);
    asker->respond_with([&](std::string& out, const http::reply_options& how) {
      http::write_poll_head(out, body.size(), how, terms_.fields, terms_.extra);
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
  /// The session ends: nobody will read the rest of that body.
  void cut_short() {
    if (const channel asker = posting_.lock()) asker->cut_short(400);
  }

 private:
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

  channel waiting_;
  poll_terms terms_;
  std::weak_ptr<net::http_channel> posting_;
};

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
