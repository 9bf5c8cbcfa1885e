// A client's WebSocket over a stream in memory: its handshake, what it receives, and how it ends.
#pragma once

#include <sio/net/ws_dial.hpp>
#include <support/scripted_route.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace scripted {

struct ws_stage : stage {
  explicit ws_stage(fault how = {}, std::size_t max_message = 1'000) : stage(how) {
    limits.messages.max_message = max_message;
  }
  ~ws_stage() {
    if (channel) channel->abort();
  }

  struct owner final : sio::net::ws_owner {
    explicit owner(ws_stage& s) : home(s) {}
    void on_message(sio::net::ws_channel& from, std::string_view message, bool binary) override {
      home.events.push_back((binary ? "binary " : "text ") + std::string(message));
      if (message == "close") from.close(1000, "bye");
      if (message == "abort") from.abort();
      if (message == "echo") from.send_text("echoed");
    }
    void on_gone(sio::net::ws_channel& from, std::string_view error) override {
      home.events.push_back("gone " + std::to_string(from.close_code()) + ' ' + std::string(error));
    }
    ws_stage& home;
  };

  std::shared_ptr<sio::net::ws_dialing> dial(sio::net::ws_request what = {"/x?y", "h:1", {}, {}, {}},
                                             std::shared_ptr<sio::net::deflate_pool> pool = nullptr) {
    std::shared_ptr<sio::net::ws_dialing> made;
    run([&] {
      made = sio::net::dial_websocket(loop, route(), std::move(what), limits, std::move(pool),
                                      [this, keep = token](sio::net::ws_dialled r) { came_out(std::move(r)); });
    });
    if (!wires.empty()) request = sent(wires.size() - 1);
    return made;
  }
  void came_out(sio::net::ws_dialled r) {
    ++reports;
    result = std::move(r);
    channel = result.channel;
    if (channel) channel->serve(std::make_shared<owner>(*this));
  }
  // The 101 for the key that was sent.
  std::string accepted(const std::string& fields = {}) const {
    const std::size_t at = request.find("Sec-WebSocket-Key: ");
    const std::string key = at == std::string::npos ? std::string() : request.substr(at + 19, 24);
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
           sio::ws::accept_key(key) + "\r\n" + fields + "\r\n";
  }
  void open(const std::string& behind = {}, std::size_t piece = std::string_view::npos) {
    dial();
    give(0, accepted() + behind, piece);
  }
  bool waits() const { return token.use_count() != 1; }

  sio::net::ws_dial_limits limits;
  std::string request;
  sio::net::ws_dialled result;
  std::shared_ptr<sio::net::ws_channel> channel;
  std::vector<std::string> events;
  int reports = 0;
  std::shared_ptr<int> token = std::make_shared<int>();
};

}  // namespace scripted
