// What the engine's hooks and options make of its answers: fields, first messages, compression.
#include <sio/http/compressor.hpp>
#include <sio/sio.hpp>
#include <support/catch.hpp>
#include <support/raw_client.hpp>
#include <support/served.hpp>

#include <stdexcept>
#include <string>
#include <vector>

namespace {

const std::string polling = raw::path + "polling";
const std::string websocket = raw::path + "websocket";

bool has(const raw::answer& a, const std::string& line) {
  return a.head.find("\r\n" + line + "\r\n") != std::string::npos;
}

}  // namespace

TEST_CASE("middlewares see the whole request in their order, and their fields reach every answer") {
  served::own_loop own;
  served::notes seen;
  own.io->engine()
      .use([&](const sio::request& asked) { seen.add("1 " + asked.method + " " + asked.body); })
      .use([&](const sio::request& asked, const sio::http_next& go_on) {
        seen.add("2 " + asked.method);
        go_on({{"X-A", "1"},
               {"Content-Type", "image/png"},
               {"Content-Length", "5"},
               {"Bad\r\nName", "x"},
               {"X-B", "a\r\nb"}});
      });
  raw::client c(own.start());
  const raw::answer open = c.get(polling);
  CHECK(has(open, "X-A: 1"));
  CHECK(has(open, "X-B: a  b"));
  CHECK(has(open, "Content-Type: text/plain; charset=UTF-8"));
  CHECK(open.head.find("image/png") == std::string::npos);
  const raw::answer posted = c.post(polling + "&sid=" + raw::sid_of(open.body), "40");
  CHECK(posted.body == "ok");
  CHECK(has(posted, "X-A: 1"));
  CHECK(seen.all() == std::vector<std::string>{"1 GET ", "2 GET", "1 POST 40", "2 POST"});
  CHECK(has(c.get(raw::path + "none"), "X-A: 1"));
  CHECK(!has(c.get("/elsewhere"), "X-A: 1"));
}

TEST_CASE("a listener to headers may set what the engine would set") {
  served::own_loop own;
  own.io->engine().on_headers([](sio::headers& h, const sio::request&) {
    h.set("Cache-Control", "private");
    h.add("Set-Cookie", "a=b");
  });
  raw::client c(own.start());
  const raw::answer open = c.get(polling);
  CHECK(has(open, "Cache-Control: private"));
  CHECK(open.head.find("no-store") == std::string::npos);
  CHECK(has(open, "Set-Cookie: a=b"));
}

TEST_CASE("a field of a hook cannot bend the 101") {
  served::own_loop own;
  own.io->engine().on_headers([](sio::headers& h, const sio::request&) {
    for (const char* name : {"Sec-WebSocket-Accept", "sec-websocket-extensions", "Upgrade", "Connection"})
      h.set(name, "mine");
    h.set("X-A", "1\r\n\r\nsmuggled");
  });
  raw::client c(own.start());
  const raw::answer got = c.upgrade(websocket);
  CHECK(got.status == 101);
  CHECK(got.head.find("mine") == std::string::npos);
  CHECK(has(got, "X-A: 1    smuggled"));
  CHECK(c.read_text().substr(0, 2) == "0{");
}

TEST_CASE("a session may begin with a message of the host's") {
  auto options = served::quiet();
  options.initial_packet = "welcome";
  served::own_loop own(options);
  const unsigned short port = own.start();
  raw::client c(port), ws(port);
  const std::string body = c.get(polling).body;
  CHECK(body.substr(body.find('}') + 1) ==
        "\x1e"
        "4welcome");
  CHECK(ws.upgrade(websocket).status == 101);
  CHECK(ws.read_text().substr(0, 2) == "0{");
  CHECK(ws.read_text() == "4welcome");
}

TEST_CASE("wrong options of the engine are refused with a sentence") {
  auto options = served::quiet();
  options.http_compression->level = 10;
  CHECK_THROWS_AS(sio::server(options), std::invalid_argument);
  options = served::quiet();
  options.cookie = sio::cookie_options{};
  options.cookie->domain = "a.com; Secure";
  CHECK_THROWS_AS(sio::server(options), std::invalid_argument);
}

TEST_CASE("without http_compression polls stay as they are") {
  auto options = served::quiet();
  const bool on = GENERATE(true, false);
  if (!on) options.http_compression.reset();
  options.initial_packet = std::string(5000, 'x');
  served::own_loop own(options);
  raw::client c(own.start());
  const raw::answer got = c.get(polling, "Accept-Encoding: gzip\r\n");
  CHECK(got.status == 200);
  CHECK((got.body.size() < 1000) == (on && sio::http::compressor::available));
}
