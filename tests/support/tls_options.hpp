// Options of TLS with certificates that were made on the spot.
#pragma once

#include <sio/tls.hpp>

#include <support/certificates.hpp>

namespace certificates {

inline sio::tls_certificate pem(const pair& p) {
  sio::tls_certificate out;
  out.chain = p.chain_pem();
  out.key = p.key_pem();
  return out;
}

inline sio::tls_options options_of(const pair& p) {
  sio::tls_options out;
  out.certificate = pem(p);
  return out;
}

}  // namespace certificates
