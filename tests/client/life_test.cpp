// The order in which users do things: every deed in every handler, and handles that go at any time.
#include <support/catch.hpp>
#include <support/client_fixture.hpp>
#include <support/entries.hpp>
#include <support/peer_process.hpp>

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using test::way;

namespace {

/// A client in a place of its own, so that anybody may put another one there, or none.
struct place {
  std::function<void(place&)> deed;
  std::string url;
  std::shared_ptr<std::promise<void>> done = std::make_shared<std::promise<void>>();
  std::atomic<bool> begun{false};
  std::optional<sio::client> io;

  void act() {
    if (begun.exchange(true)) return;
    const auto told = done;  // this place may be gone as soon as it is told
    deed(*this);
    told->set_value();
  }
};

/// Nobody joins the thread of a client that went in its own handler: a test that ends waits for it.
struct all_threads_end {
  all_threads_end() {
    std::thread([] {}).join();  // a sanitizer has a thread of its own from the first one on
    before = test::entries("/proc/self/task");
  }
  std::size_t before = 0;
  ~all_threads_end() { test::expect_entries("/proc/self/task", before); }
};

/// A host of clients: a context that one thread runs.
struct host {
  asio::io_context context;
  asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
  std::thread thread{[this] { context.run(); }};

  ~host() {
    work.reset();
    context.stop();
    thread.join();
  }
};

struct named_deed {
  const char* name;
  std::function<void(place&)> run;
};

std::vector<named_deed> deeds() {
  return {{"disconnect", [](place& p) { p.io->disconnect(); }},
          {"connect", [](place& p) { p.io->connect(); }},
          {"leave and come back", [](place& p) { p.io->disconnect(), p.io->connect(); }},
          {"close the manager", [](place& p) { p.io->manager().close(); }},
          {"open the manager", [](place& p) { p.io->manager().open([](const std::string&) {}); }},
          {"destroy", [](place& p) { p.io.reset(); }},
          {"assign another", [](place& p) { p.io = sio::client(p.url + "/admin", test::by(way::websocket)); }},
          {"remove all listeners", [](place& p) { p.io->off(), p.io->off_any(), p.io->manager().off(); }},
          {"emit, and be destroyed", [](place& p) {
             p.io->emit("echo", 1, [](int) {});
             p.io->clear_offline_events();
             p.io.reset();
           }}};
}

/// How each kind of handler is made to call `p.act()`.
struct named_handler {
  const char* name;
  std::function<void(place&)> add;
  bool begins = false;  // adding it sets all in motion: whoever added it must not touch the place any more
};

std::vector<named_handler> handlers() {
  const auto manager_event = [](const char* name) {
    return named_handler{name, [name](place& p) { p.io->manager().on(name, [&p] { p.act(); }); }};
  };
  const auto kicked = [](place& p) { p.io->once("connect", [](const sio::client& io) { io.emit("kick", true); }); };
  const auto asks = [](place& p) { p.io->emit("echo", 1, [&p](int) { p.act(); }); };
  return {{"connect", [](place& p) { p.io->on("connect", [&p] { p.act(); }); }},
          {"disconnect",
           [kicked](place& p) {
             kicked(p);
             p.io->on("disconnect", [&p] { p.act(); });
           }},
          {"an event", [](place& p) { p.io->on("hello", [&p] { p.act(); }); }},
          {"an acknowledgement", asks},
          {"a lost acknowledgement",
           [](place& p) {
             p.io->emit("never ack", [&p](sio::error_code, const sio::array&) { p.act(); });
             p.io->once("connect", [](const sio::client& io) { io.emit("disconnect engine"); });
           }},
          {"a late acknowledgement",
           [](place& p) {
             p.io->connect();
             p.io->timeout(1ms).emit("never ack", [&p](sio::error_code, const sio::array&) { p.act(); });
           },
           true},
          {"catch-all", [](place& p) { p.io->on_any([&p](const std::string&) { p.act(); }); }},
          {"outgoing catch-all",
           [](place& p) {
             p.io->on_any_outgoing([&p](const std::string&) { p.act(); });
             p.io->emit("echo", 1);
             p.io->emit("echo", 2);
           }},
          {"auth",
           [](place& p) {
             p.io->auth([&p](const sio::auth::reply& reply) {
               p.act();
               reply(sio::object{});
               reply(sio::object{});
             });
           }},
          {"error",
           [](place& p) {
             p.io->on("error", [&p](const std::string&) { p.act(); });
             p.io->on("hello", [] { throw std::runtime_error("no"); });
           }},
          manager_event("open"),
          manager_event("packet"),
          {"the manager's close",
           [kicked](place& p) {
             kicked(p);
             p.io->manager().on("close", [&p] { p.act(); });
           }},
          {"the opener's answer", [](place& p) { p.io->manager().open([&p](const std::string&) { p.act(); }); }, true}};
}

/// The same for a server that is not there.
std::vector<named_handler> failing_handlers() {
  std::vector<named_handler> all{
      {"connect_error", [](place& p) { p.io->on("connect_error", [&p] { p.act(); }); }},
      {"the opener's answer", [](place& p) { p.io->manager().open([&p](const std::string&) { p.act(); }); }, true}};
  for (const char* name : {"error", "reconnect_attempt", "reconnect_error", "reconnect_failed"})
    all.push_back({name, [name](place& p) { p.io->manager().on(name, [&p] { p.act(); }); }});
  return all;
}

sio::client_options quick() {
  auto o = test::by(way::websocket);
  o.force_new = true;
  o.reconnection_delay = o.reconnection_delay_max = 1ms;
  o.reconnection_attempts = 2;
  o.linger = 50ms;
  return o;
}

/// Each deed once in each handler; all that may go wrong is a crash, a leak, or that nobody comes to an end.
void try_all(const std::vector<named_handler>& kinds, const std::string& url, host* on) {
  for (const named_handler& kind : kinds)
    for (const named_deed& deed : deeds()) {
      INFO(kind.name << ": " << deed.name);
      const auto p = std::make_unique<place>();
      p->url = url;
      p->deed = deed.run;
      p->io = on ? sio::client(on->context.get_executor(), url, quick()) : sio::client(url, quick());
      std::future<void> done = p->done->get_future();
      kind.add(*p);
      if (!kind.begins) p->io->connect();
      REQUIRE(done.wait_for(test::patience) == std::future_status::ready);
      if (!on) continue;
      std::promise<void> turned;
      asio::post(on->context, [&] { p->io.reset(), turned.set_value(); });
      turned.get_future().wait();
    }
}

}  // namespace

TEST_CASE("everything may be done in every handler, on the client's own thread") {
  const all_threads_end wait;
  test::node_server server;
  try_all(handlers(), server.url(), nullptr);
  CHECK(test::guest(server.url()).io.nsp() == "/");
  const test::guest guest(server.url());
  guest.enter();
}

TEST_CASE("everything may be done in every handler, on the host's executor") {
  test::node_server server;
  host h;
  try_all(handlers(), server.url(), &h);
}

TEST_CASE("everything may be done in every handler, when the server is not there") {
  const all_threads_end wait;
  host h;
  try_all(failing_handlers(), "http://127.0.0.1:9", nullptr);
  try_all(failing_handlers(), "http://127.0.0.1:9", &h);
}

TEST_CASE("a handler that throws is reported, and everything goes on") {
  test::node_server server;
  const test::guest guest(server.url());
  guest.io.on("connect", [] { throw std::runtime_error("in connect"); });
  guest.io.on("disconnect", [] { throw 7; });
  guest.io.on("echo", [](int) { throw std::runtime_error("in echo"); });
  guest.io.manager().on("open", [] { throw std::runtime_error("in open"); });
  guest.io.manager().on("reconnect_attempt", [] { throw std::runtime_error("in reconnect_attempt"); });
  guest.io.auth([]() -> sio::value { throw std::runtime_error("in auth"); });
  guest.io.connect();
  CHECK(guest.expect_text("error") == R"(["auth: in auth"])");
  guest.io.disconnect();
  guest.io.auth([](const sio::auth::reply& reply) {
    reply(sio::object{});
    throw std::runtime_error("in auth, late");
  });
  guest.enter();
  CHECK(guest.expect_text("error") == R"(["auth: in auth, late"])");
  CHECK(guest.expect_text("error") == R"(["connect: in connect"])");
  guest.io.emit("echo", 1);
  CHECK(guest.expect_text("error") == R"(["echo: in echo"])");
  guest.io.emit("echo", 1, [](int) { throw std::runtime_error("in ack"); });
  CHECK(guest.expect_text("error") == R"(["acknowledgement: in ack"])");
  guest.io.emit("disconnect engine");
  CHECK(guest.expect_text("error") == R"(["disconnect: something that is no std::exception was thrown"])");
  guest.expect("connect");
  guest.io.on("error", [] { throw std::runtime_error("in error"); });
  guest.io.emit("echo", 1);
  CHECK(guest.ask("sum", 1, 2) == "[3]");
}

TEST_CASE("a manager without clients may go in its own handlers") {
  const all_threads_end wait;
  test::node_server server;
  for (const std::string& url : {server.url(), std::string("http://127.0.0.1:9")})
    for (const char* name : {"open", "close", "error", "reconnect_attempt", "reconnect_error", "reconnect_failed"}) {
      const std::string event = name;
      const bool comes = (url == server.url()) == (event == "open" || event == "close");
      if (!comes) continue;
      INFO(name);
      const auto done = std::make_shared<std::promise<void>>();
      const auto m = std::make_shared<std::optional<sio::manager>>(std::in_place, url, quick());
      const std::weak_ptr<std::optional<sio::manager>> weak = m;
      (*m)->on(name, [weak, done] {
        if (const auto there = weak.lock()) there->reset();
        done->set_value();
      });
      if (event == "close") (*m)->on("open", [weak] { (*weak.lock())->close(); });
      (*m)->open();
      REQUIRE(done->get_future().wait_for(test::patience) == std::future_status::ready);
    }
}
