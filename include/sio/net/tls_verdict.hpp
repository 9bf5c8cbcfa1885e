// What is wrong with a server's certificate, in a sentence; and whether its key is one of those that are pinned.
#pragma once

#if defined(SIO_WITH_TLS)

#include <sio/eio/base64.hpp>
#include <sio/http/chars.hpp>
#include <sio/net/tls_certificate.hpp>
#include <sio/net/tls_pem.hpp>

#include <openssl/x509v3.h>

#include <asio/ip/address.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace net {
namespace tls {

// ---- pins

/// The SHA-256 of a public key.
using key_digest = std::string;

/// "sha256//" and base64, or 64 hexadecimal digits. Throws std::invalid_argument.
inline key_digest read_pin(std::string_view text) {
  static constexpr std::string_view kind = "sha256//";
  static constexpr std::size_t size = 32, base64_size = 44;
  key_digest out;
  if (text.substr(0, kind.size()) == kind && text.size() == kind.size() + base64_size)
    eio::base64::decode(out, text.substr(kind.size()));
  for (std::size_t i = 0; text.size() == 2 * size && i != size; ++i) {
    const int high = http::hex_value(text[2 * i]), low = http::hex_value(text[2 * i + 1]);
    if (high < 0 || low < 0) break;
    out += static_cast<char>(high * 16 + low);
  }
  if (out.size() == size) return out;
  refuse("\"" + std::string(text) +
         "\" is no pin: it must be the SHA-256 of a public key, as sha256// with base64, or as 64 hexadecimal digits");
}

inline key_digest digest_of_key(const X509* of) {
  unsigned char* der = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(of), &der);
  if (size <= 0) return {};
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int digest_size = 0;
  const int fine = EVP_Digest(der, static_cast<std::size_t>(size), digest.data(), &digest_size, EVP_sha256(), nullptr);
  OPENSSL_free(der);
  return fine == 1 ? key_digest(reinterpret_cast<const char*>(digest.data()), digest_size) : key_digest();
}

// ---- names

inline std::string text_of(const GENERAL_NAME* name) {
  int kind = 0;
  const auto* const value = static_cast<const ASN1_STRING*>(GENERAL_NAME_get0_value(name, &kind));
  if (kind != GEN_DNS && kind != GEN_IPADD) return {};
  const unsigned char* const bytes = ASN1_STRING_get0_data(value);
  const auto size = static_cast<std::size_t>(ASN1_STRING_length(value));
  if (kind == GEN_DNS) return std::string(reinterpret_cast<const char*>(bytes), size);
  asio::ip::address_v4::bytes_type v4{};
  asio::ip::address_v6::bytes_type v6{};
  if (size == v4.size()) return std::copy_n(bytes, size, v4.begin()), asio::ip::address_v4(v4).to_string();
  if (size == v6.size()) return std::copy_n(bytes, size, v6.begin()), asio::ip::address_v6(v6).to_string();
  return {};
}

/// "a.example, *.b.example, 192.0.2.1": the first few.
inline std::string names_of(const X509* of) {
  static constexpr int most = 8;
  struct free_names {
    void operator()(GENERAL_NAMES* all) const noexcept { GENERAL_NAMES_free(all); }
  };
  const std::unique_ptr<GENERAL_NAMES, free_names> all(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(of, NID_subject_alt_name, nullptr, nullptr)));
  if (!all) return common_name(X509_get_subject_name(of));
  std::string out;
  for (int i = 0; i != std::min(most, sk_GENERAL_NAME_num(all.get())); ++i) {
    const std::string one = text_of(sk_GENERAL_NAME_value(all.get(), i));
    if (!one.empty() && http::is_ascii_text(one)) out += (out.empty() ? "" : ", ") + one;
  }
  return out + (sk_GENERAL_NAME_num(all.get()) > most ? ", …" : "");
}

// ---- the sentence

/// Why it failed; `place` is the server, as "example.com:443".
inline std::string sentence(X509_STORE_CTX* store, const std::string& place) {
  const int error = X509_STORE_CTX_get_error(store);
  const bool own = X509_STORE_CTX_get_error_depth(store) == 0;
  const std::string begin = (own ? "the certificate of " : "a certificate in the chain of ") + place;
  switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED: return begin + " has expired";
    case X509_V_ERR_CERT_NOT_YET_VALID: return begin + " is not valid yet";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return begin + " is for other names: " + names_of(X509_STORE_CTX_get0_cert(store));
    default: return "the certificate of " + place + " is not trusted: " + X509_verify_cert_error_string(error);
  }
}

}  // namespace tls
}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio

#endif
