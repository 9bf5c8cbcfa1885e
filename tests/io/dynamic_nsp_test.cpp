// Namespaces that clients make: threads, bounds, late answers, and what stays behind.
#include <sio/sio.hpp>
#include <support/catch.hpp>
#include <support/raw_client.hpp>
#include <support/served.hpp>

#include <atomic>
#include <mutex>
#include <optional>
#include <regex>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using served::eventually;
using served::notes;

namespace {

// What the server answers to a CONNECT: "40/x,…" or "44/x,…", without the sid.
std::string join(raw::client& c, const std::string& nsp) {
  c.send_text("40" + nsp + ",");
  const std::string answer = c.read_text();
  return answer.substr(0, 2) == "40" ? answer.substr(0, answer.find('{')) : answer;
}

std::string invalid(const std::string& nsp) { return "44" + nsp + ",{\"message\":\"Invalid namespace\"}"; }

}  // namespace

TEST_CASE("the first rule that allows a name makes the namespace") {
  served::own_loop server;
  const auto digits = server.io->of(std::regex("^/[0-9]+$"));
  const auto stars = server.io->of(sio::pattern("/1*"));
  const auto asked = server.io->of([](std::string name) { return name == "/asked"; });
  raw::client c = raw::open_websocket(server.start());
  for (const char* name : {"/12", "/1x", "/asked"}) CHECK(join(c, name) == "40" + std::string(name) + ",");
  for (const char* name : {"/x", "/__proto__", "/toString", "/_0", "/1/2"}) CHECK(join(c, name) == invalid(name));
  const auto names = [](const sio::parent_nsp& of) {
    std::string all;
    for (const sio::nsp& n : of.children()) all += n.name();
    return all;
  };
  CHECK(names(digits) + names(stars) + names(asked) == "/12/1x/asked");
  CHECK(digits.name() + stars.name() + asked.name() == "/_0/_1/_2");
}

TEST_CASE("a regex sees no name that is too long for it") {
  served::own_loop server;
  server.io->of(std::regex("^/(a|aa)*$"));
  raw::client c = raw::open_websocket(server.start());
  const std::string fine = "/" + std::string(20, 'a'), longer = "/" + std::string(900, 'a');
  CHECK(join(c, fine) == "40" + fine + ",");
  CHECK(join(c, longer) == invalid(longer));
}

TEST_CASE("a rule that throws allows nothing, and the next one is asked") {
  served::own_loop server;
  server.io->of([](std::string) -> bool { throw std::runtime_error("no idea"); });
  server.io->of([](std::string, sio::value, sio::allow) { throw 42; });
  server.io->of([](std::string name, sio::value) { return name == "/fine"; });
  raw::client c = raw::open_websocket(server.start());
  CHECK(join(c, "/fine") == "40/fine,");
  CHECK(join(c, "/other") == invalid("/other"));
}

TEST_CASE("a rule may answer later, on any thread, and only once") {
  served::own_loop server;
  std::vector<std::thread> threads;
  server.io->of([&](std::string name, sio::value, sio::allow decide) {
    threads.emplace_back([=] {
      decide(name == "/late");
      decide(true);
    });
  });
  raw::client c = raw::open_websocket(server.start());
  CHECK(join(c, "/late") == "40/late,");
  CHECK(join(c, "/never") == invalid("/never"));
  for (std::thread& t : threads) t.join();
}

TEST_CASE("a client that goes, or thinks better of it, is not joined when the answer comes") {
  notes log;
  std::mutex mutex;
  std::vector<sio::allow> pending;
  const auto asked = [&] {
    const std::lock_guard<std::mutex> lock(mutex);
    return pending.size();
  };
  served::own_loop server;
  const auto parent = server.io->of([&](std::string, sio::value, sio::allow decide) {
    const std::lock_guard<std::mutex> lock(mutex);
    pending.push_back(decide);
  });
  parent.on("connection", [&](sio::socket s) { log.add("joined " + s.nsp().name()); });
  server.io->on("connection", [&](sio::socket s) {
    s.on("disconnect", [&] { log.add("gone"); });
    s.on("answer", [&] {
      const std::lock_guard<std::mutex> lock(mutex);
      for (const sio::allow& decide : pending) decide(true);
    });
  });
  const unsigned short port = server.start();

  raw::client leaver = raw::join_by_websocket(port);
  leaver.send_text("40/a,");
  leaver.close();
  CHECK(eventually([&] { return log.has("gone"); }));

  raw::client c = raw::join_by_websocket(port);
  c.send_text("40/b,"), c.send_text("41/b,"), c.send_text("40/b,");
  CHECK(eventually([&] { return asked() == 3; }));
  c.send_text("42[\"answer\"]");
  CHECK(c.read_text().substr(0, 5) == "40/b,");
  CHECK(join(c, "/b") == "");  // joined already: the connection ends
  CHECK(log.all() == std::vector<std::string>{"gone", "joined /b", "gone"});
  CHECK(parent.children().size() == 2);
}

TEST_CASE("a second CONNECT while a rule thinks about the first closes the connection") {
  served::own_loop server;
  server.io->of([](std::string, sio::value, sio::allow) {});
  raw::client c = raw::open_websocket(server.start());
  c.send_text("40/x,"), c.send_text("40/x,");
  CHECK(c.ended());
}

TEST_CASE("clients make no more namespaces than allowed") {
  sio::server_options o = served::quiet();
  o.max_child_namespaces = 3;
  served::own_loop server(o);
  server.io->of(sio::pattern("/*"));
  raw::client c = raw::open_websocket(server.start());
  for (const char* name : {"/a", "/b", "/c"}) CHECK(join(c, name) == "40" + std::string(name) + ",");
  CHECK(join(c, "/d") == invalid("/d"));
  raw::client other = raw::open_websocket(server.io->port());
  CHECK(join(other, "/a") == "40/a,");
}

TEST_CASE("an empty child goes, also one whose only client was refused, and its name can be used again") {
  sio::server_options o = served::quiet();
  o.cleanup_empty_child_namespaces = true;
  o.max_child_namespaces = 1;
  served::own_loop server(o);
  const auto parent = server.io->of(sio::pattern("/*"));
  parent.use([](sio::socket s) {
    if (s.nsp().name() == "/closed") throw sio::connect_error("closed");
  });
  notes made;
  server.io->on("new_namespace", [&](sio::nsp n) { made.add(n.name()); });
  raw::client c = raw::open_websocket(server.start());
  for (int i = 0; i != 3; ++i) {
    CHECK(join(c, "/a") == "40/a,");
    c.send_text("41/a,");
    CHECK(eventually([&] { return parent.children().empty(); }));
    CHECK(join(c, "/closed") == "44/closed,{\"message\":\"closed\"}");
    CHECK(eventually([&] { return parent.children().empty(); }));
  }
  CHECK(made.all() == std::vector<std::string>{"/a", "/closed", "/a", "/closed", "/a", "/closed"});
}

TEST_CASE("a namespace that the program asks for by a name that a rule knows is a child, too") {
  served::own_loop server;
  std::atomic<int> joined{0};
  server.io->of(sio::pattern("/room-*")).on("connection", [&] { ++joined; });
  const sio::nsp room = server.io->of("room-1");
  CHECK(server.io->of("/room-1") == room);
  raw::client c = raw::open_websocket(server.start());
  CHECK(join(c, "/room-1") == "40/room-1,");
  CHECK(eventually([&] { return joined == 1; }));
}

TEST_CASE("a parent hands on what it had when the child was made, and has no other events") {
  served::own_loop server;
  notes log;
  const auto parent = server.io->of(sio::pattern("/*"));
  parent.on("connection", [&, count = 0](sio::socket) mutable { log.add("first " + std::to_string(++count)); });
  const auto gone = parent.on("connect", [&] { log.add("never"); });
  parent.off("connect", gone);
  CHECK_THROWS_AS(parent.on("message", [] {}), std::invalid_argument);
  raw::client c = raw::open_websocket(server.start());
  CHECK(join(c, "/a") == "40/a,");
  CHECK(join(c, "/b") == "40/b,");
  parent.off();
  parent.use([](sio::socket) { throw sio::connect_error("closed"); });
  CHECK(join(c, "/c") == "44/c,{\"message\":\"closed\"}");
  raw::client other = raw::open_websocket(server.io->port());
  CHECK(join(other, "/a") == "40/a,");
  CHECK(eventually([&] { return log.size() == 3; }));
  CHECK(log.all() == std::vector<std::string>{"first 1", "first 2", "first 3"});
}

TEST_CASE("what is emitted to a parent reaches the sockets of its children, in rooms too") {
  served::own_loop server;
  const auto parent = server.io->of(sio::pattern("/*"));
  parent.on("connection", [](sio::socket s) {
    if (s.nsp().name() == "/a") s.join("x");
  });
  raw::client c = raw::open_websocket(server.start());
  CHECK(join(c, "/a") == "40/a,");
  CHECK(join(c, "/b") == "40/b,");
  parent.to("x").emit("one");
  parent.emit("both");
  CHECK(c.read_text() == "42/a,[\"one\"]");
  const std::string first = c.read_text(), second = c.read_text();
  CHECK(std::min(first, second) == "42/a,[\"both\"]");
  CHECK(std::max(first, second) == "42/b,[\"both\"]");
}

TEST_CASE("parents, children and handles may be used on any thread while clients come and go") {
  sio::server_options o = served::quiet();
  o.cleanup_empty_child_namespaces = true;
  served::own_loop server(o);
  const auto parent = server.io->of(sio::pattern("/*"));
  const unsigned short port = server.start();
  std::atomic<bool> over{false};
  std::vector<std::thread> threads;
  for (int i = 0; i != 2; ++i)
    threads.emplace_back([&] {
      while (!over) {
        const auto id = parent.on("connection", [](sio::socket s) { s.join("x"); });
        parent.use([](sio::socket) {});
        parent.emit("x");
        for (const sio::nsp& n : parent.children()) n.emit("y");
        server.io->of("/a").emit("z");
        parent.off("connection", id);
        std::this_thread::sleep_for(1ms);
      }
    });
  for (int i = 0; i != 30; ++i) {
    raw::client c = raw::open_websocket(port);
    c.send_text("40/a,"), c.send_text("40/b,");
    CHECK(c.read_text().substr(0, 2) == "40");
  }
  over = true;
  for (std::thread& t : threads) t.join();
}

TEST_CASE("rules and what they hold go with the server") {
  const auto keep = std::make_shared<int>(0);
  std::optional<sio::parent_nsp> parent;
  {
    sio::server io(served::quiet());
    parent = io.of([keep](std::string) { return true; });
    parent->use([keep](sio::socket) {});
    parent->on("connection", [keep] {});
    io.on("new_namespace", [keep](sio::nsp) {});
    io.of("/child");
    SECTION("that was closed") { io.close(); }
    SECTION("that nobody touched") {}
  }
  parent->emit("x");
  parent->on("connection", [keep] {});
  parent.reset();
  CHECK(keep.use_count() == 1);
}
