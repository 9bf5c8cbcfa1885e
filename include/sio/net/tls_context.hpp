// What the TLS connections of a listener have in common: versions, ciphers, certificates by host name, client rules.
#pragma once

#if defined(SIO_WITH_TLS)

#include <sio/net/tls_pem.hpp>
#include <sio/net/tls_rules.hpp>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace net {
namespace tls {

class context {
 public:
  /// Throws std::invalid_argument with a sentence for what cannot be.
  explicit context(const tls_options& options);
  context(const context&) = delete;
  context& operator=(const context&) = delete;

  ssl_ptr make() const {
    ssl_ptr made = make_ssl(default_.get());
    SSL_set_accept_state(made.get());
    return made;
  }

 private:
  static context_ptr make_context(const tls_options& options, const tls_certificate& certificate);
  static void ask_clients(SSL_CTX* made, const tls_options& options);
  static int choose_host(SSL* ssl, int*, void* self) noexcept;
  static int choose_protocol(SSL*, const unsigned char** out, unsigned char* size, const unsigned char* offered,
                             unsigned int offered_size, void*) noexcept;
  SSL_CTX* find(std::string name) const;

  context_ptr default_;
  std::map<std::string, context_ptr> hosts_;  // by name in lower case; ".example.com" stands for "*.example.com"
};

// ---- bodies

inline std::string lower(std::string name) {
  for (char& c : name)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return name;
}

inline context::context(const tls_options& options) : default_(make_context(options, options.certificate)) {
  for (const tls_host& host : options.hosts) {
    const bool wild = host.name.substr(0, 2) == "*.";
    std::string name = lower(host.name.substr(wild ? 1 : 0));
    if (name.size() < 2 || name.find('*') != std::string::npos)
      refuse("\"" + host.name + "\" is no host name: a star stands only at the front, for one label: *.example.com");
    hosts_[std::move(name)] = make_context(options, host.certificate);
  }
  SSL_CTX_set_tlsext_servername_callback(default_.get(), &context::choose_host);
  SSL_CTX_set_tlsext_servername_arg(default_.get(), this);
}

// Sessions resume by tickets alone: nothing is kept here for clients that may never come back.
inline context_ptr context::make_context(const tls_options& options, const tls_certificate& certificate) {
  context_ptr made = make_plain(TLS_server_method(), options.ciphers);
  SSL_CTX* const c = made.get();
  static constexpr unsigned char id[] = {'s', 'i', 'o'};
  SSL_CTX_set_session_id_context(c, id, sizeof id);
  SSL_CTX_set_alpn_select_cb(c, &context::choose_protocol, nullptr);
  use(c, certificate);
  ask_clients(c, options);
  return made;
}

inline void context::ask_clients(SSL_CTX* made, const tls_options& options) {
  if (options.client_certificates == client_certificates::none) return;
  const pem authorities("authority for client certificates", options.ca_file, options.ca);
  use_authorities(made, authorities);
  ask_for_authorities(made, authorities);
  const bool required = options.client_certificates == client_certificates::required;
  SSL_CTX_set_verify(made, SSL_VERIFY_PEER | (required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0), nullptr);
}

inline SSL_CTX* context::find(std::string name) const {
  const std::size_t dot = name.find('.');
  if (dot == 0) return nullptr;
  auto found = hosts_.find(name);
  if (found == hosts_.end() && dot != std::string::npos) found = hosts_.find(name.substr(dot));
  return found == hosts_.end() ? nullptr : found->second.get();
}

inline int context::choose_host(SSL* ssl, int*, void* self) noexcept {
  const char* const name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
  if (!name) return SSL_TLSEXT_ERR_NOACK;
  try {
    if (SSL_CTX* const host = static_cast<const context*>(self)->find(lower(name))) SSL_set_SSL_CTX(ssl, host);
    return SSL_TLSEXT_ERR_OK;
  } catch (const std::exception&) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
}

// Who offers protocols but not this one could not be served.
inline int context::choose_protocol(SSL*, const unsigned char** out, unsigned char* size, const unsigned char* offered,
                                    unsigned int offered_size, void*) noexcept {
  static constexpr unsigned char http[] = "\x08http/1.1";
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, size, http, sizeof http - 1, offered, offered_size) != OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace tls
}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio

#endif
