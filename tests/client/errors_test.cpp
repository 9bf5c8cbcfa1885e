// What a client hears when it is refused, when nobody is there, and when servers err.
#include <support/catch.hpp>
#include <support/client_fixture.hpp>
#include <support/peer_process.hpp>

#include <stdexcept>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using sio::array;
using sio::object;
using sio::value;
using test::guest;
using test::way;

namespace {

const char* failed(way w) { return w == way::polling ? "xhr poll error" : "websocket error"; }

sio::client_options once(way w) {
  sio::client_options o = test::by(w);
  o.reconnection = false;
  o.force_new = true;
  o.max_message_size = 100'000;
  o.linger = 0ms;
  return o;
}

// What "connect_error" says, and how it was described.
std::string complaint(const std::string& url, sio::client_options o) {
  guest g(url, std::move(o));
  g.io.connect();
  const array what = g.expect("connect_error");
  const std::string* description = what.size() > 1 ? what[1]["description"].if_string() : nullptr;
  return what.at(0).as<std::string>() + (description ? ": " + *description : "");
}

bool holds(const std::string& text, const std::string& part) {
  UNSCOPED_INFO(text);
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("who is refused hears why, is not tried again, and may ask anew") {
  test::node_server server({"--require-token", "let me in"});
  for (const way w : {way::polling, way::websocket, way::upgrade}) {
    sio::client_options o = test::by(w);
    o.force_new = true;
    guest g(server.url(), o), other(g.io.manager().socket("/admin")), unknown(g.io.manager().socket("/unknown"));
    other.io.auth({{"token", "let me in"}});
    other.enter();
    g.io.connect();
    const value data = object{{"code", 401}, {"hint", array{value("ask"), value("again")}}};
    CHECK(g.expect("connect_error") == array{value("unauthorized"), data});
    CHECK_FALSE(g.io.active());
    unknown.io.connect();
    CHECK(unknown.expect_text("connect_error") == R"(["Invalid namespace"])");
    CHECK(other.ask("sum", 1, 2) == "[3]");

    other.io.emit("disconnect engine", "close");
    other.expect("disconnect");
    other.expect("connect");
    CHECK(g.all->count("connect_error") == 1);
    g.io.auth({{"token", "let me in"}});
    g.enter();
    CHECK(g.ask("sum", 1, 2) == "[3]");
  }
}

TEST_CASE("where nobody listens, no name is known, or nobody answers, a client is told") {
  for (const way w : {way::polling, way::websocket}) {
    const std::string refused = complaint("http://127.0.0.1:1", once(w));
    CHECK(holds(refused, failed(w)));
    CHECK(holds(refused, "refused"));
    const std::string unknown = complaint("http://nowhere.invalid", once(w));
    CHECK(holds(unknown, failed(w)));
    CHECK(holds(unknown, "nowhere.invalid"));
  }
  sio::client_options o = once(way::polling);
  o.unix_path = "/nowhere/at/all";
  CHECK(holds(complaint("http://localhost", o), "/nowhere/at/all"));
}

TEST_CASE("the connection tells what becomes of it") {
  test::node_server server({"--ping-interval", "30"});
  sio::client_options o = test::by(way::upgrade);
  o.reconnection_attempts = 2;
  guest g(server.url() + "/admin", o);
  g.enter();
  CHECK(g.expect("manager open").empty());
  CHECK(g.expect_text("manager packet") == R"([0,"/admin"])");
  CHECK(g.expect_text("manager upgrade") == R"(["websocket"])");
  CHECK(g.expect("manager ping").empty());

  g.io.emit("crash");
  CHECK(g.expect_text("manager close") == R"(["transport close","websocket connection closed"])");
  CHECK(g.expect_text("disconnect") == R"(["transport close","websocket connection closed"])");
  CHECK(g.expect_text("manager reconnect_attempt") == "[1]");
  CHECK(g.expect("manager error").at(0) == value("xhr poll error"));
  CHECK(g.expect("manager reconnect_error").at(0) == value("xhr poll error"));
  CHECK(g.expect_text("manager reconnect_attempt") == "[2]");
  CHECK(g.expect("manager reconnect_failed").empty());
  CHECK(g.all->count("connect_error") == 2);
  CHECK(g.all->count("manager reconnect_attempt") == 2);

  server.restart();
  g.io.manager().reconnection_attempts(1'000'000);
  g.io.manager().open([h = g.all](const std::string& why_not) { h->note("opened", {value(why_not)}); });
  CHECK(g.expect_text("opened") == R"([""])");
  g.expect("connect");
  server.restart();
  g.expect("disconnect");
  CHECK(g.expect("manager reconnect").at(0).as<int>() >= 1);
  g.expect("connect");
  server.kill();
  g.expect("disconnect");
  g.io.manager().close();
  g.io.manager().open([h = g.all](const std::string& why_not) { h->note("opened", {value(why_not)}); });
  CHECK(g.expect_text("opened") == R"(["xhr poll error"])");
}

namespace {

struct erring {
  const char* script;
  const char* polling;    // what a client hears by polling: an event, and its first argument
  const char* websocket;  // the same by WebSocket; null: not for it
};

const char* const poll = "connect_error xhr poll error";
const char* const server_error = "connect_error server error";
const char* const ws = "connect_error websocket error";
const char* const parse = "manager close parse error";

const erring all_that_err[] = {
    {"bytes", poll, ws},
    {"close at once", poll, ws},
    {"reset", poll, ws},
    {"endless head", poll, ws},
    {"endless body", poll, ws},
    {"endless length", poll, ws},
    {"bad chunk", poll, ws},
    {"short body", poll, ws},
    {"bad gzip", poll, ws},
    {"page", poll, ws},
    {"page with 200", server_error, ws},
    {"redirect", poll, ws},
    {"refusal", poll, ws},
    {"unavailable", poll, ws},
    {"close-delimited", "connect", nullptr},
    {"chunked", "connect", nullptr},
#if defined(SIO_WITH_DEFLATE)
    {"gzip", "connect", nullptr},
#endif
    {"bad poll", "manager close transport error", nullptr},
    {"poll refused", "manager close transport error", nullptr},
    {"poll cut", "manager close transport error", nullptr},
    {"post refused", "manager close transport error", nullptr},
    {"post cut", "manager close transport error", nullptr},
    {"bad accept", nullptr, ws},
    {"extension nobody offered", nullptr, ws},
    {"bad opcode", nullptr, ws},
    {"reserved bit", nullptr, ws},
    {"masked frame", nullptr, ws},
    {"not UTF-8", nullptr, ws},
    {"long ping", nullptr, ws},
    {"bad close", nullptr, ws},
    {"stray continuation", nullptr, ws},
    {"endless message", nullptr, ws},
    {"enormous length", nullptr, ws},
    {"bad open", server_error, server_error},
    {"open without sid", server_error, server_error},
    {"no open", server_error, server_error},
    {"open with wrong types", server_error, server_error},
    {"open with negative times", server_error, server_error},
    {"refused by a v2 server", "connect_error Invalid namespace", "connect_error Invalid namespace"},
    {"refused", "connect_error go away", "connect_error go away"},
    {"connect as a list", parse, parse},
    {"bad engine packet", "manager close transport error", "manager close transport error"},
    {"bad packet", parse, parse},
    {"bad JSON", parse, parse},
    {"deep JSON", parse, parse},
    {"event without a name", parse, parse},
    {"event with a reserved name", parse, parse},
    {"huge attachment count", parse, parse},
    {"missing attachment", parse, parse},
    {"stray attachment", parse, parse},
    {"bad placeholder", parse, parse},
    {"huge ack id", parse, parse},
    {"ack of nothing", "manager packet 3", "manager packet 3"},
    {"unknown namespace", "manager packet 1", "manager packet 1"},
    {"connect for another", "manager packet 0", "manager packet 0"},
    {"close packet", "manager close transport close", nullptr},
    {"disconnect packet", "disconnect io server disconnect", "disconnect io server disconnect"},
};

// Waits for that event with that first argument; else says what was heard instead.
std::string hears(const std::string& url, way w, const std::string& wanted) {
  guest g(url, once(w));
  g.io.connect();
  for (;;) {
    const std::string name = wanted.substr(0, wanted.find(' ', wanted.rfind("manager", 0) == 0 ? 8 : 0));
    try {
      const array what = g.expect(name);
      const std::string first = what.empty()             ? ""
                                : what.at(0).is_string() ? what[0].as<std::string>()
                                                         : std::to_string(what[0].as<int>());
      if (first.empty() ? wanted == name : wanted == name + ' ' + first) return wanted;
      if (name != "manager packet") return name + ' ' + first;
    } catch (const std::runtime_error& e) {
      return e.what();
    }
  }
}

}  // namespace

TEST_CASE("a server that errs harms nobody, and what it did has a name") {
  test::scripted_server server;
  for (const erring& one : all_that_err) {
    CAPTURE(one.script);
    if (one.polling) CHECK(hears(server.script(one.script), way::polling, one.polling) == one.polling);
    if (one.websocket) CHECK(hears(server.script(one.script), way::websocket, one.websocket) == one.websocket);
  }
}

TEST_CASE("what went wrong is said in a sentence") {
  test::scripted_server server;
  for (const way w : {way::polling, way::websocket}) {
    CHECK(
        holds(complaint(server.script("v2"), once(w)), "It seems you are trying to reach a Socket.IO server in v2.x"));
    CHECK(holds(complaint(server.script("page"), once(w)), "404"));
    CHECK(holds(complaint(server.script("redirect"), once(w)), "302"));
    sio::client_options o = once(w);
    o.timeout = 50ms;
    for (const char* script : {"silent", "half a head"}) CHECK(complaint(server.script(script), o) == "timeout");
    o.timeout = 0ms;
    o.request_timeout = 50ms;
    CHECK(holds(complaint(server.script("silent"), o), failed(w)));
  }
}
TEST_CASE("options and addresses that cannot be are refused at birth") {
  const auto refused = [](const std::string& url, sio::client_options o) {
    try {
      sio::client io(url, std::move(o));
      return std::string();
    } catch (const std::invalid_argument& wrong) {
      return std::string(wrong.what());
    }
  };
  const std::string url = "http://localhost";
  CHECK_FALSE(refused("ftp://localhost", {}).empty());
  CHECK_FALSE(refused("http://localhost:99999", {}).empty());
  CHECK(refused("http://localhost/" + std::string(9'000, 'x'), {}).find("too long") != std::string::npos);
  sio::client_options o;
  o.path = "/a?b";
  CHECK_FALSE(refused(url, o).empty());
  o = {}, o.transports = {};
  CHECK_FALSE(refused(url, o).empty());
  o = {}, o.randomization_factor = 2;
  CHECK_FALSE(refused(url, o).empty());
  o = {}, o.timeout = -1ms;
  CHECK_FALSE(refused(url, o).empty());
  o = {}, o.extra_headers.set("X", "a\r\nb");
  CHECK_FALSE(refused(url, o).empty());
}
