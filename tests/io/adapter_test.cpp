// An adapter of somebody else's, put behind the rooms of a server by its option alone.
#include <sio/adapter.hpp>
#include <sio/sio.hpp>
#include <support/catch.hpp>
#include <support/raw_client.hpp>
#include <support/served.hpp>

#include <memory>
#include <stdexcept>

using namespace std::chrono_literals;
using served::eventually;
using served::notes;

namespace {

// Notes what it is asked to do, and has the default one do it.
class noting_adapter final : public sio::memory_adapter {
 public:
  noting_adapter(sio::adapter_host& host, notes& log) : memory_adapter(host), log_(log) {}
  ~noting_adapter() override { note("gone"); }

  void init() override {
    note("init");
    host().watch_rooms([this](const sio::room_change& c) {
      if (c.what == sio::room_change::kind::create && c.room == "lobby") note("created lobby");
    });
  }
  void close() override { note("close"); }
  void add_all(sio::local_socket& who, const std::vector<std::string>& rooms) override {
    note("add " + (rooms.front() == who.id() ? "itself" : rooms.front()));
    memory_adapter::add_all(who, rooms);
  }
  void del_all(sio::local_socket& who) override {
    memory_adapter::del_all(who);
    note("del all");
  }
  // As a cluster's would: something more for the clients to keep.
  void broadcast(sio::event_packet packet, const sio::broadcast_options& to) override {
    note("broadcast " + packet.event());
    packet.append("offset 1");
    memory_adapter::broadcast(std::move(packet), to);
  }

 private:
  void note(const std::string& what) { log_.add(host().name() + " " + what); }
  notes& log_;
};

sio::server_options with_notes(notes& log) {
  sio::server_options o = served::quiet();
  o.adapter = [&log](sio::adapter_host& host) { return std::make_unique<noting_adapter>(host, log); };
  return o;
}

}  // namespace

TEST_CASE("an adapter of another make is put behind a namespace's rooms by an option") {
  notes log;
  {
    served::own_loop server(with_notes(log));
    server.io->on("connection", [](sio::socket s) { s.join("lobby"); });
    const unsigned short port = server.start();
    raw::client c = raw::join_by_websocket(port);
    server.io->to("lobby").emit("hello", 1);
    CHECK(c.read_text() == "42[\"hello\",1,\"offset 1\"]");
    c.close();
    CHECK(eventually([&] { return log.has("/ del all"); }));
    server.io->close();
    server.join();
  }
  CHECK(log.all() == std::vector<std::string>{"/ init", "/ add itself", "/ add lobby", "/ created lobby",
                                              "/ broadcast hello", "/ del all", "/ close", "/ gone"});
}

TEST_CASE("an adapter begins with its namespace, and before anything is asked of it") {
  notes log;
  served::own_loop server(with_notes(log));
  server.io->of("/chat");
  server.start();
  CHECK(eventually([&] { return log.has("/chat init"); }));
}

TEST_CASE("a maker of adapters that makes none, or throws, is the programmer's to mend") {
  sio::server_options o = served::quiet();
  o.adapter = [](sio::adapter_host&) { return std::unique_ptr<sio::adapter>(); };
  CHECK_THROWS_AS(sio::server(o), std::invalid_argument);
  o.adapter = [](sio::adapter_host& host) -> std::unique_ptr<sio::adapter> {
    if (host.name() == "/bad") throw std::runtime_error("no connection");
    return std::make_unique<sio::memory_adapter>(host);
  };
  sio::server io(o);
  CHECK_THROWS_AS(io.of("/bad"), std::runtime_error);
  CHECK_THROWS_AS(io.of("/bad"), std::runtime_error);
  io.of("/good").emit("x");
}

TEST_CASE("handlers hear how rooms come and go, and their sizes") {
  served::own_loop server;
  notes log;
  const auto rooms = server.io->of("/").rooms();
  rooms.on("create-room", [&](std::string room) { log.add("create " + (room.size() == 20 ? "own" : room)); });
  rooms.on("join-room", [&](std::string room, std::string) { log.add("join " + (room.size() == 20 ? "own" : room)); });
  rooms.on("leave-room",
           [&](std::string room, std::string) { log.add("leave " + (room.size() == 20 ? "own" : room)); });
  rooms.on("delete-room", [&](std::string room) { log.add("delete " + (room.size() == 20 ? "own" : room)); });
  rooms.on("join-room", [&](std::string room) {
    if (room == "x") throw std::runtime_error("must not matter");
  });
  server.io->on("connection", [&](sio::socket s) {
    s.join("x");
    log.add("size " + std::to_string(rooms.size("x")) + " of " + std::to_string(rooms.sizes().size()));
  });
  raw::client c = raw::join_by_websocket(server.start());
  CHECK(eventually([&] { return log.size() == 5; }));
  c.close();
  CHECK(eventually([&] { return log.size() == 9; }));
  CHECK(log.all() == std::vector<std::string>{"create own", "join own", "create x", "join x", "size 1 of 2",
                                              "leave own", "delete own", "leave x", "delete x"});
  CHECK_THROWS_AS(rooms.sizes(), std::logic_error);
}
