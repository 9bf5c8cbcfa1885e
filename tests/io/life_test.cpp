// The life of a server: handles, loops and contexts that go in any order.
#include <sio/sio.hpp>
#include <support/catch.hpp>
#include <support/raw_client.hpp>
#include <support/served.hpp>

#include <asio/strand.hpp>
#include <asio/thread_pool.hpp>

#include <atomic>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using served::eventually;
using served::quiet;

namespace {

// Uses every call of a handle that may be used on any thread, whatever is left behind it.
void use_all(const sio::socket& s) {
  s.emit("x", 1);
  s.emit("x", 1, [](sio::error_code) {});
  s.timeout(1ms).emit("x", [](sio::error_code, int) {});
  s.volatile_().emit("x");
  s.broadcast().emit("x");
  s.to("room").except("other").emit("x");
  s.join({"a", "b"});
  s.leave("a");
  const auto id = s.on("y", [s] { s.emit("z"); });
  s.once("y", [] {});
  s.off("y", id);
  s.off("y");
  s.off();
  s.nsp().emit("x");
  s.nsp().on("connection", [] {});
  s.nsp().use([](sio::socket) {});
  s.nsp().off();
  s.disconnect();
  s.disconnect(true);
  (void)s.handshake().auth;
  (void)s.id();
  (void)s.connected();
}

void use_all(sio::server& io) {
  io.on("connection", [](sio::socket) {});
  io.use([](sio::socket) {});
  io.of("/other").on("connection", [](sio::socket) {});
  io.emit("x");
  io.to("room").emit("x");
  io.on_request("/x", [](const sio::request&) { return sio::response{}; });
  io.serve_files("/files", "/");
  io.close();
  io.stop();
  io.off();
}

}  // namespace

TEST_CASE("a server that never ran leaves nothing behind") {
  auto keep = std::make_shared<int>(0);
  {
    sio::server io(quiet());
    io.on("connection", [keep](sio::socket) {});
    io.on_request("/x", [keep](const sio::request&) { return sio::response{}; });
    io.listen("127.0.0.1", 0);
    SECTION("nor one that was closed") {
      io.close([keep] {});
    }
    SECTION("nor one that was stopped") { io.stop(); }
    SECTION("nor one that nobody touched") {}
  }
  CHECK(keep.use_count() == 1);
}

TEST_CASE("a server that was closed before it ran returns from run at once") {
  bool done = false;
  sio::server io(quiet());
  io.listen("127.0.0.1", 0);
  io.close([&] { done = true; });
  io.run();
  CHECK(done);
  io.run();
}

TEST_CASE("a server that was stopped before it ran returns from run at once") {
  sio::server io(quiet());
  io.listen("127.0.0.1", 0);
  io.stop();
  io.run();
}

TEST_CASE("every close is told when the server is closed") {
  std::vector<int> done;
  sio::server io(quiet());
  io.close([&] { done.push_back(1); });
  io.close([&] { done.push_back(2); });
  io.run();
  CHECK(done == std::vector<int>{1, 2});
}

TEST_CASE("close after the end is told at once on a host's executor") {
  asio::io_context context;
  std::vector<int> done;
  sio::server io(context.get_executor(), quiet());
  io.close([&] { done.push_back(1); });
  context.run();
  context.restart();
  io.close([&] { done.push_back(2); });
  context.run();
  CHECK(done == std::vector<int>{1, 2});
}

TEST_CASE("a closed server lets go of everybody's lambdas") {
  auto keep = std::make_shared<int>(0);
  std::weak_ptr<int> watch = keep;
  sio::server io(quiet());
  io.on("connection", [keep](sio::socket) {});
  io.use([keep](sio::socket) {});
  io.on_request("/x", [keep](const sio::request&) { return sio::response{}; });
  keep.reset();
  io.close();
  io.run();
  CHECK(watch.expired());
}

TEST_CASE("calls on a server after its end do nothing") {
  sio::server io(quiet());
  io.close();
  io.run();
  use_all(io);
  io.run();
}

TEST_CASE("calls on a server whose context is gone do nothing") {
  std::optional<asio::io_context> context(std::in_place);
  sio::server io(context->get_executor(), quiet());
  io.listen("127.0.0.1", 0);
  SECTION("after it turned") { context->poll(); }
  SECTION("before it turned") {}
  SECTION("while it closes") { io.close(); }
  context.reset();
  use_all(io);
}

TEST_CASE("a strand may go with its context before the server") {
  std::optional<asio::io_context> context(std::in_place);
  std::optional<sio::server> io(std::in_place, asio::make_strand(*context), quiet());
  const sio::nsp kept = io->of("/");
  io->listen("127.0.0.1", 0);
  context->poll();
  SECTION("the context first") {
    context.reset();
    use_all(*io);
    io.reset();
  }
  SECTION("the server first") {
    io.reset();
    context->poll();
    context.reset();
  }
  SECTION("the server first, and the context never turns again") {
    io.reset();
    context.reset();
  }
  kept.emit("x");
}

TEST_CASE("sockets outlive their server and its context") {
  std::optional<asio::io_context> context(std::in_place);
  std::optional<sio::server> io(std::in_place, context->get_executor(), quiet());
  std::vector<sio::socket> kept;
  io->on("connection", [&](sio::socket s) {
    s.on("x", [s](int) {});
    s.emit("question", [s](sio::error_code, int) {});
    s.timeout(1h).emit("question", [s](sio::error_code, int) {});
    kept.push_back(s);
  });
  io->listen("127.0.0.1", 0);
  std::thread turning([&] {
    while (kept.size() != 2) context->run_one_for(1ms);
  });
  const auto a = raw::join_by_websocket(io->port());
  raw::client b(io->port());
  const std::string with_sid = raw::path + "polling&sid=" + raw::open_by_polling(b);
  b.post(with_sid, "40");
  turning.join();
  SECTION("the server goes first") {
    io.reset();
    context.reset();
  }
  SECTION("the context goes first") {
    context.reset();
    io.reset();
  }
  SECTION("the server goes, the context turns once more") {
    io.reset();
    context->poll();
    CHECK_FALSE(kept[0].connected());
    context.reset();
  }
  SECTION("they are used before the context goes, and it never turns") {
    for (const auto& s : kept) use_all(s);
    io->stop();
    context.reset();
  }
  for (const auto& s : kept) use_all(s);
}

TEST_CASE("a server lives on a thread pool's strand") {
  asio::thread_pool pool(2);
  sio::server io(asio::make_strand(pool.get_executor()), quiet());
  io.on("connection", [](sio::socket s) { s.on("sum", [](int a, int b) { return a + b; }); });
  io.listen("127.0.0.1", 0);
  auto c = raw::join_by_websocket(io.port());
  c.send_text("421[\"sum\",1,2]");
  CHECK(c.read_text() == "431[3]");
  std::atomic<bool> done{false};
  io.close([&] { done = true; });
  CHECK(c.ended());
  CHECK(eventually([&] { return done.load(); }));
}

TEST_CASE("the last handle goes while the loop turns on another thread") {
  served::own_loop own;
  const unsigned short port = own.start();
  std::atomic<bool> told{false};
  own.io->on("connection", [&](sio::socket s) { s.on("disconnect", [&] { told = true; }); });
  auto c = raw::join_by_websocket(port);
  own.io.reset();
  own.join();
  CHECK(c.ended());
  CHECK_FALSE(told);
}

TEST_CASE("the last handle goes while the host's loop turns on another thread") {
  served::host h;
  std::optional<sio::server> io(std::in_place, h.context.get_executor(), quiet());
  io->listen("127.0.0.1", 0);
  auto c = raw::join_by_websocket(io->port());
  io.reset();
  CHECK(c.ended());
  h.finish();
}

TEST_CASE("a closed server keeps no host's loop turning") {
  served::host h;
  sio::server io(h.context.get_executor(), quiet());
  io.listen("127.0.0.1", 0);
  auto c = raw::join_by_websocket(io.port());
  io.close();
  CHECK(c.ended());
  c.close();
  h.finish();
}

TEST_CASE("a close without clients ends on a strand that several threads turn") {
  served::host h(3);
  for (int i = 0; i != 300; ++i) {
    std::atomic<bool> done{false};
    sio::server io(asio::make_strand(h.context), quiet());
    io.listen("127.0.0.1", 0);
    io.close([&] { done = true; });
    REQUIRE(eventually([&] { return done.load(); }, 5s));
  }
}

TEST_CASE("two servers live on one context") {
  served::host h;
  sio::server a(h.context.get_executor(), quiet());
  {
    sio::server b(h.context.get_executor(), quiet());
    a.listen("127.0.0.1", 0);
    b.listen("127.0.0.1", 0);
    auto to_b = raw::join_by_websocket(b.port());
  }
  auto to_a = raw::join_by_websocket(a.port());
  CHECK(to_a.send_text("40/none,"));
  CHECK(to_a.read_text() == "44/none,{\"message\":\"Invalid namespace\"}");
}

TEST_CASE("a handle that was moved from still stands for its server") {
  sio::server io(quiet());
  sio::server other = std::move(io);
  CHECK(io.port() == 0);  // NOLINT: that is what is tested
  other.listen("127.0.0.1", 0);
  CHECK(io.port() == other.port());
}
