// What a client's options do, as the official server sees it.
#include <support/catch.hpp>
#include <support/client_fixture.hpp>
#include <support/peer_process.hpp>
#include <support/temp_dir.hpp>

#include <sio/parser.hpp>

#include <asio/use_future.hpp>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using sio::array;
using sio::object;
using sio::value;
using test::guest;
using test::way;

namespace {

test::node_server& server() {
  static test::node_server one;
  return one;
}

value ask(const guest& g, const std::string& event) {
  g.io.emit(event, [h = g.all](const value& answer) { h->note("told", {answer}); });
  return g.expect("told").at(0);
}

std::string engine_of(const guest& g) { return ask(g, "engine info")["id"].as<std::string>(); }

// The handshake, by a client with these options.
value handshake(const std::string& url, sio::client_options o) {
  guest g(url, std::move(o));
  g.enter();
  return ask(g, "handshake");
}

}  // namespace

TEST_CASE("the namespaces of one server share a connection, unless somebody wants one of its own") {
  const std::string url = server().url();
  guest first(url), admin(url + "/admin");
  first.enter(), admin.enter();
  const std::string shared = engine_of(first);
  CHECK(engine_of(admin) == shared);
  CHECK(admin.io.manager() == first.io.manager());
  CHECK(admin.io.nsp() == "/admin");
  CHECK(admin.io.id() != first.io.id());

  guest third(first.io.manager().socket("/dynamic-x"));
  third.enter();
  CHECK(engine_of(third) == shared);
  CHECK(first.io.manager().socket("/dynamic-x") == third.io);
  CHECK_FALSE(first.io.manager().socket("/dynamic-y") == third.io);

  guest twin(url);
  sio::client_options o = test::by(way::upgrade);
  o.force_new = true;
  guest forced(url + "/dynamic-z", o);
  o.force_new = false, o.multiplex = false;
  guest alone(url + "/dynamic-z", o);
  for (const guest* g : {&twin, &forced, &alone}) {
    g->enter();
    CHECK(engine_of(*g) != shared);
  }
  CHECK(engine_of(forced) != engine_of(alone));

  admin.io.disconnect();
  CHECK(admin.expect_text("disconnect") == R"(["io client disconnect"])");
  CHECK(engine_of(first) == shared);
  first.io.disconnect(), third.io.disconnect();
  CHECK(first.expect_text("manager close") == R"(["forced close"])");
}

TEST_CASE("auth is a value, or what a callable gives, at each connection anew") {
  sio::client_options o = test::by(way::websocket);
  o.force_new = true;
  o.auth = {{"token", "a"}};
  guest fixed(server().url(), o);
  fixed.enter();
  CHECK(fixed.expect("hello").at(1) == value(object{{"token", "a"}}));
  fixed.io.auth({{"token", "b"}});
  fixed.io.emit("disconnect engine", "terminate");
  CHECK(fixed.expect("hello").at(1) == value(object{{"token", "b"}}));

  const auto times = std::make_shared<std::atomic<int>>(0);
  o.auth = [times] { return value(object{{"time", ++*times}}); };
  guest asked(server().url(), o);
  asked.enter();
  CHECK(asked.expect("hello").at(1) == value(object{{"time", 1}}));
  asked.io.emit("disconnect engine", "terminate");
  CHECK(asked.expect("hello").at(1) == value(object{{"time", 2}}));

  std::thread elsewhere;
  o.auth = [&](sio::auth::reply give) { elsewhere = std::thread([give] { give(object{{"later", true}}); }); };
  {
    guest waiting(server().url(), o);
    waiting.enter();
    CHECK(waiting.expect("hello").at(1) == value(object{{"later", true}}));
    elsewhere.join();
  }
  o.auth = []() -> value { throw std::runtime_error("no token today"); };
  guest failing(server().url(), o);
  failing.io.connect();
  CHECK(failing.expect_text("error") == R"(["auth: no token today"])");
}

TEST_CASE("query, path, headers and stamps are in the requests as they were asked for") {
  sio::client_options o = test::by(way::polling);
  o.force_new = true;
  o.extra_headers.set("X-Of-The-Test", "yes");
  o.extra_headers.set("User-Agent", "a test");
  value told = handshake(server().url() + "/?from=url&a%20b=c%26d", o);
  CHECK(told["query"]["from"] == value("url"));
  CHECK(told["query"]["a b"] == value("c&d"));
  CHECK(told["query"]["EIO"] == value("4"));
  CHECK(told["query"]["transport"] == value("polling"));
  CHECK(told["query"]["t"].is_string());
  CHECK_FALSE(told["query"]["b64"].is_string());
  CHECK(told["headers"]["x-of-the-test"] == value("yes"));
  CHECK(told["headers"]["user-agent"] == value("a test"));
  CHECK(told["url"].as<std::string>().rfind("/socket.io/?", 0) == 0);

  o.query = {{"from", "options"}, {"ü", "&="}};
  o.path = "/socket.io/below";
  o.add_trailing_slash = false;
  o.timestamp_param = "stamp";
  o.force_base64 = true;
  told = handshake(server().url() + "/?from=url&other=1", o);
  CHECK(told["query"]["from"] == value("options"));
  CHECK(told["query"]["ü"] == value("&="));
  CHECK_FALSE(told["query"]["other"].is_string());
  CHECK(told["query"]["stamp"].is_string());
  CHECK(told["query"]["b64"] == value("1"));
  CHECK(told["url"].as<std::string>().rfind("/socket.io/below?", 0) == 0);

  o = test::by(way::websocket);
  o.timestamp_requests = false;
  o.extra_headers.set("X-Of-The-Test", "yes");
  o.protocols = {"first", "second"};
  told = handshake(server().url(), o);
  CHECK(told["query"]["transport"] == value("websocket"));
  CHECK_FALSE(told["query"]["t"].is_string());
  CHECK(told["headers"]["x-of-the-test"] == value("yes"));
  CHECK(told["headers"]["sec-websocket-protocol"] == value("first,second"));
}

TEST_CASE("a client may connect at birth") {
  test::node_server server;
  sio::client_options options;
  options.auto_connect = true;
  const sio::client io(server.url(), options);
  CHECK(io.active());
  CHECK(io.emit_with_ack<int>("sum", 1, 2, asio::use_future).get() == 3);
}

TEST_CASE("binary asked for as text comes as it was") {
  for (const way w : {way::polling, way::websocket}) {
    sio::client_options o = test::by(w);
    o.force_base64 = true;
    guest g(server().url(), o);
    g.enter();
    g.io.emit("echo", sio::binary{0, 1, 255});
    CHECK(g.expect("echo").at(0) == value(sio::binary{0, 1, 255}));
  }
}

TEST_CASE("cookies are kept where they are wanted") {
  test::node_server giving({"--cookie", "io", "--path", "/elsewhere"});
  for (const bool kept : {true, false}) {
    sio::client_options o = test::by(way::upgrade);
    o.path = "/elsewhere";
    o.force_new = true;
    o.with_credentials = kept;
    o.extra_headers.set("Cookie", "own=1");
    guest g(giving.url(), o);
    g.enter();
    const std::string id = engine_of(g);
    CHECK(ask(g, "handshake")["headers"]["cookie"] == value("own=1"));
    g.io.emit("disconnect engine", "close");
    g.expect("disconnect");
    g.expect("connect");
    CHECK(ask(g, "handshake")["headers"]["cookie"] == value(kept ? "own=1; io=" + id : "own=1"));
  }
}

TEST_CASE("transports are tried in their order, upgraded, and remembered as they were asked for") {
  sio::client_options o = test::by(way::upgrade);
  o.force_new = true;
  o.transports = {sio::transport::websocket, sio::transport::polling};
  {
    guest g(server().url(), o);
    g.enter();
    CHECK(ask(g, "engine info")["transport"] == value("websocket"));
    CHECK(g.all->count("manager upgrade") == 0);
  }
  o.transports = {sio::transport::polling, sio::transport::websocket};
  o.remember_upgrade = true;
  {
    guest g(server().url(), o);
    g.enter();
    CHECK(g.expect_text("manager upgrade") == R"(["websocket"])");
    CHECK(ask(g, "engine info")["transport"] == value("websocket"));
    g.io.emit("disconnect engine", "close");
    g.expect("connect");
    CHECK(ask(g, "handshake")["query"]["transport"] == value("websocket"));
    CHECK(g.all->count("manager upgrade") == 1);
  }
  o.upgrade = false;
  {
    guest g(server().url(), o);
    g.enter();
    g.ask("echo", 1);
    CHECK(ask(g, "engine info")["transport"] == value("polling"));
  }
  test::node_server polls({"--transports", "polling"});
  o.upgrade = true;
  o.transports = {sio::transport::websocket, sio::transport::polling};
  {
    guest g(polls.url(), o);
    g.io.manager().reconnection(false);
    g.io.connect();
    CHECK(g.expect("connect_error").at(0) == value("websocket error"));
  }
  o.try_all_transports = true;
  guest g(polls.url(), o);
  g.enter();
  CHECK(ask(g, "engine info")["transport"] == value("polling"));
  CHECK(g.all->count("connect_error") == 0);
}

#if defined(SIO_WITH_DEFLATE)

TEST_CASE("WebSocket messages are compressed where both want it") {
  test::node_server deflating({"--per-message-deflate"});
  sio::client_options o = test::by(way::websocket);
  o.force_new = true;
  for (const bool wanted : {true, false}) {
    if (!wanted) o.per_message_deflate.reset();
    guest g(deflating.url(), o);
    g.enter();
    const std::string text(20'000, 'x');
    CHECK(g.ask("echo", text) == "[\"" + text + "\"]");
    g.io.compress(false).emit("echo", text);
    CHECK(g.expect("echo").at(0) == value(text));
    const value extensions = ask(g, "engine info")["extensions"];
    CHECK(extensions == (wanted ? value(array{value("permessage-deflate")}) : value(array{})));
  }
}

#endif

TEST_CASE("a client speaks MessagePack where the server does, and over a Unix-domain socket") {
  test::temp_dir dir;
  const std::string path = (dir.path / "of the server").string();
  test::node_server packing({"--parser", "msgpack", "--unix", path});
  for (const way w : {way::polling, way::websocket, way::upgrade}) {
    sio::client_options o = test::by(w);
    o.force_new = true;
    o.unix_path = path;
    o.parser = sio::msgpack_parser();
    guest g("http://nowhere.invalid/admin", o);
    g.enter();
    const array sent{value(object{{"bytes", sio::binary{1, 2}}}), value(-1.5), value("ü")};
    g.io.emit_array("echo", sent);
    CHECK(g.expect("echo") == sent);
    CHECK(g.ask("sum", 1, 2) == "[3]");
    CHECK(ask(g, "handshake")["headers"]["host"] == value("nowhere.invalid"));
  }
}

TEST_CASE("a message larger than allowed ends the connection, and it comes back") {
  for (const way w : {way::polling, way::websocket}) {
    sio::client_options o = test::by(w);
    o.force_new = true;
    o.max_message_size = 50'000;
    guest g(server().url(), o);
    g.enter();
    g.io.emit("download", 100'000);
    CHECK(g.expect("disconnect").at(0) == value("transport error"));
    g.expect("connect");
    CHECK(g.ask("sum", 1, 2) == "[3]");
  }
}
