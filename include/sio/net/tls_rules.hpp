// What both ends of TLS keep to: versions, ciphers, and how OpenSSL treats its memory.
#pragma once

#if defined(SIO_WITH_TLS)

#include <sio/net/tls_pem.hpp>

#include <new>
#include <string>

namespace sio {
inline namespace SIO_ABI {
namespace net {
namespace tls {

// Ephemeral keys and authenticated ciphers only; TLS 1.3 has no others.
inline constexpr char default_ciphers[] =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

/// Without certificates. Throws std::invalid_argument for ciphers that nobody knows.
inline context_ptr make_plain(const SSL_METHOD* method, const std::string& ciphers) {
  context_ptr made(SSL_CTX_new(method));
  if (!made) throw std::bad_alloc();
  SSL_CTX* const c = made.get();
  SSL_CTX_set_min_proto_version(c, TLS1_2_VERSION);
  SSL_CTX_set_options(c, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(c, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_read_ahead(c, 1);
  SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);
  const std::string list = ciphers.empty() ? default_ciphers : ciphers + ":!aNULL:!eNULL";
  if (SSL_CTX_set_cipher_list(c, list.c_str()) != 1) refuse("no cipher is known of \"" + ciphers + "\"");
  return made;
}

inline ssl_ptr make_ssl(SSL_CTX* context) {
  ERR_clear_error();
  ssl_ptr made(SSL_new(context));
  if (!made) throw std::bad_alloc();
  return made;
}

}  // namespace tls
}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio

#endif
