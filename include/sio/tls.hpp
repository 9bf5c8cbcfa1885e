// How a server and a client speak TLS: their certificates, and what each wants of the other's.
#pragma once

#include <sio/config.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace sio {
inline namespace SIO_ABI {

/// A certificate chain with its private key: as PEM files, or as PEM text where no file is named.
struct tls_certificate {
  std::string chain_file;    ///< the server's own certificate first, then those that signed it
  std::string key_file;      ///< its private key
  std::string chain;         ///< PEM text instead of `chain_file`
  std::string key;           ///< PEM text instead of `key_file`
  std::string key_password;  ///< of an encrypted key (JS: `passphrase`)
};

/// The certificate for clients that ask for a host by that name (SNI).
struct tls_host {
  std::string name;  ///< "chat.example.com", or "*.example.com": one label in place of the star
  tls_certificate certificate;
};

/// Whether clients are asked for certificates of their own.
enum class client_certificates : std::uint8_t {
  none,
  optional,  ///< one that does not verify is refused, none at all is not
  required
};

/// TLS 1.2 and 1.3; renegotiation and compression are off.
struct tls_options {
  tls_certificate certificate;  ///< for every client that `hosts` has nothing for
  std::vector<tls_host> hosts;
  sio::client_certificates client_certificates = sio::client_certificates::none;
  /// Whose signatures count on clients' certificates: a PEM file, or PEM text.
  std::string ca_file, ca;
  /// For TLS 1.2, in OpenSSL's words; empty: ephemeral keys with AES-GCM or ChaCha20.
  std::string ciphers;
};

/// What a peer's certificate says. That of a client was verified.
struct certificate {
  std::string subject;      ///< "CN=alice,O=Example" (RFC 2253: the most special part first)
  std::string issuer;       ///< who signed it, likewise
  std::string common_name;  ///< of the subject; empty if it has none
  std::string fingerprint;  ///< SHA-256 of the certificate: 64 lowercase hexadecimal digits
};

/// A server's certificate, and what this library thinks of it.
struct certificate_check {
  bool ok = false;    ///< it is trusted, in date, and for this host
  std::string error;  ///< if not: why, in a sentence
  std::string host;   ///< the name that it is for
  sio::certificate certificate;
};

/// How a client speaks TLS, 1.2 and 1.3. The server's certificate must be trusted, in date and for the URL's host.
struct client_tls_options {
  /// Whose signatures count: a PEM file, PEM text, and those whom the system trusts.
  std::string ca_file, ca;
  bool system_ca = true;
  /// The client's own, for servers that ask for one.
  tls_certificate certificate;
  /// The name to ask for (SNI) and to find in the certificate; empty: the URL's host (JS: `servername`).
  std::string server_name;
  /// SHA-256 digests of public keys, one of which must be the server's: "sha256//" with base64 (as curl takes it), or
  /// 64 hexadecimal digits. They count whatever else is said here.
  std::vector<std::string> pins;
  /// Has the last word, but for `pins`: true goes on, whatever `error` says. Called on the client's loop; what it
  /// throws counts as no.
  std::function<bool(const certificate_check&)> verify;
  /// Any certificate will do: whoever sits in between can read and change everything.
  bool insecure = false;
  /// For TLS 1.2, in OpenSSL's words; empty: ephemeral keys with AES-GCM or ChaCha20.
  std::string ciphers;
};

}  // namespace SIO_ABI
}  // namespace sio
