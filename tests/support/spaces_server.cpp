// Namespaces that clients make, and what a server does to many sockets at once: for tests with official clients.
#include <sio/sio.hpp>

#include <support/test_server.hpp>

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <optional>
#include <regex>
#include <string>
#include <vector>

namespace {

using namespace std::chrono_literals;

// "/later-…" is decided upon by a timer.
void decide_later(asio::io_context& loop, const std::string& name, const sio::allow& decide) {
  const auto timer = std::make_shared<asio::steady_timer>(loop, 20ms);
  timer->async_wait([timer, name, decide](sio::error_code) { decide(name.rfind("/later-", 0) == 0); });
}

void add_parents(const sio::server& io, asio::io_context& loop) {
  const std::vector<sio::parent_nsp> parents{
      io.of(std::regex("^/regex-[0-9]+$")),
      io.of(sio::pattern("/glob-*")),
      io.of([](std::string name, sio::value auth) {
        return name.rfind("/asked-", 0) == 0 && auth["token"] == sio::value("secret");
      }),
      io.of([&loop](std::string name, sio::value, sio::allow decide) { decide_later(loop, name, decide); }),
  };
  for (const sio::parent_nsp& parent : parents) {
    parent.use([](sio::socket s) {
      if (s.handshake().auth["banned"] == sio::value(true)) throw sio::connect_error("banned");
    });
    parent.on("connection", [parent](sio::socket s) {
      s.join("all");
      s.emit("welcome", s.nsp().name());
      s.on("tell", [s](sio::value v) { s.nsp().emit("told", std::move(v)); });
      s.on("tell family", [parent](sio::value v) { parent.to("all").emit("told", std::move(v)); });
    });
  }
}

void add_overview(const sio::server& io) {
  const auto made = std::make_shared<std::vector<std::string>>();
  io.on("new_namespace", [made](sio::nsp n) {
    made->push_back(n.name());
    n.on("connection", [](sio::socket s) { s.emit("greeted by new_namespace"); });
  });
  io.on("connection", [made](sio::socket s) { s.on("made", [made] { return *made; }); });
}

// The rooms of each socket, without the one of its id, and its data.
sio::array described(const std::vector<sio::remote_socket>& all) {
  sio::array out;
  for (const sio::remote_socket& s : all) {
    sio::array rooms;
    for (const std::string& room : s.rooms())
      if (room != s.id()) rooms.push_back(room);
    out.push_back(sio::object{{"id", s.id()}, {"rooms", std::move(rooms)}, {"data", s.data()}});
  }
  return out;
}

// What is done to many sockets at once.
void add_crowd(const sio::nsp& crowd) {
  crowd.on("connection", [crowd](sio::socket s) {
    s.data<sio::object>() = {{"name", s.handshake().auth["name"]}};
    s.on("fetch", [crowd](std::string room, sio::ack done) {
      crowd.in(room).fetch_sockets([done](std::vector<sio::remote_socket> all) { done(described(all)); });
    });
    s.on("join", [s](std::string room) { return s.join(room), true; });
    s.on("all of room join", [crowd](std::string one, std::string other) {
      return crowd.in(one).sockets_join(other), crowd.rooms().size(other);
    });
    s.on("all of room leave", [crowd](std::string one, std::string other) {
      return crowd.in(one).sockets_leave(other), crowd.rooms().size(other);
    });
    s.on("dismiss", [crowd](std::string room) { crowd.in(room).disconnect_sockets(); });
    s.on("ask each", [crowd](std::string room, sio::ack done) {
      crowd.in(room).fetch_sockets([done](std::vector<sio::remote_socket> all) {
        for (const sio::remote_socket& each : all)
          each.timeout(10s).emit("your name?", [done](sio::error_code, std::string name) { done(name); });
      });
    });
  });
  for (const char* event : {"create-room", "join-room", "leave-room", "delete-room"})
    crowd.rooms().on(event, [crowd, event](std::string room, std::optional<std::string> id) {
      if (room.size() != 20) crowd.to("watchers").emit("room", event, room, id.has_value());
    });
}

void serve(unsigned short port) {
  test::server_host host;
  sio::server_options options;
  options.cleanup_empty_child_namespaces = std::getenv("SIO_CLEANUP") != nullptr;
  sio::server io(host.loop.get_executor(), options);
  add_overview(io);
  add_parents(io, host.loop);
  add_crowd(io.of("/crowd"));

  io.listen(port);
  host.run(io);
}

}  // namespace

int main(int argc, char** argv) {
  return test::run_program("spaces_server", [&] { serve(test::port_of(argc, argv)); });
}
