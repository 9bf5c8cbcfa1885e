// The whole server without a network and with a made-up clock. The input is a script, two bytes for each step: what is
// done, and to which connection or with which words; at the end no session, timer or connection may be left.
#include <sio/server.hpp>
#include <sio/server/server.hpp>

#include <support/frames.hpp>
#include <support/scripted_stream.hpp>

#include <asio/io_context.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

using namespace std::chrono_literals;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

// What clients say in one Engine.IO packet.
constexpr std::string_view packets[] = {
    "40",
    "40/other,{\"token\":1}",
    "40/refused,",
    "40/room-7,",
    "41",
    "41/other,",
    "42[\"echo\",1,{\"a\":[]}]",
    "420[\"echo\",\"b\"]",
    "42/other,7[\"sum\",1,2]",
    "43[\"late\"]",
    "430[1]",
    "451-[\"echo\",{\"_placeholder\":true,\"num\":0}]",
    "bAQID",
    "42[\"leave\"]",
    "42[\"close\"]",
    "42[\"ask\"]",
    "2",
    "3",
    "2probe",
    "5",
    "1",
    "6",
    "44{}",
    "40{\"pid\":\"x\",\"offset\":\"y\"}",
    "4",
    "",
    "x",
};
constexpr std::size_t packet_count = sizeof packets / sizeof packets[0];

sio::server_options options() {
  sio::server_options o;
  o.log = [](sio::log_level, std::string_view) {};
  o.allow_eio3 = true;
  o.connection_state_recovery.emplace();
  o.max_buffered_bytes = 64 * 1024;
  o.cleanup_empty_child_namespaces = true;
  return o;
}

class stage {
 public:
  stage() : server_(std::make_shared<sio::srv::server>(context_.get_executor(), options())) {
    for (const char* name : {"/", "/other"}) sio::nsp(server_->of(name)).on("connection", greet);
    sio::nsp(server_->of("/refused")).use([](const sio::socket&) { throw sio::connect_error("no"); });
    turn();
  }

  void step(std::uint8_t what, std::uint8_t which) {
    switch (what % 12) {
      case 0: return connect();
      case 1: return give(which, "GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\n\r\n");
      case 2: return give(which, request("GET", "polling", ""));
      case 3: return give(which, post(packet(which)));
      case 4: return give(which, post(std::string(packet(which)) + '\x1e' + packet(which / 3)));
      case 5: return give(which, request("GET", "websocket", upgrade));
      case 6: return give(which, masked(packet(which)));
      case 7: return give(which, std::string_view("\x82\x83\0\0\0\0abc\x88\x80\0\0\0\0", which % 2 ? 9 : 15));
      case 8: return end(which);
      case 9: return pass(std::chrono::milliseconds(1) * (which * which * 4));
      case 10: return act(which);
      default:
        return give(which, "GET /socket.io/?EIO=3&transport=websocket HTTP/1.1\r\nHost: x\r\n" + upgrade + "\r\n");
    }
  }

  void finish() {
    for (std::size_t i = 0; i != wires_.size(); ++i) end(static_cast<std::uint8_t>(i));
    server_->life()->close({});
    turn();
    pass(1h);
    require(server_->loop().resources().empty());
    for (const auto& w : wires_) require(w->closed);
    server_->life()->release();
    turn();
  }

 private:
  static inline const std::string upgrade =
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

  static void greet(sio::socket s) {
    s.join("everybody");
    s.on("echo", [s](sio::array all) { s.emit_array("echo", all); });
    s.on("sum", [](int a, int b) { return a + b; });
    s.on("leave", [s] { s.disconnect(); });
    s.on("close", [s] { s.disconnect(true); });
    s.on("ask", [s] { s.timeout(1s).emit("question", [](sio::error_code, int) {}); });
    s.on("disconnect", [s] { s.broadcast().emit("left", s.id()); });
  }

  static const char* packet(std::uint8_t which) { return packets[which % packet_count].data(); }
  std::string request(const std::string& method, const std::string& transport, const std::string& fields) const {
    return method + " /socket.io/?EIO=4&transport=" + transport + "&sid=" + sid_ + " HTTP/1.1\r\nHost: x\r\n" + fields +
           "\r\n";
  }
  std::string post(const std::string& body) const {
    return request("POST", "polling", "Content-Length: " + std::to_string(body.size()) + "\r\n") + body;
  }
  static std::string masked(const std::string& text) {
    std::string out = "\x81";
    out += static_cast<char>(0x80 | text.size());
    return out.append(4, '\0') + text;
  }

  void connect() {
    if (wires_.size() == 8) return;
    wires_.push_back(std::make_shared<scripted::wire>(context_, std::make_shared<scripted::fault>()));
    server_->loop().run(
        [this, w = wires_.back()] { server_->listening().serve(std::make_unique<scripted::stream>(w)); });
    turn();
  }
  void give(std::uint8_t which, std::string_view bytes) {
    if (wires_.empty()) connect();
    scripted::wire& w = *wires_[which % wires_.size()];
    if (w.closed || w.in_ended) return;
    w.give(bytes);
    turn();
    note_sid(w.out);
    w.out.clear();
  }
  void end(std::uint8_t which) {
    if (wires_.empty()) return;
    wires_[which % wires_.size()]->end();
    turn();
  }
  void act(std::uint8_t which) {
    const sio::nsp main(server_->of("/"));
    switch (which % 6) {
      case 0: main.emit("news", which); break;
      case 1: main.to("everybody").volatile_().emit("tick"); break;
      case 2: main.emit("big", std::string(40'000, 'x')); break;
      case 3: main.disconnect_sockets(which % 4 == 3); break;
      case 4: main.timeout(1s).emit("all", [](sio::error_code, sio::array) {}); break;
      default: main.sockets_leave("everybody");
    }
    turn();
  }
  void pass(std::chrono::milliseconds time) {
    server_->loop().let_pass(time);
    turn();
  }
  void turn() {
    context_.restart();
    context_.poll();
  }
  void note_sid(std::string_view out) {
    const std::size_t at = out.find("0{\"sid\":\"");
    if (at != std::string_view::npos) sid_ = std::string(out.substr(at + 9, 20));
  }

  asio::io_context context_;
  std::shared_ptr<sio::srv::server> server_;
  std::vector<std::shared_ptr<scripted::wire>> wires_;
  std::string sid_ = "none";
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  stage s;
  for (std::size_t i = 0; i + 1 < size && i < 400; i += 2) s.step(bytes[i], bytes[i + 1]);
  s.finish();
  return 0;
}
