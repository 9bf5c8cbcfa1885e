// The client's engine and servers that are not ours: every message goes there, comes back, and comes back once.
#include <sio/client/engine.hpp>
#include <support/catch.hpp>
#include <support/peer_process.hpp>

#include <asio/io_context.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cln = sio::cln;
using namespace std::chrono_literals;
using sio::transport;

namespace {

/// Joins the namespace "/admin", sends numbered events, and notes whatever does not come back as the next one.
struct counter final : cln::engine_user {
  void on_open() override { send("40/admin,"); }
  void on_message(std::string_view m, bool) override {
    if (m.substr(0, 9) == "0/admin,{")
      for (int i = 0; i != ahead; ++i) send_next();
    if (m.substr(0, 15) != "2/admin,[\"echo\"") return;
    if (m != event(received)) wrong.emplace_back(m.substr(0, 60));
    if (++received == total) engine->close();
    send_next();
  }
  void on_upgrade(transport) override { upgraded = true; }
  void on_upgrade_error(const cln::engine_error& why) override { wrong.push_back(to_text(why)); }
  void on_error(const cln::engine_error& why) override { wrong.push_back(to_text(why)); }
  void on_close(sio::reason why, std::string_view) override { closed = to_string(why); }

  static std::string event(int i) {
    return "2/admin,[\"echo\"," + std::to_string(i) + (i % 500 == 250 ? ",\"" + std::string(70'000, 'x') + '"' : "") +
           "]";
  }
  void send(std::string packet) { engine->send(sio::eio::encoded_packet(std::move(packet))); }
  void send_next() {
    if (sent != total) send("4" + event(sent++));
  }

  std::shared_ptr<cln::engine> engine;
  int total = 0, ahead = 10, sent = 0, received = 0;
  bool upgraded = false;
  std::string closed;
  std::vector<std::string> wrong;
};

void carries_all(std::uint16_t port, int messages, int ahead, cln::engine_options o = {}) {
  asio::io_context context{1};
  const auto loop = sio::net::loop::make(context.get_executor());
  const auto user = std::make_shared<counter>();
  sio::net::destination to;
  to.host = "localhost";
  to.port = port;
  o.route = sio::net::route_to(std::make_shared<sio::net::dialer>(loop, sio::net::dialer_options{}), to);
  o.host = "localhost:" + std::to_string(port);
  user->total = messages;
  user->ahead = ahead;
  user->engine = std::make_shared<cln::engine>(loop, std::move(o), user);
  loop->post([&] { user->engine->open(); });
  const auto end = std::chrono::steady_clock::now() + 60s;
  while (user->closed.empty() && std::chrono::steady_clock::now() < end) context.run_one_for(100ms);
  loop->post([&] { user->engine = nullptr; });
  context.poll();
  CHECK(user->received == messages);
  CHECK(user->wrong == std::vector<std::string>{});
  CHECK(user->closed == "forced close");
}

cln::engine_options by(transport one) {
  cln::engine_options o;
  o.transports = {one};
  return o;
}

}  // namespace

TEST_CASE("the official server gets thousands of messages by each transport, and from one to the other") {
  test::node_server server;
  carries_all(server.port(), 3'000, 100, by(transport::polling));
  carries_all(server.port(), 3'000, 100, by(transport::websocket));
  for (const int ahead : {1, 100, 1'000}) carries_all(server.port(), 5'000, ahead);
}

TEST_CASE("the official server may compress, and may want small bodies") {
  test::node_server server({"--per-message-deflate", "--max-http-buffer-size", "80000"});
  carries_all(server.port(), 2'000, 500, by(transport::polling));
  carries_all(server.port(), 2'000, 500);
}

TEST_CASE("python3-socketio gets thousands of messages by each transport, and from one to the other") {
  test::python_server server;
  carries_all(server.port(), 1'000, 10, by(transport::polling));
  carries_all(server.port(), 1'000, 100, by(transport::websocket));
  carries_all(server.port(), 1'000, 10);
}
