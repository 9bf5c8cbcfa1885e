// Calls that concern many sockets at once: of one server, and of two that an adapter joins.
#include <sio/sio.hpp>
#include <support/bus_adapter.hpp>
#include <support/catch.hpp>
#include <support/raw_client.hpp>
#include <support/served.hpp>

#include <asio/use_future.hpp>

#include <algorithm>
#include <atomic>
#include <future>
#include <map>
#include <memory>
#include <stdexcept>
#include <thread>

using namespace std::chrono_literals;
using served::eventually;
using served::notes;

namespace {

using remote_sockets = std::vector<sio::remote_socket>;

struct user {
  std::string name;
  std::vector<int> scores;
};
SIO_FIELDS(user, name, scores)

struct secret {
  std::shared_ptr<int> kept;
};

// Two servers on one loop, in one cluster.
struct cluster {
  cluster() {
    for (auto* io : {&one, &two}) io->listen("127.0.0.1", 0);
  }
  ~cluster() {
    std::promise<void> over;
    one.close([&] { two.close([&] { over.set_value(); }); });
    over.get_future().wait();
  }

  static sio::server_options joined(const std::shared_ptr<std::map<std::string, std::shared_ptr<bus::members>>>& all) {
    sio::server_options o = served::quiet();
    o.adapter = [all](sio::adapter_host& its) {
      auto& members = (*all)[its.name()];
      if (!members) members = std::make_shared<bus::members>();
      return std::make_unique<bus::adapter>(its, members);
    };
    return o;
  }

  served::host host;
  std::shared_ptr<std::map<std::string, std::shared_ptr<bus::members>>> all =
      std::make_shared<std::map<std::string, std::shared_ptr<bus::members>>>();
  sio::server one{host.context.get_executor(), joined(all)}, two{host.context.get_executor(), joined(all)};
};

}  // namespace

TEST_CASE("fetch_sockets tells of each socket what its server knows") {
  served::own_loop server;
  server.io->on("connection", [](sio::socket s) {
    s.join({"x", "y"});
    s.data<user>() = {"Ada", {1, 2}};
  });
  raw::client c = raw::join_by_websocket(server.start());
  const remote_sockets all = server.io->in("x").fetch_sockets(asio::use_future).get();
  REQUIRE(all.size() == 1);
  CHECK(all[0].id().size() == 20);
  CHECK(all[0].rooms() == std::vector<std::string>{all[0].id(), "x", "y"});
  CHECK(all[0].data() == sio::value(sio::object{{"name", "Ada"}, {"scores", sio::array{1, 2}}}));
  CHECK(all[0].handshake().query["EIO"] == "4");
  CHECK(server.io->in("nobody").fetch_sockets(asio::use_future).get().empty());
  CHECK(server.io->except("y").fetch_sockets(asio::use_future).get().empty());
  CHECK(sio::remote_socket().id().empty());
}

TEST_CASE("data that cannot travel stays at home") {
  served::own_loop server;
  std::atomic<int> kind{0};
  server.io->on("connection", [&](sio::socket s) {
    if (kind == 0) s.data<secret>();
    if (kind == 1) s.data<std::vector<secret>>();
    if (kind == 2) s.data<std::map<std::string, int>>()["a"] = 1;
  });
  const unsigned short port = server.start();
  const auto shown = [&] {
    raw::client c = raw::join_by_websocket(port);
    return server.io->fetch_sockets(asio::use_future).get().back().data();
  };
  CHECK(shown() == sio::value(sio::object()));
  kind = 1;
  CHECK(shown() == sio::value(sio::object()));
  kind = 2;
  CHECK(shown() == sio::value(sio::object{{"a", 1}}));
}

TEST_CASE("lambdas hear of fetched sockets on the loop, with or without an error_code, and may throw") {
  served::own_loop server;
  notes log;
  raw::client c = raw::join_by_websocket(server.start());
  server.io->fetch_sockets([&](remote_sockets all) {
    log.add("sockets " + std::to_string(all.size()));
    CHECK(server.io->of("/").sockets().size() == 1);
    throw std::runtime_error("must not matter");
  });
  server.io->of("/").all_rooms([&](sio::error_code ec, std::vector<std::string> names) {
    log.add("rooms " + std::to_string(names.size()) + (ec ? " and an error" : ""));
  });
  CHECK(eventually([&] { return log.size() == 2; }));
  CHECK(log.all() == std::vector<std::string>{"sockets 1", "rooms 1"});
}

TEST_CASE("sockets join and leave rooms together, and are dismissed together") {
  served::own_loop server;
  const unsigned short port = server.start();
  raw::client a = raw::join_by_websocket(port), b = raw::join_by_websocket(port);
  server.io->sockets_join({"x", "y"});
  server.io->to("x").emit("one");
  CHECK(a.read_text() == "42[\"one\"]");
  CHECK(b.read_text() == "42[\"one\"]");
  server.io->in("x").sockets_leave("y");
  CHECK(server.io->in("y").fetch_sockets(asio::use_future).get().empty());
  CHECK(server.io->of("/").sockets_count() == 2);
  server.io->in("x").disconnect_sockets();
  CHECK(a.read_text() == "41");
  CHECK(b.read_text() == "41");
  CHECK(eventually([&] { return server.io->of("/").sockets_count() == 0; }));
  raw::client d = raw::join_by_websocket(port);
  server.io->disconnect_sockets(true);
  CHECK(d.read_text() == "41");
  CHECK(d.ended());
}

TEST_CASE("a fetched socket is reached where it is, and does nothing once it is gone") {
  served::own_loop server;
  raw::client c = raw::join_by_websocket(server.start());
  const sio::remote_socket s = server.io->fetch_sockets(asio::use_future).get().at(0);
  notes log;
  s.emit("hello", 1);
  CHECK(c.read_text() == "42[\"hello\",1]");
  s.timeout(20s).emit("sum", 1, 2, [&](sio::error_code ec, int sum) { log.add(std::to_string(ec ? -1 : sum)); });
  const std::string asked = c.read_text();
  CHECK(asked.substr(0, 2) == "42");
  c.send_text("43" + asked.substr(2, asked.find('[') - 2) + "[3]");
  CHECK(eventually([&] { return log.has("3"); }));
  s.timeout(1ms).emit("silence", [&](sio::error_code ec) { log.add(ec.message()); });
  CHECK(eventually([&] { return log.has("operation has timed out"); }));
  s.join("x");
  CHECK(server.io->in("x").fetch_sockets(asio::use_future).get().size() == 1);
  s.leave("x");
  CHECK(server.io->in("x").fetch_sockets(asio::use_future).get().empty());
  s.disconnect(true);
  CHECK(c.ended());
  CHECK(eventually([&] { return server.io->of("/").sockets_count() == 0; }));
  s.emit("x"), s.join("x"), s.disconnect();
  s.timeout(1s).emit("x", [&](sio::error_code ec) { log.add(ec ? "nobody" : "somebody"); });
  CHECK(eventually([&] { return log.has("nobody"); }));
}

TEST_CASE("handlers find the sockets of their namespace, others may not") {
  served::own_loop server;
  std::promise<bool> found;
  server.io->on("connection", [&](sio::socket s) {
    const sio::nsp n = s.nsp();
    s.leave(s.id());
    found.set_value(n.sockets() == std::vector<sio::socket>{s} && n.find(s.id()) == s && !n.find("x"));
  });
  raw::client c = raw::join_by_websocket(server.start());
  CHECK(found.get_future().get());
  CHECK_THROWS_AS(server.io->of("/").sockets(), std::logic_error);
  CHECK_THROWS_AS(server.io->of("/").find("x"), std::logic_error);
}

TEST_CASE("a server that is alone has nobody to answer it") {
  served::own_loop server;
  server.start();
  server.io->server_side_emit("hi", 1);
  CHECK(server.io->server_side_emit_with_ack("hi", 1, asio::use_future).get().empty());
  for (const char* own : {"connection", "connect", "new_namespace"}) {
    CHECK_THROWS_AS(server.io->server_side_emit(own), std::invalid_argument);
    CHECK_THROWS_AS(server.io->of("/x").server_side_emit_with_ack(own, asio::use_future), std::invalid_argument);
  }
}

TEST_CASE("a parent namespace cannot fetch sockets, and says so") {
  served::own_loop server;
  const auto parent = server.io->of(sio::pattern("/*"));
  server.start();
  std::promise<sio::error_code> code;
  parent.to("x").fetch_sockets([&](sio::error_code ec, remote_sockets) { code.set_value(ec); });
  CHECK(code.get_future().get() == sio::errc::unsupported);
}

TEST_CASE("two servers that an adapter joins are one to all calls") {
  cluster servers;
  for (sio::server* io : {&servers.one, &servers.two}) io->on("connection", [](sio::socket s) { s.join("x"); });
  raw::client a = raw::join_by_websocket(servers.one.port()), b = raw::join_by_websocket(servers.two.port());
  const remote_sockets all = servers.one.in("x").fetch_sockets(asio::use_future).get();
  CHECK(all.size() == 2);
  CHECK(servers.one.local().fetch_sockets(asio::use_future).get().size() == 1);
  CHECK(servers.one.of("/").all_rooms(asio::use_future).get().size() == 3);
  servers.one.emit("everywhere");
  servers.two.local().emit("here");
  for (const sio::remote_socket& s : all) s.emit("you");
  CHECK(a.read_text() == "42[\"everywhere\"]");
  CHECK(a.read_text() == "42[\"you\"]");
  for (const char* text : {"everywhere", "here", "you"}) CHECK(b.read_text() == "42[\"" + std::string(text) + "\"]");
  servers.two.to("x").disconnect_sockets();
  CHECK(a.read_text() == "41");
  CHECK(b.read_text() == "41");
}

TEST_CASE("servers talk to each other, and answer") {
  cluster servers;
  notes log;
  servers.two.on("hi", [&](std::string text) { log.add(text); });
  servers.two.on("sum", [](int a, int b, sio::ack done) { done(a + b); });
  servers.one.on("hi", [&](std::string text) { log.add("myself: " + text); });
  servers.one.server_side_emit("hi", "there");
  CHECK(eventually([&] { return log.size() == 1; }));
  CHECK(log.has("there"));
  CHECK(servers.one.server_side_emit_with_ack<int>("sum", 1, 2, asio::use_future).get() == std::vector<int>{3});
  servers.one.server_side_emit("sum", 2, 2, [&](sio::error_code ec, std::vector<int> sums) {
    log.add(ec || sums.size() != 1 ? "wrong" : std::to_string(sums[0]));
  });
  CHECK(eventually([&] { return log.has("4"); }));
}

TEST_CASE("asking a server that has ended tells the token, or nobody") {
  std::optional<sio::nsp> left;
  {
    served::own_loop server;
    server.start();
    left = server.io->of("/");
  }
  bool told = false;
  left->fetch_sockets([&](remote_sockets) { told = true; });
  left->sockets_join("x"), left->disconnect_sockets(), left->server_side_emit("x");
  CHECK(left->sockets_count() == 0);
  CHECK_FALSE(told);
  std::promise<sio::error_code> code;
  sio::nsp().fetch_sockets([&](sio::error_code ec, remote_sockets) { code.set_value(ec); });
  CHECK(code.get_future().get() == sio::errc::disconnected);
}
