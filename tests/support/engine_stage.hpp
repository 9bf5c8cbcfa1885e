// A client's engine over streams in memory: a test plays the server, byte by byte, and reads what the engine's user
// heard.
#pragma once

#include <sio/client/engine.hpp>
#include <sio/ws/handshake.hpp>
#include <support/frames.hpp>
#include <support/scripted_route.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace engine_stage {

namespace cln = sio::cln;
using sio::transport;

/// Notes what it hears: "open", "message hi", "error xhr poll error: …", "close transport close: …".
struct hearer final : cln::engine_user {
  void on_open() override { note("open"); }
  void on_message(std::string_view m, bool binary) override {
    note((binary ? "binary " : "message ") + std::string(m));
  }
  void on_ping() override { note("ping"); }
  void on_drain() override { ++drains; }
  void on_upgrade(transport to) override { note("upgrade " + std::string(to_string(to))); }
  void on_upgrade_error(const cln::engine_error& why) override { note("upgrade error " + to_text(why)); }
  void on_error(const cln::engine_error& why) override {
    last = why;
    note("error " + to_text(why));
  }
  void on_close(sio::reason why, std::string_view description) override {
    note("close " + std::string(to_string(why)) + (description.empty() ? "" : ": " + std::string(description)));
  }

  void note(std::string line) {
    heard.push_back(line);
    if (then) then(line);
  }

  std::vector<std::string> heard;
  cln::engine_error last;
  int drains = 0;
  std::function<void(const std::string&)> then;  ///< what the user does about it
};

inline std::string http(int status, std::string_view body, std::string_view fields = {}) {
  return "HTTP/1.1 " + std::to_string(status) + " X\r\n" + std::string(fields) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}
inline std::string text(std::string_view payload) { return frames::naked(0x81, payload); }

inline std::string handshake(std::string_view upgrades = "") {
  return R"(0{"sid":"abc","upgrades":[)" + std::string(upgrades) +
         R"(],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000})";
}

inline cln::engine_options by(std::vector<transport> transports) {
  cln::engine_options o;
  o.transports = std::move(transports);
  return o;
}
inline cln::engine_options websocket_only() { return by({transport::websocket}); }

struct client : scripted::stage {
  explicit client(cln::engine_options o = {}, scripted::fault how = {}) : scripted::stage(how) {
    o.route = route();
    o.host = "h";
    o.stamp_polls = false;
    engine = std::make_shared<cln::engine>(loop, std::move(o), user);
  }
  ~client() { drop(); }

  void drop() {
    run([this] { engine = nullptr; });
  }
  void open() {
    run([this] { engine->open(); });
  }
  void send(std::string_view packet) {
    run([&] {
      if (engine) engine->send(sio::eio::encoded_packet(std::string(packet)));
    });
  }
  /// Opened by polling, with a GET that waits on wire 0.
  void open_by_polling(std::string_view upgrades = "") {
    open();
    give(0, http(200, handshake(upgrades)));
    for (std::size_t i = 0; i != wires.size(); ++i) skip(i);
  }
  /// The answer that makes wire `n` a WebSocket.
  std::string switching(std::size_t n) {
    const std::string asked = sent(n);
    const std::size_t at = asked.find("Sec-WebSocket-Key: ") + 19;
    return "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
           sio::ws::accept_key(asked.substr(at, asked.find("\r\n", at) - at)) + "\r\n\r\n";
  }
  void open_by_websocket() {
    open();
    give(0, switching(0) + text(handshake()));
  }
  void skip(std::size_t n) {
    if (sent(n).find("Sec-WebSocket-Key") != std::string::npos) FAIL("an upgrade request was skipped");
  }
  /// The request line that left on that wire since the last look, and behind a space the body.
  std::string request(std::size_t n) {
    const std::string all = sent(n);
    const std::size_t head = all.find("\r\n\r\n");
    if (head == std::string::npos) return all;
    const std::string body = all.substr(head + 4);
    return all.substr(0, all.find(" HTTP/1.1")) + (body.empty() ? "" : " " + body);
  }
  /// What left on that wire as frames.
  std::vector<std::string> frames_sent(std::size_t n) {
    return frames::read(sio::ws::role::server, {}, sent(n)).events;
  }
  std::vector<std::string> heard() { return std::exchange(user->heard, {}); }

  std::shared_ptr<hearer> user = std::make_shared<hearer>();
  std::shared_ptr<cln::engine> engine;
};

}  // namespace engine_stage
