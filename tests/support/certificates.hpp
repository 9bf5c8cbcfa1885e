// Certificates for tests, made on the spot: an authority that signs itself, and what it signs for others.
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace certificates {

struct pair {
  std::shared_ptr<EVP_PKEY> key;
  std::shared_ptr<X509> certificate;

  std::string chain_pem() const {
    return text([this](BIO* out) { return PEM_write_bio_X509(out, certificate.get()); });
  }
  /// Encrypted if there is a password.
  std::string key_pem(std::string password = {}) const {
    return text([&](BIO* out) {
      const EVP_CIPHER* const cipher = password.empty() ? nullptr : EVP_aes_128_cbc();
      return PEM_write_bio_PKCS8PrivateKey(out, key.get(), cipher, password.empty() ? nullptr : password.data(),
                                           static_cast<int>(password.size()), nullptr, nullptr);
    });
  }
  /// SHA-256 of the public key.
  std::string key_digest() const {
    const std::string der = text([this](BIO* out) { return i2d_PUBKEY_bio(out, key.get()); });
    unsigned char digest[32];
    EVP_Digest(der.data(), der.size(), digest, nullptr, EVP_sha256(), nullptr);
    return {reinterpret_cast<const char*>(digest), sizeof digest};
  }

 private:
  template <class Write>
  static std::string text(Write write) {
    const std::unique_ptr<BIO, int (*)(BIO*)> out(BIO_new(BIO_s_mem()), &BIO_free);
    if (write(out.get()) != 1) throw std::runtime_error("certificates: cannot be written");
    char* data = nullptr;
    const long size = BIO_get_mem_data(out.get(), &data);
    return {data, static_cast<std::size_t>(size)};
  }
};

inline std::shared_ptr<EVP_PKEY> make_key() {
  EVP_PKEY* made = nullptr;
  const std::unique_ptr<EVP_PKEY_CTX, void (*)(EVP_PKEY_CTX*)> how(EVP_PKEY_CTX_new_id(EVP_PKEY_EC, nullptr),
                                                                   &EVP_PKEY_CTX_free);
  EVP_PKEY_keygen_init(how.get());
  EVP_PKEY_CTX_set_ec_paramgen_curve_nid(how.get(), NID_X9_62_prime256v1);
  if (EVP_PKEY_keygen(how.get(), &made) != 1) throw std::runtime_error("certificates: no key");
  return {made, &EVP_PKEY_free};
}

inline void add(X509* to, X509* issuer, int what, const char* text) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
  X509_EXTENSION* const made = X509V3_EXT_conf_nid(nullptr, &context, what, text);
  X509_add_ext(to, made, -1);
  X509_EXTENSION_free(made);
}

/// What may be unusual about a certificate.
struct terms {
  std::string names;  ///< "DNS:a,IP:127.0.0.1" instead of the name alone
  long from = -3600;  ///< seconds from now
  long until = 86400;
};

/// For that name: signed by `by`, or an authority that signs itself.
inline pair make(const std::string& name, const pair* by = nullptr, const terms& t = {}) {
  static long serial = 1;
  pair made{make_key(), {X509_new(), &X509_free}};
  X509* const c = made.certificate.get();
  X509_set_version(c, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(c), serial++);
  X509_gmtime_adj(X509_getm_notBefore(c), t.from);
  X509_gmtime_adj(X509_getm_notAfter(c), t.until);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(c), "O", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>("Tests"), -1, -1, 0);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(c), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509* const issuer = by ? by->certificate.get() : c;
  X509_set_issuer_name(c, X509_get_subject_name(issuer));
  X509_set_pubkey(c, made.key.get());
  add(c, issuer, NID_basic_constraints, by ? "critical,CA:FALSE" : "critical,CA:TRUE");
  if (by) add(c, issuer, NID_subject_alt_name, (t.names.empty() ? "DNS:" + name : t.names).c_str());
  if (X509_sign(c, by ? by->key.get() : made.key.get(), EVP_sha256()) == 0)
    throw std::runtime_error("certificates: cannot be signed");
  return made;
}

}  // namespace certificates
