// What the tests with official clients talk to; tests/js/reference_server.mjs has the same handlers.
#include <sio/sio.hpp>

#include <support/test_server.hpp>

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace {

using namespace std::chrono_literals;

struct point {
  int x = 0, y = 0;
};
SIO_FIELDS(point, x, y)

sio::binary pattern(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i != size; ++i) bytes[i] = static_cast<char>(i % 251);
  return sio::binary(std::move(bytes));
}

std::vector<std::string> rooms_of(const sio::socket& s) {
  std::vector<std::string> rooms;
  for (std::string& room : s.rooms())
    if (room != s.id()) rooms.push_back(std::move(room));
  return rooms;
}

void add_answers(sio::socket s) {
  s.on("echo", [s](sio::value v) { s.emit("echo", std::move(v)); });
  s.on("swap", [](sio::value a, sio::value b) { return std::tuple(std::move(b), std::move(a)); });
  s.on("sum", [](int a, int b) { return a + b; });
  s.on("turn", [](point p) { return point{-p.y, p.x}; });
  s.on("nothing", [](sio::ack done) { done(); });
  s.on("upload", [](std::string name, sio::binary b, sio::ack done) { done(name + " ok", b.size()); });
  s.on("download", [s](unsigned size) { s.emit("file", "data.bin", pattern(size)); });
  s.on("length", [](std::string text) { return text.size(); });
  s.on("handshake", [s](std::string key, sio::ack done) { done(s.handshake().auth, s.handshake().query[key]); });
}

void add_questions(sio::socket s) {
  s.on("ask me", [s] {
    s.timeout(10s).emit("question", 6, 7, [s](sio::error_code ec, int answer) { s.emit("answered", !ec, answer); });
  });
  s.on("ask me for bytes", [s] {
    s.timeout(10s).emit("bytes please", pattern(5),
                        [s](sio::error_code, sio::value bytes) { s.emit("bytes came", std::move(bytes)); });
  });
  s.on("ask me in vain",
       [s] { s.timeout(100ms).emit("silence", [s](sio::error_code ec) { s.emit("unanswered", ec.message()); }); });
}

void add_rooms(sio::socket s) {
  s.on("join", [s](std::string room) { return s.join(room), rooms_of(s); });
  s.on("leave", [s](std::string room) { return s.leave(room), rooms_of(s); });
  s.on("rooms", [s] { return rooms_of(s); });
  s.on("say", [s](std::string room, std::string text) { s.to(room).emit("said", text); });
  s.on("say to all", [s](std::string room, std::string text) { s.nsp().to(room).emit("said", text); });
  s.on("say to both",
       [s](std::string one, std::string other, std::string text) { s.nsp().to(one).to(other).emit("said", text); });
  s.on("say except", [s](std::string room, std::string muted, std::string text) {
    s.nsp().to(room).except(muted).emit("said", text);
  });
  s.on("shout", [s](sio::value v) { s.broadcast().emit("shouted", std::move(v)); });
  s.on("tell", [s](sio::value v) { s.nsp().emit("told", std::move(v)); });
}

struct tally {
  int count = 0;
  bool in_order = true;
};

void add_numbers(sio::socket s) {
  s.on("number", [s](int n) {
    tally& t = s.data<tally>();
    t.in_order = t.in_order && n == t.count++;
  });
  s.on("numbers", [s] { return std::tuple(s.data<tally>().count, s.data<tally>().in_order); });
  s.on("count to", [s](int n) {
    for (int i = 0; i != n; ++i) s.emit("number", i);
  });
  s.on("tick", [s](int n) {
    for (int i = 0; i != n; ++i) s.volatile_().emit("ticked", i);
    s.emit("all ticked");
  });
}

void add_endings(sio::socket s) {
  s.on("dismiss me", [s] { s.disconnect(); });
  s.on("hang up", [s] { s.disconnect(true); });
  s.on("disconnecting", [s] { s.nsp().to("watchers").emit("going", s.id(), rooms_of(s)); });
  s.on("disconnect", [s](sio::reason why) { s.nsp().to("watchers").emit("gone", s.id(), why); });
}

void greet(sio::socket s) {
  add_answers(s);
  add_questions(s);
  add_rooms(s);
  add_numbers(s);
  add_endings(s);
  s.emit("hello", s.id(), s.handshake().auth);
}

// Refuses with data, or lets in whom the token names.
void add_members(sio::nsp members) {
  members.use([](sio::socket s) {
    if (s.handshake().auth["token"] == sio::value("secret")) return;
    const sio::object data{{"code", 401}, {"hint", sio::array{"ask", "again"}}};
    throw sio::connect_error("not authorized", data);
  });
  members.on("connection", [](sio::socket s) { s.on("who am I", [s] { return s.handshake().auth["user"]; }); });
}

// Two middlewares in a row, the second one answering later.
void add_gates(sio::nsp gates, asio::io_context& loop) {
  gates.use([](sio::socket s) { s.join("gate 1"); });
  gates.use([&loop](sio::socket s, sio::next go_on) {
    const auto later = std::make_shared<asio::steady_timer>(loop, 20ms);
    later->async_wait([later, s, go_on](sio::error_code) {
      if (s.handshake().auth["closed"] == sio::value(true)) return go_on(sio::connect_error("gate 2 is closed"));
      s.join("gate 2");
      go_on();
    });
  });
  gates.on("connection", [](sio::socket s) { s.emit("passed", rooms_of(s)); });
}

void serve(unsigned short port, std::string_view how) {
  test::server_host host;
  sio::server_options options;
  options.ping_interval = 500ms;
  options.allow_eio3 = true;
  if (how == "--msgpack") options.parser = sio::msgpack_parser();
  if (how == "--recovery") options.connection_state_recovery = sio::recovery_options{};
  sio::server io(host.loop.get_executor(), options);
  for (const char* name : {"/", "/other"}) io.of(name).on("connection", greet);
  add_members(io.of("/members"));
  add_gates(io.of("/gates"), host.loop);

  io.listen(port);
  host.run(io);
}

}  // namespace

int main(int argc, char** argv) {
  return test::run_program("app_server", [&] { serve(test::port_of(argc, argv), argc > 2 ? argv[1] : ""); });
}
