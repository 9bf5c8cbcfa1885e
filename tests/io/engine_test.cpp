// The engine's hooks: answered late, twice, never, from other threads, after the end; and what they may throw.
#include <sio/sio.hpp>
#include <support/catch.hpp>
#include <support/kept.hpp>
#include <support/raw_client.hpp>
#include <support/served.hpp>

#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using served::eventually;
using test::kept;

namespace {

const std::string polling = raw::path + "polling";
const std::string websocket = raw::path + "websocket";
const std::string bad_request = R"({"code":3,"message":"Bad request"})";

void ask(raw::client& c, const std::string& target, bool upgrade = false) {
  c.send("GET " + target + " HTTP/1.1\r\nHost: x\r\n" +
         (upgrade ? "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
                  : "\r\n"));
}

bool has(const raw::answer& a, const std::string& line) {
  return a.head.find("\r\n" + line + "\r\n") != std::string::npos;
}

sio::server_options impatient() {
  auto o = served::quiet();
  o.request_timeout = 200ms;
  return o;
}

}  // namespace

TEST_CASE("an HTTP middleware's next may be called late, twice, from any thread") {
  kept<sio::http_next> waiting;
  served::own_loop own;
  own.io->engine().use([&](const sio::request&, const sio::http_next& go_on) { waiting.add(go_on); });
  const unsigned short port = own.start();
  raw::client c(port);
  const bool upgrade = GENERATE(false, true);
  ask(c, upgrade ? websocket : polling, upgrade);
  REQUIRE(eventually([&] { return waiting.size() == 1; }));

  SECTION("the request goes on, once") {
    for (const auto& go_on : waiting.take()) go_on({{"X-A", "1"}}), go_on(), go_on.fail(), go_on.answer({});
    const raw::answer got = c.read_answer();
    CHECK(got.status == (upgrade ? 101 : 200));
    CHECK(has(got, "X-A: 1"));
  }
  SECTION("the request is refused, once") {
    for (const auto& go_on : waiting.take()) go_on.fail("no"), go_on();
    const raw::answer got = c.read_answer();
    CHECK(got.status == 400);
    CHECK(got.body == (upgrade ? "Bad request" : bad_request));
  }
  SECTION("the middleware answers, once") {
    for (const auto& go_on : waiting.take()) go_on.answer({401, {{"X-A", "1"}}, "who?"}), go_on();
    const raw::answer got = c.read_answer();
    CHECK(got.status == 401);
    CHECK(has(got, "X-A: 1"));
    CHECK(got.body == "who?");
    if (upgrade) CHECK(c.ended());
  }
  SECTION("it is dropped: the request is refused") {
    waiting.take();
    CHECK(c.read_answer().status == 400);
  }
  SECTION("the client has gone") {
    c.reset();
    raw::client(port).get("/");
    for (const auto& go_on : waiting.take()) go_on();
    raw::client(port).get("/");
  }
  SECTION("the server has gone") {
    own.io.reset();
    own.join();
    for (const auto& go_on : waiting.take()) go_on();
  }
  SECTION("the server has gone, and it is dropped") {
    own.io.reset();
    own.join();
    waiting.take();
  }
  SECTION("the server closes: nobody is let in any more") {
    own.io->close();
    for (const auto& go_on : waiting.take()) go_on();
    CHECK(c.ended());
    own.join();
  }
}

TEST_CASE("a poll whose client went away from a slow middleware leaves its session alone") {
  kept<sio::http_next> waiting;
  served::own_loop own;
  own.io->engine().use([&](const sio::request& asked, const sio::http_next& go_on) {
    asked.query["slow"].empty() ? go_on() : waiting.add(go_on);
  });
  const unsigned short port = own.start();
  raw::client c(port), gone(port);
  const std::string target = polling + "&sid=" + raw::open_by_polling(c);
  ask(gone, target + "&slow=1");
  REQUIRE(eventually([&] { return waiting.size() == 1; }));
  gone.reset();
  c.get("/");
  for (const auto& go_on : waiting.take()) go_on();
  CHECK(c.post(target, "40").body == "ok");
  CHECK(c.get(target).body.substr(0, 3) == "40{");
}

TEST_CASE("an id may be given late, twice, from any thread") {
  kept<sio::id_decision> waiting;
  served::own_loop own;
  own.io->engine().generate_id([&](const sio::request&, const sio::id_decision& give) { waiting.add(give); });
  const unsigned short port = own.start();
  raw::client c(port);
  ask(c, polling);
  REQUIRE(eventually([&] { return waiting.size() == 1; }));

  SECTION("it names the session, once") {
    for (const auto& give : waiting.take()) give("mine"), give("other");
    CHECK(raw::sid_of(c.read_answer().body) == "mine");
    CHECK(eventually([&] { return own.io->engine().clients_count() == 1; }));
  }
  SECTION("it is none") {
    for (const auto& give : waiting.take()) give("no id"), give("mine");
    CHECK(c.read_answer().body == bad_request);
    CHECK(own.io->engine().clients_count() == 0);
  }
  SECTION("it is dropped") {
    waiting.take();
    CHECK(c.read_answer().body == bad_request);
  }
  SECTION("the client has gone: no session is made") {
    c.reset();
    raw::client(port).get("/");
    for (const auto& give : waiting.take()) give("mine");
    raw::client(port).get("/");
    CHECK(own.io->engine().clients_count() == 0);
  }
  SECTION("the server has gone") {
    own.io.reset();
    own.join();
    for (const auto& give : waiting.take()) give("mine");
  }
  SECTION("the server closes: no session is made") {
    own.io->close();
    for (const auto& give : waiting.take()) give("mine");
    CHECK(c.ended());
    own.join();
  }
}

TEST_CASE("who never decides is not waited for") {
  auto options = impatient();
  kept<sio::allow_decision> decisions;
  kept<sio::http_next> nexts;
  kept<sio::id_decision> ids;
  const int silent = GENERATE(0, 1, 2);
  options.allow_request = [&](const sio::request&, const sio::allow_decision& decide) {
    silent == 0 ? decisions.add(decide) : decide(true, {});
  };
  served::own_loop own(options);
  own.io->engine().use(
      [&](const sio::request&, const sio::http_next& go_on) { silent == 1 ? nexts.add(go_on) : go_on(); });
  own.io->engine().generate_id(
      [&](const sio::request&, const sio::id_decision& give) { silent == 2 ? ids.add(give) : give("mine"); });
  raw::client c(own.start());
  CHECK(c.get(polling).status == (silent == 0 ? 403 : 400));
  for (const auto& late : decisions.take()) late(true, {});
  for (const auto& late : nexts.take()) late();
  for (const auto& late : ids.take()) late("mine");
  CHECK(c.get("/").status == 404);
  CHECK(own.io->engine().clients_count() == 0);
}

TEST_CASE("a decision on a handshake that nobody holds any more refuses it") {
  auto options = served::quiet();
  options.allow_request = [](const sio::request&, const sio::allow_decision&) {};
  served::own_loop own(options);
  raw::client c(own.start());
  const raw::answer got = c.get(polling);
  CHECK(got.status == 403);
  CHECK(got.body == R"({"code":4,"message":"Forbidden"})");
}

TEST_CASE("what hooks throw refuses the request, and is logged") {
  served::notes log;
  auto options = served::quiet();
  options.log = [&](sio::log_level, std::string_view line) { log.add(std::string(line)); };
  served::own_loop own(options);
  const int thrower = GENERATE(0, 1, 2);
  const auto fail = [thrower](int who) {
    if (who == thrower) throw std::runtime_error("oh");
  };
  own.io->engine().use([=](const sio::request&) { fail(0); });
  own.io->engine().generate_id([=](const sio::request&) { return fail(1), std::string("mine"); });
  own.io->engine().on_headers([=](sio::headers&, const sio::request&) { fail(2); });
  own.io->engine().on_connection_error([](const sio::connection_failure&) { throw 1; });
  raw::client c(own.start());
  CHECK(c.get(polling).status == (thrower == 2 ? 200 : 400));
  const char* lines[] = {"an HTTP middleware failed: oh", "generate_id failed: oh", "a listener to headers failed: oh"};
  CHECK(log.has(lines[thrower]));
  CHECK(log.has("a listener to connection_error failed: something that is no std::exception was thrown") ==
        (thrower != 2));
}

TEST_CASE("an id that another session has, or that cannot be, is refused") {
  served::own_loop own;
  kept<sio::object> contexts;
  own.io->engine()
      .generate_id([](const sio::request& asked) { return std::string(asked.query["id"]); })
      .on_connection_error([&](const sio::connection_failure& f) { contexts.add(f.context); });
  const unsigned short port = own.start();
  raw::client c(port), other(port);
  CHECK(raw::sid_of(c.get(polling + "&id=one").body) == "one");
  CHECK(other.get(polling + "&id=one").body == bad_request);
  CHECK(other.get(polling + "&id=").body == bad_request);
  CHECK(other.get(polling + "&id=a%0d%0ab").body == bad_request);
  CHECK(other.get(polling + "&id=" + std::string(129, 'x')).body == bad_request);
  CHECK(other.get(polling + "&id=two").status == 200);
  CHECK(own.io->engine().clients_count() == 2);
  const auto heard = contexts.take();
  REQUIRE(heard.size() == 4);
  for (const sio::object& context : heard) CHECK(sio::value(context)["name"] == sio::value("ID_GENERATION_ERROR"));
}

TEST_CASE("a hook may end its server") {
  served::own_loop own;
  const int hook = GENERATE(0, 1, 2, 3);
  const bool stop = GENERATE(false, true);
  const auto end = [&, io = &*own.io](int who) {
    if (who == hook) stop ? io->stop() : io->close();
  };
  own.io->engine()
      .use([=](const sio::request&) { end(0); })
      .generate_id([=](const sio::request&) { return end(1), std::string("mine"); })
      .on_initial_headers([=](sio::headers&, const sio::request&) { end(2); })
      .on_connection_error([=](const sio::connection_failure&) { end(3); });
  raw::client c(own.start());
  ask(c, hook == 3 ? raw::path + "none" : polling);
  CHECK((c.ended() || hook == 3));
  own.join();
}
