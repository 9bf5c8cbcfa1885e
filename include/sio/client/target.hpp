// The request target of a GET, a POST or a WebSocket, in the order in which JS writes its query.
//
//   /socket.io/?EIO=4&transport=polling&t=k3x0v9ab&sid=mLAwdzxl6IpUbOI7AAAA
#pragma once

#include <sio/client/engine_options.hpp>
#include <sio/http/percent.hpp>
#include <sio/net/random.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace cln {

/// As encodeURIComponent has it.
inline std::string encode_component(std::string_view text) { return http::percent_encode(text, "-_.!~*'()"); }

/// Eight letters and digits that no cache has seen.
inline std::string make_stamp() {
  unsigned char bytes[8];
  net::secure_random(bytes, sizeof bytes);
  std::string out;
  for (const unsigned char b : bytes) out += "0123456789abcdefghijklmnopqrstuvwxyz"[b % 36];
  return out;
}

/// Of a name set twice the last value counts, in the first one's place: as in a JS object.
class query_text {
 public:
  explicit query_text(std::vector<std::pair<std::string, std::string>> begin) {
    for (auto& [name, text] : begin) set(std::move(name), std::move(text));
  }

  void set(std::string name, std::string text) {
    for (auto& [known, old] : pairs_)
      if (known == name) return void(old = std::move(text));
    pairs_.emplace_back(std::move(name), std::move(text));
  }
  std::string text() const {
    std::string out;
    for (const auto& [name, value] : pairs_)
      out.append(out.empty() ? "?" : "&").append(encode_component(name)).append("=").append(encode_component(value));
    return out;
  }

 private:
  std::vector<std::pair<std::string, std::string>> pairs_;
};

/// `sid` is empty before the handshake.
inline std::string target_of(const engine_options& o, transport by, std::string_view sid) {
  const bool polling = by == transport::polling;
  query_text query(o.query);
  query.set("EIO", "4");
  query.set("transport", std::string(to_string(by)));
  if (!polling && !sid.empty()) query.set("sid", std::string(sid));
  if (polling ? o.stamp_polls : o.stamp_websockets) query.set(o.timestamp_param, make_stamp());
  if (o.force_base64) query.set("b64", "1");
  if (polling && !sid.empty()) query.set("sid", std::string(sid));
  return o.path + query.text();
}

/// The cookies that the server gave, if they are to be kept, behind those that the user set.
inline void add_cookies(headers& fields, const engine_options& o) {
  if (!o.cookies) return;
  const std::string kept = o.cookies->header(std::chrono::system_clock::now());
  if (kept.empty()) return;
  const std::string_view own = fields["Cookie"];
  fields.set("Cookie", own.empty() ? kept : std::string(own) + "; " + kept);
}

}  // namespace cln
}  // namespace SIO_ABI
}  // namespace sio
