// A client's end of TLS in memory: bytes from the server in, bytes for it out; and the same on a socket that blocks.
#pragma once

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <support/certificates.hpp>
#include <support/raw_client.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace tls_test {

struct client_options {
  const certificates::pair* authority = nullptr;  // null: whoever it is
  const certificates::pair* own = nullptr;
  std::string host, protocols;
  int most = 0;  // highest version
};

/// The engine: TLS over two queues of bytes.
class engine {
 public:
  explicit engine(const client_options& o = {}) : context_(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free) {
    SSL_CTX* const c = context_.get();
    SSL_CTX_set_security_level(c, 0);
    SSL_CTX_set_min_proto_version(c, TLS1_VERSION);
    if (o.most) SSL_CTX_set_max_proto_version(c, o.most);
    if (o.authority) {
      X509_STORE_add_cert(SSL_CTX_get_cert_store(c), o.authority->certificate.get());
      SSL_CTX_set_verify(c, SSL_VERIFY_PEER, nullptr);
    }
    if (o.own) SSL_CTX_use_certificate(c, o.own->certificate.get()), SSL_CTX_use_PrivateKey(c, o.own->key.get());
    if (!o.protocols.empty())
      SSL_CTX_set_alpn_protos(c, reinterpret_cast<const unsigned char*>(o.protocols.data()),
                              static_cast<unsigned>(o.protocols.size()));
    ssl_.reset(SSL_new(c), &SSL_free);
    if (!o.host.empty()) SSL_set_tlsext_host_name(ssl(), o.host.c_str()), SSL_set1_host(ssl(), o.host.c_str());
    SSL_set_connect_state(ssl());
    in_ = BIO_new(BIO_s_mem());
    out_ = BIO_new(BIO_s_mem());
    SSL_set_bio(ssl(), in_, out_);
    ERR_clear_error();
    SSL_do_handshake(ssl());
  }

  SSL* ssl() const noexcept { return ssl_.get(); }
  /// What the server's certificate is for.
  std::string peer_name() const {
    const std::unique_ptr<X509, void (*)(X509*)> peer(SSL_get_peer_certificate(ssl()), &X509_free);
    char name[256] = "";
    if (peer) X509_NAME_get_text_by_NID(X509_get_subject_name(peer.get()), NID_commonName, name, sizeof name);
    return name;
  }

  /// Bytes that came; returns the text in them.
  std::string receive(std::string_view bytes) {
    BIO_write(in_, bytes.data(), static_cast<int>(bytes.size()));
    std::string text;
    char part[16384];
    ERR_clear_error();
    for (int n; (n = SSL_read(ssl(), part, sizeof part)) > 0;) text.append(part, static_cast<std::size_t>(n));
    ERR_clear_error();
    if (!waiting_.empty() && SSL_is_init_finished(ssl())) send(std::exchange(waiting_, {}));
    return text;
  }
  /// Text to send; it waits for the handshake.
  void send(std::string_view text) {
    if (text.empty()) return;
    if (!SSL_is_init_finished(ssl())) return void(waiting_ += text);
    SSL_write(ssl(), text.data(), static_cast<int>(text.size()));
  }
  void say_goodbye() { SSL_shutdown(ssl()); }
  bool heard_goodbye() const { return (SSL_get_shutdown(ssl()) & SSL_RECEIVED_SHUTDOWN) != 0; }
  /// Bytes that are to go.
  std::string take() {
    char* data = nullptr;
    const long size = BIO_get_mem_data(out_, &data);
    std::string bytes(data, static_cast<std::size_t>(size));
    BIO_reset(out_);
    return bytes;
  }

 private:
  std::shared_ptr<SSL_CTX> context_;
  std::shared_ptr<SSL> ssl_;
  BIO *in_ = nullptr, *out_ = nullptr;
  std::string waiting_;
};

/// `raw::client` over TLS.
class client final : public raw::client {
 public:
  explicit client(unsigned short port, const client_options& o = {}) : raw::client(port), engine_(o) {
    push();
    while (!SSL_is_init_finished(engine_.ssl()) && fill()) {
    }
  }

  tls_test::engine& engine() noexcept { return engine_; }
  bool shaken() const { return SSL_is_init_finished(engine_.ssl()) == 1; }

 private:
  // What lies below: plain bytes.
  bool fill() {
    char bytes[65536];
    const ssize_t n = raw::client::fetch(bytes, sizeof bytes);
    if (n <= 0) return false;
    text_ += engine_.receive({bytes, static_cast<std::size_t>(n)});
    push();
    return true;
  }
  void push() {
    const std::string bytes = engine_.take();
    for (std::size_t sent = 0; sent < bytes.size();) {
      const ssize_t n = raw::client::put(bytes.data() + sent, bytes.size() - sent);
      if (n <= 0) return;
      sent += static_cast<std::size_t>(n);
    }
  }

  ssize_t fetch(char* to, std::size_t size) override {
    while (text_.empty())
      if (engine_.heard_goodbye() || !fill()) return 0;
    const std::size_t n = text_.copy(to, size);
    text_.erase(0, n);
    return static_cast<ssize_t>(n);
  }
  ssize_t put(const char* from, std::size_t size) override {
    engine_.send({from, size});
    push();
    return static_cast<ssize_t>(size);
  }

  tls_test::engine engine_;
  std::string text_;
};

}  // namespace tls_test
