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
