// PEM files and texts for TLS: certificates, keys and authorities, and a clear sentence for each mistake.
#pragma once

#if defined(SIO_WITH_TLS)

#include <sio/tls.hpp>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace net {
namespace tls {

template <auto Free>
struct freed {
  template <class T>
  void operator()(T* what) const noexcept {
    Free(what);
  }
};

using context_ptr = std::unique_ptr<SSL_CTX, freed<SSL_CTX_free>>;
using ssl_ptr = std::unique_ptr<SSL, freed<SSL_free>>;
using bio_ptr = std::unique_ptr<BIO, freed<BIO_free>>;
using x509_ptr = std::unique_ptr<X509, freed<X509_free>>;
using key_ptr = std::unique_ptr<EVP_PKEY, freed<EVP_PKEY_free>>;

/// What OpenSSL complained of last; its queue is empty afterwards.
inline std::string take_error() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  const char* reason = ERR_reason_error_string(code);
  return reason ? reason : "unknown error";
}

[[noreturn]] inline void refuse(const std::string& why) {
  ERR_clear_error();
  throw std::invalid_argument("sio: TLS: " + why);
}

/// A PEM text and what to call it in a sentence.
struct pem {
  std::string text, name;

  pem(const char* what, const std::string& file, const std::string& given) : text(given), name(what) {
    if (file.empty() && given.empty()) refuse("no " + name + " is given");
    if (file.empty()) return;
    name += " " + file;
    std::ifstream in(file, std::ios::binary);
    const int trouble = errno;
    if (!in) refuse("cannot read the " + name + ": " + std::generic_category().message(trouble));
    std::ostringstream all;
    all << in.rdbuf();
    text = all.str();
    if (text.empty()) refuse("the " + name + " is empty, or cannot be read");
  }

  bio_ptr open() const {
    bio_ptr made(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    if (!made) throw std::bad_alloc();
    ERR_clear_error();
    return made;
  }
};

/// Calls `take(x509_ptr)` with each certificate of the text; one at least.
template <class Take>
void each_certificate(const pem& from, Take&& take) {
  const bio_ptr in = from.open();
  std::size_t count = 0;
  for (; x509_ptr found{PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr)}; ++count) take(std::move(found));
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  if (count == 0 || !at_end) refuse("the " + from.name + " is not PEM with certificates: " + take_error());
}

inline void use_chain(SSL_CTX* context, const pem& chain) {
  bool first = true;
  each_certificate(chain, [&](x509_ptr one) {
    const bool fine = std::exchange(first, false) ? SSL_CTX_use_certificate(context, one.get()) == 1
                                                  : SSL_CTX_add1_chain_cert(context, one.get()) == 1;
    if (!fine) refuse("the " + chain.name + " cannot be used: " + take_error());
  });
}

/// A password, and whether it was asked for.
struct password {
  const std::string& text;
  bool asked = false;

  static int answer(char* out, int size, int, void* self) noexcept {
    auto* const known = static_cast<password*>(self);
    known->asked = true;
    if (known->text.empty() || known->text.size() > static_cast<std::size_t>(size)) return -1;
    std::memcpy(out, known->text.data(), known->text.size());
    return static_cast<int>(known->text.size());
  }
};

inline key_ptr read_key(const pem& from, const std::string& key_password) {
  const bio_ptr in = from.open();
  password known{key_password};
  key_ptr key(PEM_read_bio_PrivateKey(in.get(), nullptr, &password::answer, &known));
  if (!key && known.asked && key_password.empty())
    refuse("the " + from.name + " is encrypted: it needs a key_password");
  if (!key && known.asked) refuse("the key_password does not open the " + from.name);
  if (!key) refuse("the " + from.name + " is not PEM with a private key: " + take_error());
  ERR_clear_error();
  return key;
}

/// Gives a context its certificate chain and key. Throws std::invalid_argument.
inline void use(SSL_CTX* context, const tls_certificate& given) {
  const pem chain("certificate chain", given.chain_file, given.chain), key("private key", given.key_file, given.key);
  use_chain(context, chain);
  const key_ptr secret = read_key(key, given.key_password);
  if (X509_check_private_key(SSL_CTX_get0_certificate(context), secret.get()) != 1)
    refuse("the " + key.name + " does not belong to the first certificate of the " + chain.name);
  if (SSL_CTX_use_PrivateKey(context, secret.get()) != 1)
    refuse("the " + key.name + " cannot be used: " + take_error());
}

/// Whose signatures count. Throws std::invalid_argument.
inline void use_authorities(SSL_CTX* context, const pem& authorities) {
  each_certificate(authorities, [&](x509_ptr one) {
    if (X509_STORE_add_cert(SSL_CTX_get_cert_store(context), one.get()) != 1)
      refuse("the " + authorities.name + " cannot be used: " + take_error());
  });
}

/// Whose signatures are asked for. Throws std::invalid_argument.
inline void ask_for_authorities(SSL_CTX* context, const pem& authorities) {
  each_certificate(authorities, [&](x509_ptr one) {
    if (SSL_CTX_add_client_CA(context, one.get()) != 1)
      refuse("the " + authorities.name + " cannot be used: " + take_error());
  });
}

}  // namespace tls
}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio

#endif
