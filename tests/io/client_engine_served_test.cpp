// The client's engine and our own server over real sockets: polling, WebSocket, and the way from one to the other.
#include <sio/client/engine.hpp>
#include <support/catch.hpp>
#include <support/engine_echo.hpp>
#include <support/served.hpp>

#include <asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cln = sio::cln;
using namespace std::chrono_literals;
using sio::transport;

namespace {

/// Sends numbered messages, of which the server sends each back, and notes whatever is not the next one.
struct counter final : cln::engine_user {
  void on_open() override {
    opened = true;
    for (int i = 0; i != ahead; ++i) send_next();
  }
  void on_message(std::string_view m, bool binary) override {
    const std::string wanted = payload(received);
    if (m != wanted || binary != is_binary(received)) wrong.emplace_back(m.substr(0, 40));
    if (++received == total && closes) engine->close();
    send_next();
  }
  void on_ping() override { ++pings; }
  void on_upgrade(transport) override { upgraded_at = received; }
  void on_upgrade_error(const cln::engine_error& why) override { wrong.push_back(to_text(why)); }
  void on_error(const cln::engine_error& why) override { wrong.push_back(to_text(why)); }
  void on_close(sio::reason why, std::string_view description) override {
    closed = std::string(to_string(why)) + (description.empty() ? "" : ": ") + std::string(description);
  }

  static bool is_binary(int i) { return i % 10 == 9; }
  // Now and then a large one, so that batches meet maxPayload and frames come in pieces.
  static std::string payload(int i) { return std::to_string(i) + std::string(i % 1000 == 500 ? 70'000 : 0, 'x'); }
  void send_next() {
    if (sent == total) return;
    const std::string text = payload(sent);
    if (is_binary(sent++)) return engine->send({std::make_shared<const std::string>(text), true});
    engine->send(sio::eio::encoded_packet("4" + text));
  }

  std::shared_ptr<cln::engine> engine;
  int total = 0, ahead = 100, sent = 0, received = 0, pings = 0, upgraded_at = -1;
  bool opened = false, closes = true;
  std::string closed;
  std::vector<std::string> wrong;
};

/// A server and a client on one thread.
struct pair {
  explicit pair(const std::function<void(cln::engine_options&)>& adapt = {}, sio::server_options s = served::quiet())
      : server(context.get_executor(), std::move(s)), loop(sio::net::loop::make(context.get_executor())) {
    to.host = "127.0.0.1";
    to.port = server.listen("127.0.0.1", 0);
    use(adapt);
  }
  ~pair() {
    on_loop([this] { user->engine = nullptr; });
  }

  /// A new engine, with those options.
  void use(const std::function<void(cln::engine_options&)>& adapt) {
    cln::engine_options o;
    o.route = sio::net::route_to(std::make_shared<sio::net::dialer>(loop, sio::net::dialer_options{}), to);
    o.host = "127.0.0.1";
    if (adapt) adapt(o);
    user->engine = std::make_shared<cln::engine>(loop, std::move(o), user);
  }

  template <class F>
  void on_loop(F f) {
    loop->post(std::move(f));
    context.poll();
  }
  template <class Condition>
  bool until(Condition condition) {
    const auto end = std::chrono::steady_clock::now() + 60s;
    while (!condition() && std::chrono::steady_clock::now() < end) context.run_one_for(100ms);
    return condition();
  }
  bool exchange(int messages) {
    user->total = messages;
    on_loop([this] { user->engine->open(); });
    return until([this] { return !user->closed.empty(); });
  }

  asio::io_context context{1};
  test::engine_echo server;
  std::shared_ptr<sio::net::loop> loop;
  sio::net::destination to;
  std::shared_ptr<counter> user = std::make_shared<counter>();
};

void carries_all(pair& p, int messages) {
  CHECK(p.exchange(messages));
  CHECK(p.user->received == messages);
  CHECK(p.user->wrong == std::vector<std::string>{});
  CHECK(p.user->closed == "forced close");
}

}  // namespace

TEST_CASE("ten thousand messages go by polling and come back, in order, none lost or doubled") {
  pair p([](cln::engine_options& o) { o.transports = {transport::polling}; });
  carries_all(p, 10'000);
}

TEST_CASE("ten thousand messages go by WebSocket and come back, in order, none lost or doubled") {
  pair p([](cln::engine_options& o) { o.transports = {transport::websocket}; });
  carries_all(p, 10'000);
}

TEST_CASE("an upgrade in the midst of ten thousand messages loses and doubles none") {
  for (const int ahead : {1, 100, 3'000}) {
    pair p;
    p.user->ahead = ahead;
    carries_all(p, 10'000);
    CHECK(p.user->upgraded_at > 0);
    CHECK(p.user->upgraded_at < 10'000);
  }
}

TEST_CASE("small bodies carry large messages, one by one") {
  auto narrow = served::quiet();
  narrow.max_http_buffer_size = 100'000;
  pair p([](cln::engine_options& o) { o.transports = {transport::polling}; }, narrow);
  p.user->ahead = 1'200;
  carries_all(p, 3'000);
}

TEST_CASE("heartbeats keep a quiet session alive, whatever carries it") {
  for (const auto& by : {std::vector{transport::polling}, std::vector{transport::websocket}}) {
    auto quick = served::quiet();
    quick.ping_interval = 20ms;
    pair p([&](cln::engine_options& o) { o.transports = by; }, quick);
    p.user->ahead = 0;
    p.on_loop([&p] { p.user->engine->open(); });
    CHECK(p.until([&p] { return p.user->pings >= 3; }));
    CHECK(p.user->closed.empty());
    CHECK(p.user->engine->is_open());
  }
}

#if defined(SIO_WITH_DEFLATE)
TEST_CASE("messages may be compressed both ways, and a server that does not compress is no trouble") {
  for (const bool compresses : {true, false}) {
    auto how = served::quiet();
    if (compresses) how.per_message_deflate = sio::per_message_deflate_options{};
    pair p({}, how);
    p.use([&p](cln::engine_options& o) {
      o.transports = {transport::websocket};
      o.deflate = std::make_shared<sio::net::deflate_pool>(p.loop, sio::net::deflate_rules{});
    });
    carries_all(p, 2'000);
  }
}
#endif
