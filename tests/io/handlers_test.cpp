// Everything that a handler may do to what it runs on: close, destroy, leave, take off, throw; in every kind of
// handler.
#include <sio/sio.hpp>
#include <support/catch.hpp>
#include <support/raw_client.hpp>
#include <support/served.hpp>

#include <asio/steady_timer.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using served::eventually;

namespace {

// A server in which one kind of handler does one thing, once.
class scene {
 public:
  using action = std::function<void(scene&, const sio::socket&)>;

  scene(std::string kind, action act) : kind_(std::move(kind)), act_(std::move(act)) {}

  void build(asio::any_io_executor executor);
  /// Reaches every kind of handler; afterwards the chosen one has run.
  void live(unsigned short port);
  bool acted() const { return done_; }

  std::optional<sio::server> io;

 private:
  void here(const char* kind, const sio::socket& s = {});
  void greet(const sio::socket& s);
  void live_by_http(unsigned short port);
  void live_by_websocket(unsigned short port);

  std::string kind_;
  action act_;
  std::atomic<bool> begun_{false}, done_{false};
};

void scene::here(const char* kind, const sio::socket& s) {
  if (kind_ != kind || begun_.exchange(true)) return;
  struct at_end {
    std::atomic<bool>& flag;
    ~at_end() { flag = true; }
  } const mark{done_};
  act_(*this, s);
}

void scene::build(asio::any_io_executor executor) {
  sio::server_options o;
  o.log = [this](sio::log_level, std::string_view) { here("log"); };
  o.cors.emplace();
  o.cors->origin = std::function<bool(std::string_view)>([this](std::string_view) { return here("cors"), true; });
  o.allow_request = [this](const sio::request&, sio::allow_decision decide) {
    here("allow_request");
    decide(true, {});
  };
  executor ? io.emplace(std::move(executor), o) : io.emplace(o);
  io->use([this](sio::socket s) { here("middleware", s); });
  io->use([this](sio::socket s, sio::next go_on) {
    go_on();
    here("middleware after next", s);
  });
  io->on("connection", [this](sio::socket s) { here("connection", s), greet(s); });
  io->on_request("/hook", [this](const sio::request&) { return here("on_request"), sio::response{}; });
  io->on_request("/bad", [](const sio::request&) -> sio::response { throw std::runtime_error("for the log"); });
  io->listen("127.0.0.1", 0);
}

void scene::greet(const sio::socket& s) {
  s.on("event", [this, s] { here("event", s); });
  s.once("event", [this, s] { here("once", s); });
  s.on("ask", [this, s](sio::ack answer) {
    answer(1);
    here("after its ack", s);
  });
  s.on("sum", [this, s](int a, int b) { return here("answer by return", s), a + b; });
  s.on("ask back", [this, s] { s.emit("question", [this, s](int) { here("acknowledgement", s); }); });
  s.on("ask in vain",
       [this, s] { s.timeout(1ms).emit("silence", [this, s](sio::error_code) { here("ack timeout", s); }); });
  s.on("ask for ever", [this, s] { s.emit("silence", [this, s](sio::error_code) { here("ack at the end", s); }); });
  s.on("wrong", [](int) {});
  s.on("error", [this, s](std::string) { here("error", s); });
  s.on("disconnecting", [this, s](sio::reason) { here("disconnecting", s); });
  s.on("disconnect", [this, s](sio::reason) { here("disconnect", s); });
}

void scene::live_by_http(unsigned short port) {
  raw::client c(port);
  c.get("/hook");
  c.get("/bad");
  raw::client(port).get(raw::path + "nothing", "Origin: http://x\r\n");
  const std::string with_sid = raw::path + "polling&sid=" + raw::open_by_polling(c);
  c.post(with_sid, "40");
  c.get(with_sid);
  c.post(with_sid, "42[\"event\"]");
  c.post(with_sid, "1");
}

void scene::live_by_websocket(unsigned short port) {
  raw::client c(port);
  if (c.upgrade(raw::path + "websocket").status != 101) return;
  c.send_text("40");
  for (const char* event : {"[\"event\"]", "1[\"ask\"]", "2[\"sum\",1,2]", "[\"ask back\"]", "[\"ask in vain\"]",
                            "[\"ask for ever\"]", "[\"wrong\",\"text\"]"})
    c.send_text(std::string("42") + event);
  c.send_text("430[7]");
  c.send(raw::masked(9, "all was handled"));
  for (raw::frame f = c.read_frame(); f.opcode != 8 && f.opcode != 10;) f = c.read_frame();
  const auto chosen = [this] { return begun_.load(); };
  if (kind_ == "ack timeout") eventually(chosen, 2s);
}

// A server that is gone takes no connections.
void scene::live(unsigned short port) try {
  live_by_http(port);
  live_by_websocket(port);
} catch (const std::system_error&) {
}

struct deed {
  const char* name;
  bool ends_server;
  scene::action run;
};

const std::vector<deed>& deeds() {
  static const std::vector<deed> all = {
      {"io.close", true, [](scene& x, const sio::socket&) { x.io->close(); }},
      {"io.close twice, then io.stop", true,
       [](scene& x, const sio::socket&) { x.io->close([&x] { x.io->close(); }), x.io->close(), x.io->stop(); }},
      {"io.stop", true, [](scene& x, const sio::socket&) { x.io->stop(); }},
      {"the last handle goes", true, [](scene& x, const sio::socket&) { x.io.reset(); }},
      {"close, then the last handle goes", true, [](scene& x, const sio::socket&) { x.io->close(), x.io.reset(); }},
      {"disconnect", false, [](scene&, const sio::socket& s) { s.disconnect(), s.disconnect(); }},
      {"disconnect(true)", false, [](scene&, const sio::socket& s) { s.disconnect(true), s.disconnect(true); }},
      {"rooms", false,
       [](scene&, const sio::socket& s) {
         s.join({"a", "b"}), s.leave(s.id()), s.leave("a");
       }},
      {"off", false, [](scene& x, const sio::socket& s) { s.off("event"), s.off(), x.io->off(); }},
      {"on", false,
       [](scene& x, const sio::socket& s) {
         for (const char* event : {"event", "error", "disconnect", "new"}) s.on(event, [s] { s.emit("again"); });
         x.io->on("connection", [](sio::socket) {});
         x.io->use([](sio::socket) {});
       }},
      {"emit", false,
       [](scene& x, const sio::socket& s) {
         s.emit("x", [s](sio::error_code) { s.emit("y", [](sio::error_code) {}); });
         s.timeout(0ms).emit("x", [s](sio::error_code, int) {});
         x.io->emit("x"), s.broadcast().emit("x"), s.volatile_().emit("x");
       }},
      {"throw an exception", false, [](scene&, const sio::socket&) { throw std::runtime_error("thrown"); }},
      {"throw an int", false, [](scene&, const sio::socket&) { throw 1; }},
      {"throw a refusal", false, [](scene&, const sio::socket&) { throw sio::connect_error("no"); }},
      {"run", false, [](scene& x, const sio::socket&) { x.io->run(); }},
  };
  return all;
}

const char* const kinds[] = {
    "log",
    "cors",
    "allow_request",
    "middleware",
    "middleware after next",
    "connection",
    "on_request",
    "event",
    "once",
    "after its ack",
    "answer by return",
    "error",
    "acknowledgement",
    "ack timeout",
    "ack at the end",
    "disconnecting",
    "disconnect",
};

}  // namespace

TEST_CASE("any handler may do anything to a server with its own loop") {
  for (const char* kind : kinds)
    for (const deed& d : deeds()) {
      CAPTURE(kind, d.name);
      scene x(kind, d.run);
      x.build({});
      const unsigned short port = x.io->port();
      std::thread turning([&x] { x.io->run(); });
      x.live(port);
      const bool acted = eventually([&] { return x.acted(); }, 2s);
      if (!d.ends_server) CHECK_NOTHROW(raw::join_by_websocket(port));
      if (!d.ends_server || !acted) x.io->stop();
      turning.join();
      CHECK(acted);
    }
}

TEST_CASE("any handler may do anything to a server on a host's executor") {
  for (const char* kind : kinds)
    for (const deed& d : deeds()) {
      CAPTURE(kind, d.name);
      served::host h;
      scene x(kind, d.run);
      x.build(h.context.get_executor());
      const unsigned short port = x.io->port();
      x.live(port);
      CHECK(eventually([&] { return x.acted(); }, 2s));
      if (!d.ends_server) CHECK_NOTHROW(raw::join_by_websocket(port));
      h.stop();
    }
}

namespace {

// Keeps what handlers were given, to be used later from elsewhere.
template <class T>
struct kept {
  std::mutex mutex;
  std::vector<T> all;
  void add(T t) {
    const std::lock_guard<std::mutex> lock(mutex);
    all.push_back(std::move(t));
  }
  std::size_t size() {
    const std::lock_guard<std::mutex> lock(mutex);
    return all.size();
  }
  std::vector<T> take() {
    const std::lock_guard<std::mutex> lock(mutex);
    return std::exchange(all, {});
  }
};

}  // namespace

TEST_CASE("a middleware's next may be called late, twice, from any thread") {
  kept<sio::next> waiting;
  served::own_loop own;
  own.io->use([&](sio::socket, sio::next go_on) { waiting.add(go_on); });
  const unsigned short port = own.start();
  raw::client c = raw::open_websocket(port);
  c.send_text("40");
  REQUIRE(eventually([&] { return waiting.size() == 1; }));

  SECTION("it lets the client in, once") {
    for (const auto& go_on : waiting.take()) go_on(), go_on(), go_on(sio::connect_error("late"));
    CHECK(c.read_text().substr(0, 3) == "40{");
  }
  SECTION("it refuses the client, once") {
    for (const auto& go_on : waiting.take()) go_on(sio::connect_error("no")), go_on(), go_on();
    CHECK(c.read_text() == "44{\"message\":\"no\"}");
  }
  SECTION("the client has left the namespace") {
    c.send_text("41");
    c.send_text("40/other,");
    CHECK(c.read_text().substr(0, 9) == "44/other,");
    for (const auto& go_on : waiting.take()) go_on();
    c.send_text("40");
    CHECK(eventually([&] { return waiting.size() == 1; }));
    for (const auto& go_on : waiting.take()) go_on();
    CHECK(c.read_text().substr(0, 3) == "40{");
  }
  SECTION("the client has gone") {
    c.reset();
    auto other = raw::open_websocket(port);
    for (const auto& go_on : waiting.take()) go_on();
  }
  SECTION("it is never called") { c.reset(); }
  SECTION("the server has gone") {
    own.io.reset();
    own.join();
    for (const auto& go_on : waiting.take()) go_on();
  }
  SECTION("the server has gone, and it is never called") {
    own.io.reset();
    own.join();
  }
  SECTION("the server was closed") {
    own.io->close();
    own.join();
    for (const auto& go_on : waiting.take()) go_on(sio::connect_error("no"));
  }
}

TEST_CASE("a decision on a handshake may come late, twice, from any thread") {
  kept<sio::allow_decision> waiting;
  auto options = served::quiet();
  options.allow_request = [&](const sio::request&, sio::allow_decision decide) { waiting.add(std::move(decide)); };
  served::own_loop own(options);
  const unsigned short port = own.start();
  raw::client c(port);
  const bool websocket = GENERATE(false, true);
  c.send("GET " + raw::path + (websocket ? "websocket" : "polling") + " HTTP/1.1\r\nHost: x\r\n" +
         (websocket ? "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
                    : "\r\n"));
  REQUIRE(eventually([&] { return waiting.size() == 1; }));

  SECTION("it lets the client in, once") {
    for (const auto& decide : waiting.take()) decide(true, {}), decide(true, {}), decide(false, "late");
    CHECK(c.read_answer().status == (websocket ? 101 : 200));
  }
  SECTION("it refuses the client, once") {
    for (const auto& decide : waiting.take()) decide(false, "no"), decide(true, {});
    const raw::answer refused = c.read_answer();
    CHECK(refused.status == (websocket ? 400 : 403));
  }
  SECTION("the client has gone") {
    c.reset();
    raw::client(port).get("/");
    for (const auto& decide : waiting.take()) decide(true, {});
  }
  SECTION("the client has ended its output, and still gets its answer") {
    c.end_output();
    raw::client(port).get("/");
    for (const auto& decide : waiting.take()) decide(true, {});
    if (!websocket) CHECK(c.read_answer().status == 200);
  }
  SECTION("it is dropped on another thread after the client has gone") {
    c.close();
    raw::client(port).get("/");
    waiting.take();
    raw::client(port).get("/");
  }
  SECTION("the server has gone") {
    own.io.reset();
    own.join();
    for (const auto& decide : waiting.take()) decide(true, {});
  }
  SECTION("the server has gone, and it is dropped") {
    own.io.reset();
    own.join();
    waiting.take();
  }
  SECTION("the server closes: nobody is let in any more") {
    own.io->close();
    for (const auto& decide : waiting.take()) decide(true, {});
    CHECK(c.ended());
    own.join();
  }
}

TEST_CASE("a client that leaves a host undecided is let go at the request's deadline") {
  kept<sio::allow_decision> waiting;
  auto options = served::quiet();
  options.request_timeout = 50ms;
  options.allow_request = [&](const sio::request&, sio::allow_decision decide) { waiting.add(std::move(decide)); };
  served::own_loop own(options);
  raw::client c(own.start());
  c.send("GET " + raw::path + "polling HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(eventually([&] { return waiting.size() == 1; }));
  c.end_output();
  CHECK(c.ended());
}

TEST_CASE("acknowledgements may be given from any thread, twice, and to nobody") {
  kept<sio::ack> waiting;
  served::own_loop own;
  own.io->on("connection", [&](sio::socket s) { s.on("ask", [&](sio::ack answer) { waiting.add(answer); }); });
  auto c = raw::join_by_websocket(own.start());
  c.send_text("425[\"ask\"]");
  REQUIRE(eventually([&] { return waiting.size() == 1; }));

  SECTION("from another thread, twice") {
    for (const auto& answer : waiting.take()) answer(1), answer(2);
    c.send_text("426[\"ask\"]");
    CHECK(c.read_text() == "435[1]");
  }
  SECTION("the client has gone") {
    c.reset();
    for (const auto& answer : waiting.take()) answer(1);
  }
  SECTION("the server has gone") {
    own.io.reset();
    own.join();
    for (const auto& answer : waiting.take()) answer(1);
  }
  SECTION("never") {}
}

TEST_CASE("a lambda that asks again when nobody answers does not call itself without end") {
  std::atomic<int> asked{0};
  std::function<void(sio::socket)> ask = [&](sio::socket s) {
    ++asked;
    s.timeout(1ms).emit("question", [&ask, s](sio::error_code ec, int) {
      if (ec) ask(s);
    });
  };
  served::own_loop own;
  own.io->on("connection", [&](sio::socket s) { ask(s); });
  const unsigned short port = own.start();
  raw::join_by_websocket(port).reset();
  CHECK(eventually([&] { return asked > 100'000; }));
  raw::join_by_websocket(port);
}

TEST_CASE("what a listener holds may call anything as it goes") {
  struct caller {
    std::function<void()> last_words;
    ~caller() { last_words(); }
  };
  served::notes said;
  served::own_loop own;
  own.io->on("connection", [&](sio::socket s) {
    for (const char* event : {"a", "b", "c"}) {
      auto guard = std::make_shared<caller>();
      guard->last_words = [&said, s, event] {
        said.add(event);
        s.off("b"), s.on("d", [] {}), s.once("a", [] {}), s.off("c"), s.nsp().off("x"), s.disconnect();
        s.emit("ask", [](sio::error_code) {});
      };
      s.on(event, [guard] {});
      s.emit("ask", [guard](sio::error_code) {});
    }
    s.on("off", [s] { s.off(); });
  });
  const unsigned short port = own.start();
  auto c = raw::join_by_websocket(port);
  SECTION("all are taken off") { c.send_text("42[\"off\"]"), c.close(); }
  SECTION("the client goes") { c.reset(); }
  SECTION("the server goes") {
    own.io.reset();
    own.join();
  }
  CHECK(eventually([&] { return said.size() == 3; }));
}
