// What a peer's certificate says, in text.
#pragma once

#if defined(SIO_WITH_TLS)

#include <sio/net/tls_pem.hpp>

#include <array>
#include <memory>
#include <string>

namespace sio {
inline namespace SIO_ABI {
namespace net {
namespace tls {

// "CN=alice,O=Example", in UTF-8
inline std::string name_text(const X509_NAME* name) {
  const bio_ptr out(BIO_new(BIO_s_mem()));
  if (!out || X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) < 0) return {};
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

inline std::string common_name(const X509_NAME* name) {
  const int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
  if (at < 0) return {};
  unsigned char* text = nullptr;
  const int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
  if (size < 0) return {};
  const std::string out(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
  OPENSSL_free(text);
  return out;
}

inline std::string fingerprint(const X509* of) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  std::string out;
  if (X509_digest(of, EVP_sha256(), digest.data(), &size) != 1) return out;
  for (unsigned int i = 0; i != size; ++i) {
    out += "0123456789abcdef"[digest[i] >> 4];
    out += "0123456789abcdef"[digest[i] & 15];
  }
  return out;
}

inline certificate describe(const X509* of) {
  const X509_NAME* const subject = X509_get_subject_name(of);
  return {name_text(subject), name_text(X509_get_issuer_name(of)), common_name(subject), fingerprint(of)};
}

/// Of the peer; null if it gave none.
inline std::shared_ptr<const certificate> peer_certificate(const SSL* ssl) {
  const x509_ptr given(SSL_get_peer_certificate(ssl));
  return given ? std::make_shared<const certificate>(describe(given.get())) : nullptr;
}

}  // namespace tls
}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio

#endif
