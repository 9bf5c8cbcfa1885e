// Coroutines as handlers and middlewares, and what they await; empty where the compiler and Asio have none.
#include <sio/sio.hpp>
#include <support/catch.hpp>
#include <support/client_fixture.hpp>
#include <support/raw_client.hpp>
#include <support/served.hpp>

#if defined(ASIO_HAS_CO_AWAIT)

#include <asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using asio::awaitable;
using served::eventually;
using served::own_loop;

namespace {

using lines = std::vector<std::string>;

// Goes on in a later turn.
awaitable<void> a_while() {
  asio::steady_timer later(co_await asio::this_coro::executor, 1ms);
  co_await later.async_wait(asio::use_awaitable);
}

struct scene {
  explicit scene(std::function<void(sio::socket)> greet) {
    own.io->on("connection", std::move(greet));
    client = raw::open_websocket(own.start());
    client.send_text("40");
    client.read_text();
  }
  std::string say(std::string_view text) {
    client.send_text(text);
    return client.read_text();
  }
  own_loop own;
  raw::client client;
};

}  // namespace

TEST_CASE("what a coroutine returns is its answer") {
  scene it([](sio::socket s) {
    s.on("one", [](std::string q) -> awaitable<std::string> {
      co_await a_while();
      co_return q + "!";
    });
    s.on("two", []() -> awaitable<std::tuple<int, bool>> { co_return std::tuple(1, true); });
    s.on("ack", [](sio::ack done) -> awaitable<void> {
      co_await a_while();
      done("later");
    });
  });
  CHECK(it.say("421[\"one\",\"a\"]") == "431[\"a!\"]");
  CHECK(it.say("422[\"two\"]") == "432[1,true]");
  CHECK(it.say("423[\"ack\"]") == "433[\"later\"]");
}

TEST_CASE("a coroutine's references live as long as it does, and so does its lambda") {
  scene it([](sio::socket s) {
    const std::string held(100, 'x');
    s.on("q",
         [held](const std::string& text, const sio::array& rest, const sio::socket& who) -> awaitable<std::string> {
           who.off("q");
           co_await a_while();
           co_return text + std::to_string(rest.size()) + std::to_string(held.size()) + (who.connected() ? "c" : "d");
         });
  });
  const std::string text(100, 'y');
  CHECK(it.say("421[\"q\",\"" + text + "\",1,2]") == "431[\"" + text + "2100c\"]");
}

TEST_CASE("a coroutine awaits acknowledgements") {
  scene it([](sio::socket s) {
    s.on("go", [s]() -> awaitable<int> {
      const int one = co_await s.emit_with_ack<int>("q", 1);
      const auto [a, b] = co_await s.timeout(20s).emit_with_ack<int, int>("q", 2);
      const std::vector<int> all = co_await s.nsp().timeout(20s).emit_with_ack<int>("q", 3);
      co_return one + a + b + all.at(0);
    });
  });
  it.client.send_text("421[\"go\"]");
  for (const char* answer : {"[1]", "[20,300]", "[4000]"}) {
    const std::string asked = it.client.read_text();
    it.client.send_text("43" + asked.substr(2, asked.find('[') - 2) + answer);
  }
  CHECK(it.client.read_text() == "431[4321]");
}

TEST_CASE("what a coroutine throws is told to error, and an ack_error is its answer") {
  served::notes errors;
  scene it([&](sio::socket s) {
    s.on("error", [&](std::string what) { errors.add(what); });
    s.on("throw", []() -> awaitable<int> {
      co_await a_while();
      throw std::runtime_error("no");
    });
    s.on("misfit", [](int) -> awaitable<void> { co_return; });
    s.on("late", [s]() -> awaitable<void> { co_await s.timeout(1ms).emit_with_ack("silence"); });
    s.on("fail", [](int n) -> awaitable<int> {
      co_await a_while();
      throw sio::ack_error("bad", n);
    });
  });
  CHECK(it.say("421[\"fail\",5]") == "431[{\"error\":\"bad\",\"data\":5}]");
  for (const char* event : {"throw", "misfit", "late"}) it.client.send_text("42[\"" + std::string(event) + "\"]");
  REQUIRE(eventually([&] { return errors.size() == 3; }));
  CHECK(errors.has("throw: no"));
  CHECK(errors.has("misfit: argument 1: missing, expected an integer"));
  CHECK(errors.has("late: operation has timed out"));
}

TEST_CASE("middlewares may be coroutines") {
  own_loop own;
  own.io->use([](sio::socket s) -> awaitable<void> {
    co_await a_while();
    if (s.handshake().auth["token"] != sio::value(1)) throw sio::connect_error("no", 5);
  });
  served::notes errors;
  own.io->on("connection", [&](sio::socket s) {
    s.use([](const std::string& event, sio::array& args) -> awaitable<void> {
      co_await a_while();
      if (event == "bad") throw std::runtime_error("refused");
      args.emplace_back("more");
    });
    s.on("error", [&](std::string what) { errors.add(what); });
    s.on("good", [](sio::array args) { return args; });
  });
  const unsigned short port = own.start();
  raw::client c = raw::open_websocket(port);
  c.send_text("40");
  CHECK(c.read_text() == "44{\"message\":\"no\",\"data\":5}");
  c.send_text("40{\"token\":1}");
  CHECK(c.read_text().substr(0, 3) == "40{");
  c.send_text("42[\"bad\"]");
  c.send_text("421[\"good\",1]");
  CHECK(c.read_text() == "431[[1,\"more\"]]");
  CHECK(errors.all() == lines{"refused"});
}

TEST_CASE("a coroutine goes on when its socket has left, and its answer is lost") {
  served::notes done;
  scene it([&](sio::socket s) {
    s.on("leave", [&, s](const std::string& text) -> awaitable<int> {
      s.disconnect();
      co_await a_while();
      done.add(text);
      try {
        co_await s.emit_with_ack("nobody");
      } catch (const std::system_error& e) {
        done.add(e.code().message());
      }
      co_return 1;
    });
  });
  it.client.send_text("421[\"leave\",\"still here\"]");
  CHECK(eventually([&] { return done.all() == lines{"still here", "socket has been disconnected"}; }));
}

TEST_CASE("coroutines under way end with their server, wherever they are") {
  const auto alive = std::make_shared<int>(5);
  {
    scene it([alive](sio::socket s) {
      s.on("wait", [alive, s](std::string) -> awaitable<void> {
        const auto kept = alive;
        asio::steady_timer never(co_await asio::this_coro::executor, 24h);
        co_await never.async_wait(asio::use_awaitable);
      });
      s.on("ask", [alive, s]() -> awaitable<void> {
        const auto kept = alive;
        co_await s.emit_with_ack<int>("never answered");
      });
    });
    it.client.send_text("42[\"wait\",\"a\"]");
    it.client.send_text("42[\"ask\"]");
    it.client.read_text();
    SECTION("closed") { it.own.io->close(); }
    SECTION("stopped") { it.own.io->stop(); }
    SECTION("dropped") {}
    it.own.io.reset();
    it.own.join();
  }
  CHECK(alive.use_count() == 1);
}

TEST_CASE("a client's handlers are coroutines, too, and await what the server answers") {
  own_loop own;
  own.io->on("connection", [](const sio::socket& s) {
    s.on("sum", [](int a, int b) { return a + b; });
    s.on("late", [s] { s.emit("too bad"); });
    s.emit("question", 6, [s](int answer) { s.emit("thanks", answer); });
  });
  test::guest g("http://127.0.0.1:" + std::to_string(own.start()), test::by(test::way::websocket));
  g.io.on("question", [](sio::client at, int n) -> awaitable<int> {
    const int sum = co_await at.emit_with_ack<int>("sum", n, 36);
    co_await a_while();
    co_return sum;
  });
  g.enter();
  CHECK(g.expect_text("thanks") == "[42]");

  g.io.on("connect", [](sio::client at) -> awaitable<void> {
    try {
      co_await at.timeout(1ms).emit_with_ack<int>("nobody answers");
    } catch (const std::system_error& late) {
      if (late.code() == sio::errc::timed_out) at.emit("late");
      throw;
    }
  });
  g.io.disconnect();
  g.io.connect();
  g.expect("too bad");
  CHECK(g.expect_text("error") == R"(["connect: operation has timed out"])");
}

#else

TEST_CASE("there are no coroutines here") { SUCCEED(); }

#endif
