// A parsed head made into a request that owns its texts.
#pragma once

#include <sio/http/fields.hpp>
#include <sio/http/query.hpp>

namespace sio {
inline namespace SIO_ABI {
namespace http {

/// All of a request but its body, the peer's address and whether it came over TLS.
inline request to_request(const head& from) {
  const split_target target(from.target);
  request out;
  out.method = from.method;
  out.url = from.target;
  out.path = percent_decode(target.path);
  out.query = parse_query(target.query);
  for (const field& f : from.fields) out.headers.add(std::string(f.name), std::string(f.value));
  return out;
}

}  // namespace http
}  // namespace SIO_ABI
}  // namespace sio
