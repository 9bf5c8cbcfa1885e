// What a socket knows of its client's handshake, made of the request.
#pragma once

#include <sio/options.hpp>
#include <sio/request.hpp>

#include <chrono>
#include <ctime>
#include <string>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

// What a Date prints in JS: "Sat Nov 21 2026 09:00:00 GMT+0000 (Coordinated Universal Time)".
inline std::string js_date(std::time_t now) {
  std::tm utc{};
#if defined(_WIN32)
  gmtime_s(&utc, &now);
#else
  gmtime_r(&now, &utc);
#endif
  char text[80];
  const std::size_t size =
      std::strftime(text, sizeof text, "%a %b %d %Y %H:%M:%S GMT+0000 (Coordinated Universal Time)", &utc);
  return {text, size};
}

inline handshake to_handshake(const request& asked) {
  using namespace std::chrono;
  const auto now = system_clock::now();
  handshake out;
  out.headers = asked.headers;
  out.query = asked.query;
  out.time = js_date(system_clock::to_time_t(now));
  out.issued = duration_cast<milliseconds>(now.time_since_epoch()).count();
  out.address = asked.address;
  out.url = asked.url;
  out.protocol = asked.query["EIO"] == "4" ? 4 : 3;
  out.secure = asked.secure;
  out.client_certificate = asked.client_certificate;
  out.xdomain = asked.headers.find("Origin") != nullptr;
  return out;
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
