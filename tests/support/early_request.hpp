// A WebSocket whose request somebody else may have read already, and what a test does with it.
#pragma once

#include <sio/sio.hpp>

#include <support/catch.hpp>
#include <support/raw_client.hpp>
#include <support/served.hpp>

#include <string>
#include <utility>

namespace early_request {

inline void answer(const sio::server& io, served::notes& seen) {
  io.on("connection", [&seen](sio::socket s) {
    seen.add(s.handshake().address);
    s.on("echo", [s](sio::value v) { s.emit("echo", std::move(v)); });
    s.on("disconnect", [&seen](sio::reason why) { seen.add(std::string(to_string(why))); });
  });
}

inline std::string first_line(const std::string& target) { return "GET " + target + " HTTP/1.1\r\nHost: x\r\n"; }

// Whose request the host has read already.
inline void try_out(raw::client& c) {
  REQUIRE(c.read_answer().status == 101);
  REQUIRE(c.read_text().substr(0, 1) == "0");
  c.send_text("40");
  REQUIRE(c.read_text().substr(0, 2) == "40");
  for (const std::size_t size : {10u, 300'000u}) {
    const std::string event = "42[\"echo\",\"" + std::string(size, 'x') + "\"]";
    c.send_text(event);
    CHECK(c.read_text() == event);
  }
  c.send_close();
  CHECK(c.ended());
}

inline const std::string early = first_line(raw::path + "websocket") +
                                 "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

}  // namespace early_request
