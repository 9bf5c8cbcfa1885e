// What the TLS connections of a client have in common: whom it trusts, who it is, and how a certificate is judged.
#pragma once

#if defined(SIO_WITH_TLS)

#include <sio/net/tls_rules.hpp>
#include <sio/net/tls_verdict.hpp>

#include <asio/ip/address.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace net {
namespace tls {

class client_context;

/// One server as it is met: OpenSSL's handshake points to it.
struct server_check {
  std::shared_ptr<client_context> context;
  std::string host;   ///< the name or address to find in its certificate
  std::string place;  ///< what sentences call it
  std::string error;  ///< why its certificate was refused
  std::string fault;  ///< what else went wrong
};

/// Lives on a loop.
class client_context : public std::enable_shared_from_this<client_context> {
 public:
  /// Throws std::invalid_argument with a sentence for what cannot be.
  explicit client_context(client_tls_options options);

  /// `host` and `port` as in the URL.
  std::shared_ptr<server_check> check_of(const std::string& host, std::string at) {
    std::string name = options_.server_name.empty() ? host : options_.server_name;
    if (!name.empty() && name.back() == '.') name.pop_back();
    return std::make_shared<server_check>(server_check{shared_from_this(), std::move(name), std::move(at), {}, {}});
  }
  /// A client's end that asks for the host; `check` must outlive it.
  ssl_ptr make(server_check& check);

 private:
  void trust();
  static int verify(X509_STORE_CTX* store, void* self) noexcept;
  std::string judge(X509_STORE_CTX* store, const server_check& check) const;
  std::string ask(certificate_check question, const server_check& check) const;

  client_tls_options options_;
  std::vector<key_digest> pins_;
  context_ptr context_;
  bool wants_system_;  ///< reading all that the system trusts takes time: not before it is needed
};

// ---- bodies

inline bool is_given(const tls_certificate& c) {
  return !(c.chain_file.empty() && c.chain.empty() && c.key_file.empty() && c.key.empty());
}

inline client_context::client_context(client_tls_options options)
    : options_(std::move(options)), context_(make_plain(TLS_client_method(), options_.ciphers)),
      wants_system_(options_.system_ca) {
  static constexpr unsigned char http[] = "\x08http/1.1";
  SSL_CTX* const c = context_.get();
  SSL_CTX_set_alpn_protos(c, http, sizeof http - 1);
  SSL_CTX_set_verify(c, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_cert_verify_callback(c, &client_context::verify, this);
  for (const std::string& pin : options_.pins) pins_.push_back(read_pin(pin));
  if (is_given(options_.certificate)) use(c, options_.certificate);
  if (!options_.ca_file.empty()) use_authorities(c, pem("authority for servers", options_.ca_file, {}));
  if (!options_.ca.empty()) use_authorities(c, pem("authority for servers", {}, options_.ca));
}

inline void client_context::trust() {
  if (!std::exchange(wants_system_, false)) return;
  SSL_CTX_set_default_verify_paths(context_.get());
#if defined(_WIN32) && OPENSSL_VERSION_NUMBER >= 0x30200000L
  SSL_CTX_load_verify_store(context_.get(), "org.openssl.winstore://");
#endif
  ERR_clear_error();
}

// An address is not a name: it is not asked for, and is found among the addresses of a certificate.
inline ssl_ptr client_context::make(server_check& check) {
  if (check.host.empty())
    refuse("there is no name to find in the certificate of " + check.place + ": give server_name");
  trust();
  ssl_ptr made = make_ssl(context_.get());
  X509_VERIFY_PARAM* const wanted = SSL_get0_param(made.get());
  std::error_code is_name;
  const asio::ip::address address = asio::ip::make_address(check.host, is_name);
  bool fine = true;
  if (is_name) {
    X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    fine = X509_VERIFY_PARAM_set1_host(wanted, check.host.c_str(), check.host.size()) == 1 &&
           SSL_set_tlsext_host_name(made.get(), check.host.c_str()) == 1;
  } else if (address.is_v4()) {
    fine = X509_VERIFY_PARAM_set1_ip(wanted, address.to_v4().to_bytes().data(), 4) == 1;
  } else {
    fine = X509_VERIFY_PARAM_set1_ip(wanted, address.to_v6().to_bytes().data(), 16) == 1;
  }
  if (!fine) refuse("\"" + check.host + "\" cannot be asked for: " + take_error());
  SSL_set_app_data(made.get(), &check);
  SSL_set_connect_state(made.get());
  return made;
}

// OpenSSL's whole verdict passes here, also on a certificate that it likes.
inline int client_context::verify(X509_STORE_CTX* store, void* self) noexcept {
  auto* const ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto& check = *static_cast<server_check*>(SSL_get_app_data(ssl));
  try {
    check.error = static_cast<client_context*>(self)->judge(store, check);
  } catch (const std::exception& no_memory) {
    check.error = no_memory.what();
  }
  ERR_clear_error();
  if (check.error.empty()) return X509_STORE_CTX_set_error(store, X509_V_OK), 1;
  if (X509_STORE_CTX_get_error(store) == X509_V_OK)
    X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION);
  return 0;
}

inline std::string client_context::judge(X509_STORE_CTX* store, const server_check& check) const {
  const X509* const given = X509_STORE_CTX_get0_cert(store);
  const std::string why = X509_verify_cert(store) == 1 ? std::string() : sentence(store, check.place);
  if (!pins_.empty() && std::find(pins_.begin(), pins_.end(), digest_of_key(given)) == pins_.end())
    return "the certificate of " + check.place + " has a public key that is not pinned";
  if (options_.verify) return ask({why.empty(), why, check.host, describe(given)}, check);
  return options_.insecure ? std::string() : why;
}

inline std::string client_context::ask(certificate_check question, const server_check& check) const {
  const std::string refused = "the certificate of " + check.place + " was refused by the verify callback";
  try {
    if (options_.verify(question)) return {};
    return question.ok ? refused : question.error;
  } catch (const std::exception& e) {
    return refused + ": " + e.what();
  } catch (...) {
    return refused;
  }
}

}  // namespace tls
}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio

#endif
