// How a client reaches its server through a proxy, and every way in which that fails.
#include <sio/net/dialer.hpp>
#include <support/catch.hpp>
#include <support/dials.hpp>
#include <support/tiny_proxy.hpp>

#include <cstdlib>
#include <string>
#include <vector>

using test::at;
using test::by_proxy;
using test::dials;
using test::quiet_port;
using test::text;
using test::tiny_proxy;
using test::without_proxy;

TEST_CASE("a proxy opens the way, and loses no byte that comes right behind its answer") {
  quiet_port quiet;
  tiny_proxy proxy;
  dials d(by_proxy(proxy.url()));
  CHECK(d.dial(at(quiet.port, "chat.example")) == "127.0.0.1");
  CHECK(proxy.asked() == std::vector<std::string>{"CONNECT chat.example:" + text(quiet.port) +
                                                  " HTTP/1.1\r\nHost: chat.example:" + text(quiet.port) + "\r\n\r\n"});
  d.write("hello");
  CHECK(d.turn_until([&] { return quiet.heard(); }));
  tiny_proxy hasty(std::string(tiny_proxy::yes) + "Hello at once");
  dials h(by_proxy(hasty.url()));
  CHECK(h.dial(at(80, "::1")) == "127.0.0.1");
  CHECK(hasty.asked().front().substr(0, 17) == "CONNECT [::1]:80 ");
  CHECK(h.read(13) == "Hello at once");
}

TEST_CASE("credentials of the proxy's URL are sent") {
  tiny_proxy proxy;
  dials d(by_proxy("http://user:pass%20word@127.0.0.1:" + text(proxy.port())));
  d.dial(at(test::closed_port()));
  CHECK(proxy.asked().front().find("\r\nProxy-Authorization: Basic dXNlcjpwYXNzIHdvcmQ=\r\n") != std::string::npos);
}

TEST_CASE("each way in which a proxy fails has its sentence") {
  const auto why = [](const std::string& answer) {
    tiny_proxy proxy(answer);
    dials d(by_proxy(proxy.url()));
    const std::string all = d.dial(at(80, "chat.example")), begin = "the proxy 127.0.0.1:" + text(proxy.port());
    CHECK(d.loop->resources().empty());
    return all.substr(0, begin.size()) == begin ? all.substr(begin.size() + 1) : all;
  };
  CHECK(why("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 2\r\n\r\nno") ==
        "refused: 407 Proxy Authentication Required");
  CHECK(why("HTTP/1.1 502 Bad Gateway\r\n\r\n") == "refused: 502 Bad Gateway");
  CHECK(why("SSH-2.0-OpenSSH\r\n") == "gave an answer that is none");
  CHECK(why("HTTP/1.1 200 ok\r\nA: " + std::string(100'000, 'x')) == "gave an answer that is none");
  CHECK(why("") == "closed the connection without an answer");
  CHECK(why("HTTP/1.1 200 ok\r\n") == "closed the connection without an answer");
  const std::string nowhere = "127.0.0.1:" + text(test::closed_port());
  CHECK(dials(by_proxy(nowhere)).dial(at(80, "a")) ==
        "cannot connect to the proxy " + nowhere + ": Connection refused");
  CHECK(dials(by_proxy("socks5://127.0.0.1")).dial(at(80, "a")) ==
        "socks5 proxies are not supported: only HTTP proxies, as http://proxy:3128");
}

TEST_CASE("the environment names the proxy, but for hosts in no_proxy") {
  quiet_port quiet;
  const unsigned short closed = test::closed_port();
  ::setenv("http_proxy", ("http://127.0.0.1:" + text(closed)).c_str(), 1);
  ::setenv("no_proxy", ("127.0.0.1:" + text(quiet.port)).c_str(), 1);
  dials d(sio::net::dialer_options{});
  dials ignoring(without_proxy());
  ::unsetenv("http_proxy");
  ::unsetenv("no_proxy");
  CHECK(d.dial(at(quiet.port)) == "127.0.0.1");
  CHECK(d.dial(at(1)) == "cannot connect to the proxy 127.0.0.1:" + text(closed) + ": Connection refused");
  CHECK(ignoring.dial(at(quiet.port)) == "127.0.0.1");
}
