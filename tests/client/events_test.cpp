// Events and acknowledgements between this client and the official server, by every transport.
#include <support/catch.hpp>
#include <support/client_fixture.hpp>
#include <support/peer_process.hpp>

#include <asio/use_future.hpp>

#include <atomic>
#include <future>
#include <map>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

using namespace std::chrono_literals;
using sio::array;
using sio::binary;
using sio::error_code;
using sio::object;
using sio::value;
using test::guest;
using test::way;

namespace {

test::node_server& server() {
  static test::node_server one({"--max-http-buffer-size", "3000000", "--per-message-deflate"});
  return one;
}

// 0, 1, … 250, 0, …: what the server's "download" gives.
binary pattern(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i != size; ++i) bytes[i] = static_cast<char>(i % 251);
  return binary(std::move(bytes));
}

// Counts what comes in its order: 0, 1, 2, …
struct counter {
  std::atomic<int> next{0};
  std::atomic<bool> in_order{true};
  void operator()(int n) {
    if (n != next) in_order = false;
    ++next;
  }
};

}  // namespace

TEST_CASE("events, acknowledgements and binary go both ways, by every transport") {
  for (const way w : {way::polling, way::websocket, way::upgrade}) {
    CAPTURE(w);
    guest g(server().url(), test::by(w, {}));
    g.io.on("question", [](int a, int b) { return std::tuple(a * b, binary{1, 2}); });
    g.enter();
    CHECK(g.expect("hello").at(0) == value(g.io.id()));

    const std::string controls("\0\x1e\"\\\n\xe2\x80\xa8", 8);
    const array odd{value(),        value(true),     value(-7),
                    value(1.5),     value(""),       value(controls),
                    value(array{}), value(object{}), value("Grüße, 世界 \xf0\x9f\x98\x80")};
    g.io.emit_array("echo", odd);
    CHECK(g.expect("echo") == odd);
    g.io.emit_array("echo", {});
    CHECK(g.expect("echo").empty());
    const value nested = object{{"deep", array{value(binary{0, 255}), value(object{{"bytes", binary{}}})}}, {"n", 1}};
    g.io.emit("echo", nested, binary{7}, "end");
    CHECK(g.expect("echo") == array{nested, value(binary{7}), value("end")});
    g.io.send("one", 2);
    CHECK(g.expect_text("message-back") == R"(["one",2])");

    CHECK(g.ask("sum", 20, 22) == "[42]");
    CHECK(g.ask("swap", "a", object{{"b", 1}}) == R"([{"b":1},"a"])");
    CHECK(g.ask("nothing") == "[]");
    CHECK(g.ask("upload", "x.bin", pattern(5000)) == R"(["x.bin",5000])");
    g.io.emit("download", 700'000);
    CHECK(g.expect("file") == array{value("data.bin"), value(pattern(700'000))});
    g.io.emit("ask", "question", 6, 7);
    CHECK(g.expect("answered") == array{value(), value(42), value(binary{1, 2})});

    const std::string long_text = std::string(899'998, 'x') + "ü";
    CHECK(g.ask("length", long_text) == "[900000]");
    CHECK(g.ask("echo", long_text) == "[\"" + long_text + "\"]");
    CHECK(g.ask("upload", "big", pattern(900'000)) == R"(["big",900000])");
    CHECK(g.all->count("error") == 0);
  }
}

TEST_CASE("ten thousand events keep their order, both ways, by every transport and across the upgrade") {
  constexpr int many = 10'000;
  test::node_server plain;
  for (const way w : {way::upgrade, way::polling, way::websocket}) {
    CAPTURE(w);
    const auto in = std::make_shared<counter>(), back = std::make_shared<counter>();
    const auto done = std::make_shared<test::heard>();
    sio::client io(plain.url(), test::by(w));
    io.on("flooded", [in, done](int n) { (*in)(n), n == many - 1 ? done->note("flooded") : void(); });
    io.on("echo", [back, done](int n) { (*back)(n), n == many - 1 ? done->note("echoed") : void(); });
    io.on("connect", [done] { done->note("connect"); });
    io.connect();
    done->expect("connect");
    io.emit("flood", many);
    for (int i = 0; i != many; ++i) io.emit("echo", i);
    done->expect("echoed");
    done->expect("flooded");
    CHECK(in->in_order);
    CHECK(back->in_order);
  }
}

TEST_CASE("catch-all listeners are shown what arrives and what leaves, and can be taken off") {
  guest g(server().url(), test::by(way::websocket));
  const auto shown = std::make_shared<test::heard>();
  const auto note = [shown](const char* who) {
    return [shown, who](const std::string& name, array arguments) { shown->note(who + name, std::move(arguments)); };
  };
  const auto out = g.io.on_any_outgoing(note("out "));
  g.io.prepend_any_outgoing(note("first out "));
  const auto in = g.io.on_any(note("in "));
  g.io.prepend_any(note("first in "));
  g.io.on("echo", [shown](int) { shown->note("handler"); });
  g.io.emit("echo", 1);
  g.enter();
  g.expect("echo");
  shown->expect("handler");
  CHECK(shown->names() == std::vector<std::string>{"first out echo", "out echo", "first in hello", "in hello",
                                                   "first in echo", "in echo", "handler"});

  g.io.off_any(in);
  g.io.off_any_outgoing(out);
  g.io.emit("echo", 2);
  shown->expect("first in echo"), shown->expect("first in echo");
  CHECK(shown->count("in echo") == 1);
  CHECK(shown->count("out echo") == 1);
  CHECK(shown->count("first out echo") == 2);
}

TEST_CASE("a listener hears one event, some, or none any more") {
  guest g(server().url(), test::by(way::websocket));
  const auto notes = std::make_shared<test::heard>();
  const auto note = [notes](const char* what) { return [notes, what] { notes->note(what); }; };
  g.io.once("echo", note("once"));
  const auto gone = g.io.on("echo", note("off"));
  g.io.on("echo", note("on"));
  g.enter();
  g.ask("nothing");
  g.io.emit("echo"), g.ask("nothing");
  g.io.off("echo", gone);
  g.io.emit("echo"), g.ask("nothing");
  g.io.off("echo");
  g.io.emit("echo"), g.ask("nothing");
  CHECK(notes->names() == std::vector<std::string>{"once", "off", "on", "on"});
}

TEST_CASE("an answer comes to a lambda, to a callback of Asio's, or to a future") {
  guest g(server().url(), test::by(way::upgrade));
  g.io.emit("sum", 1, 2, [h = g.all](int sum) { h->note("lambda", {value(sum)}); });
  g.io.emit_with_ack<int>("sum", 3, 4, [h = g.all](error_code ec, int sum) {
    h->note("callback", {value(ec.message()), value(sum)});
  });
  std::future<int> sum = g.io.emit_with_ack<int>("sum", 5, 6, asio::use_future);
  std::future<std::tuple<std::string, int>> two =
      g.io.emit_with_ack<std::string, int>("swap", 1, "x", asio::use_future);
  g.enter();
  CHECK(g.expect_text("lambda") == "[3]");
  CHECK(g.expect("callback").at(1) == value(7));
  REQUIRE(sum.wait_for(test::patience) == std::future_status::ready);
  CHECK(sum.get() == 11);
  REQUIRE(two.wait_for(test::patience) == std::future_status::ready);
  CHECK(two.get() == std::tuple<std::string, int>("x", 1));
}

TEST_CASE("an answer that does not come, or does not fit, is an error in time") {
  sio::client_options o = test::by(way::websocket);
  o.ack_timeout = 20ms;
  guest g(server().url(), o);
  CHECK_THROWS_AS(g.io.emit("connect"), std::invalid_argument);
  g.io.timeout(1ms).emit("sum", 1, 2, [h = g.all](error_code ec, int) { h->note("early", {value(ec.message())}); });
  CHECK(g.expect_text("early") == R"(["operation has timed out"])");
  g.enter();
  CHECK(g.ask("never ack") == R"(["operation has timed out"])");
  g.io.timeout(30s).emit("slow ack", 100, [h = g.all](error_code ec, int ms) {
    h->note("slow", {value(ec.message()), value(ms)});
  });
  CHECK(g.expect("slow").at(1) == value(100));
  g.io.emit("twice", [h = g.all](int n) { h->note("twice", {value(n)}); });
  g.io.timeout(30s).emit("sum", 1, 2,
                         [h = g.all](error_code ec, std::string) { h->note("odd", {value(ec.message())}); });
  CHECK(g.expect_text("odd") == R"(["the answer does not fit the handler"])");
  CHECK(g.all->count("twice") == 1);

  std::future<int> lost = g.io.timeout(30s).emit_with_ack<int>("never ack", asio::use_future);
  g.io.timeout(30s).emit("never ack", [h = g.all](error_code ec) { h->note("lost", {value(ec.message())}); });
  g.io.disconnect();
  CHECK(g.expect_text("lost") == R"(["socket has been disconnected"])");
  REQUIRE(lost.wait_for(test::patience) == std::future_status::ready);
  CHECK_THROWS_AS(lost.get(), std::system_error);
}

TEST_CASE("handlers that throw, and arguments that fit none, are told to error and harm nobody") {
  guest g(server().url(), test::by(way::websocket));
  g.io.on("echo", [](int) {});
  g.io.on("message-back", [] { throw std::runtime_error("of the test"); });
  g.enter();
  g.io.emit("echo", "no number");
  CHECK(g.expect_text("error") == R"(["echo: argument 1: expected an integer"])");
  g.io.send();
  CHECK(g.expect_text("error") == R"(["message-back: of the test"])");
  g.io.emit("sum", 1, 2, [](const std::string&) {});
  CHECK(g.expect_text("error").find("expected a string") != std::string::npos);
  CHECK(g.ask("sum", 1, 2) == "[3]");
}

TEST_CASE("a volatile event waits for nobody, others wait for the connection") {
  guest g(server().url(), test::by(way::websocket));
  g.io.volatile_().emit("echo", "lost");
  g.io.volatile_().emit("sum", 1, 2, [h = g.all](error_code ec, int) { h->note("lost", {value(ec.message())}); });
  g.io.compress(false).emit("echo", "kept");
  g.io.emit("echo", "kept, too");
  CHECK(g.expect_text("lost") == R"(["the event was dropped"])");
  g.enter();
  CHECK(g.expect_text("echo") == R"(["kept"])");
  CHECK(g.expect_text("echo") == R"(["kept, too"])");
  g.io.volatile_().emit("echo", "now");
  CHECK(g.expect_text("echo") == R"(["now"])");
}
