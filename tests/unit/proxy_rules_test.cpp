// Proxies: which one is asked for a host, and what it answers.
#include <sio/http/connect_answer.hpp>
#include <sio/http/ip_literal.hpp>
#include <sio/http/proxy_rules.hpp>
#include <support/catch.hpp>

#include <map>
#include <string>
#include <string_view>

using namespace sio;
using outcome = http::connect_answer::outcome;

namespace {

// "plain|secure|no_proxy"
std::string settled(const proxy_options& o, const std::map<std::string, std::string>& environment) {
  const auto found = http::settle(o, [&](const char* name) {
    const auto one = environment.find(name);
    return one == environment.end() ? std::string() : one->second;
  });
  return found.plain + '|' + found.secure + '|' + found.no_proxy;
}

// "host:port credentials", or why not
std::string shown(std::string_view url) {
  const http::proxy_address p = http::read_proxy(url);
  if (!p.error.empty()) return p.error;
  return p.host + ':' + std::to_string(p.port) + (p.credentials ? ' ' + *p.credentials : "");
}

// As a tunnel reads it: never more than is wanted. What is left over comes last.
std::pair<outcome, std::string> answered(std::string_view bytes) {
  http::connect_answer answer;
  for (;;) {
    if (bytes.empty()) return {outcome::need_more, {}};
    const std::string_view piece = bytes.substr(0, answer.wanted());
    bytes.remove_prefix(piece.size());
    const outcome so_far = answer.receive(piece);
    if (so_far != outcome::need_more) return {so_far, so_far == outcome::open ? std::string(bytes) : answer.status()};
  }
}

}  // namespace

TEST_CASE("the environment names proxies as it does for curl") {
  CHECK(settled({}, {}) == "||");
  CHECK(settled({}, {{"http_proxy", "a"}, {"https_proxy", "b"}, {"no_proxy", "c"}}) == "a|b|c");
  CHECK(settled({}, {{"HTTP_PROXY", "evil"}, {"HTTPS_PROXY", "B"}, {"NO_PROXY", "C"}}) == "|B|C");
  CHECK(settled({}, {{"https_proxy", "b"}, {"HTTPS_PROXY", "B"}}) == "|b|");
  CHECK(settled({}, {{"all_proxy", "d"}}) == "d|d|");
  CHECK(settled({}, {{"ALL_PROXY", "D"}, {"http_proxy", "a"}}) == "a|D|");
}

TEST_CASE("a proxy that is given goes before the environment") {
  const std::map<std::string, std::string> environment = {{"https_proxy", "b"}, {"no_proxy", "c"}};
  CHECK(settled({"x", true, ""}, environment) == "x|x|c");
  CHECK(settled({"x", true, "y"}, environment) == "x|x|y");
  CHECK(settled({"", true, "y"}, environment) == "|b|y");
  CHECK(settled({"", false, ""}, environment) == "||");
  CHECK(settled({"x", false, ""}, environment) == "x|x|");
}

TEST_CASE("no_proxy names hosts, domains, ports, addresses and networks") {
  const auto direct = [](std::string_view rules, std::string_view host, unsigned short port = 80) {
    return http::goes_direct(rules, host, port);
  };
  CHECK_FALSE(direct("", "a"));
  CHECK(direct("*", "a.example"));
  CHECK(direct("x, *", "a.example"));
  for (const char* rule : {"example.com", ".example.com", "*.example.com", "EXAMPLE.com.", "a b,example.com ,c"}) {
    CAPTURE(rule);
    CHECK(direct(rule, "example.com"));
    CHECK(direct(rule, "chat.Example.com"));
    CHECK_FALSE(direct(rule, "myexample.com"));
    CHECK_FALSE(direct(rule, "example.com.evil"));
    CHECK_FALSE(direct(rule, "com"));
  }
  CHECK(direct("a:8080", "a", 8080));
  CHECK_FALSE(direct("a:8080", "a", 80));
  CHECK_FALSE(direct("localhost", "127.0.0.1"));
  CHECK(direct("127.0.0.1", "127.0.0.1"));
  CHECK(direct("10.0.0.0/8,::1", "10.1.2.3"));
  CHECK_FALSE(direct("10.0.0.0/8", "11.1.2.3"));
  CHECK(direct("10.0.0.0/8:81", "10.1.2.3", 81));
  CHECK_FALSE(direct("0.0.1", "127.0.0.1"));
  CHECK(direct("::1", "::1"));
  CHECK(direct("[::1]", "0:0::1"));
  CHECK(direct("[::1]:443", "::1", 443));
  CHECK_FALSE(direct("[::1]:443", "::1", 80));
  CHECK(direct("2001:db8::/33", "2001:db8:7fff::1"));
  CHECK_FALSE(direct("2001:db8::/33", "2001:db8:8000::1"));
  CHECK(direct("192.0.2.1", "::ffff:192.0.2.1"));
  for (const char* rule : {",", " ", ":", "[", "[]", "[::1", "/", "10.0.0.0/", "10.0.0.0/33", "::/129", ".", "*."}) {
    CAPTURE(rule);
    CHECK_FALSE(direct(rule, "a"));
    CHECK_FALSE(direct(rule, "10.0.0.1"));
    CHECK_FALSE(direct(rule, "::2"));
  }
}

TEST_CASE("addresses are told from names") {
  for (const char* fine : {"1.2.3.4", "255.255.255.255", "::", "::1", "1::", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:1.2.3.4",
                           "::1.2.3.4", "fe80::1%eth0", "FFFF::abcd"}) {
    CAPTURE(fine);
    CHECK(http::read_ip(fine));
  }
  for (const char* wrong : {"",
                            "a",
                            "1",
                            "1.2.3",
                            "1.2.3.4.5",
                            "1.2.3.256",
                            "1.2.3.",
                            ".1.2.3",
                            "1..2.3",
                            "1.2.3.0004",
                            ":",
                            ":1",
                            "1:",
                            ":::",
                            "1::2::3",
                            "1:2:3:4:5:6:7",
                            "1:2:3:4:5:6:7:8:9",
                            "12345::",
                            "g::",
                            "1:2:3:4:5:6:7::8",
                            "1:2:3:4:5:6:7:1.2.3.4",
                            "::1.2.3",
                            "1.2.3.4::",
                            "::1:"}) {
    CAPTURE(wrong);
    CHECK_FALSE(http::read_ip(wrong));
  }
}

TEST_CASE("a proxy's URL gives its host, port and credentials") {
  CHECK(shown("http://proxy:3128") == "proxy:3128");
  CHECK(shown("proxy:3128") == "proxy:3128");
  CHECK(shown("HTTP://proxy/") == "proxy:80");
  CHECK(shown("http://[::1]:3128/") == "::1:3128");
  CHECK(shown("http://user:pass%20w%40rd@proxy:1") == "proxy:1 user:pass w@rd");
  CHECK(shown("http://us@er:p@proxy:1") == "proxy:1 us@er:p");
  CHECK(shown("http://user@proxy:1") == "proxy:1 user:");
  CHECK(shown("http://%E9:x@proxy:1") == "proxy:1 \xE9:x");
}

TEST_CASE("a proxy that cannot be used is refused in a sentence") {
  const std::string only = " proxies are not supported: only HTTP proxies, as http://proxy:3128";
  CHECK(shown("https://proxy") == "https" + only);
  CHECK(shown("socks5://proxy") == "socks5" + only);
  CHECK(shown("http://") == "the URL of the proxy names no host");
  CHECK(shown("http://:80") == "the URL of the proxy names no host");
  CHECK(shown("http://a b") == "the URL of the proxy names no host");
  for (const char* url : {"http://a:0", "http://a:65536", "http://a:", "http://a:b", "http://[::1]x"})
    CHECK(shown(url) == "the URL of the proxy has an impossible port");
}

TEST_CASE("the proxy for a host depends on TLS and on no_proxy") {
  const http::proxy_settings s{"http://plain:1", "http://secure:2", "near.example"};
  CHECK(http::choose_proxy(s, false, "far.example", 80).host == "plain");
  CHECK(http::choose_proxy(s, true, "far.example", 443).host == "secure");
  CHECK(http::choose_proxy(s, true, "near.example", 443).host.empty());
  CHECK(http::choose_proxy({}, true, "far.example", 443).host.empty());
}

TEST_CASE("of a proxy's answer the head is read, and not a byte behind it") {
  const std::string fine = "HTTP/1.1 200 Connection established\r\n";
  CHECK(answered(fine + "\r\n") == std::pair(outcome::open, std::string()));
  CHECK(answered(fine + "Via: x\r\n\r\nHello") == std::pair(outcome::open, std::string("Hello")));
  CHECK(answered("HTTP/1.0 200\n\n\nx") == std::pair(outcome::open, std::string("\nx")));
  CHECK(answered(fine + "\r\n\r\n") == std::pair(outcome::open, std::string("\r\n")));
  const std::string whole = fine + "A: b\r\nC: d\r\n\r\n";
  for (std::size_t n = 0; n != whole.size(); ++n) CHECK(answered(whole.substr(0, n)).first == outcome::need_more);
}

TEST_CASE("a proxy's refusal says its status, in letters that may be shown") {
  const auto refused = [](const std::string& line) { return answered(line + "\r\n\r\n"); };
  CHECK(refused("HTTP/1.1 407 Proxy Authentication Required") ==
        std::pair(outcome::refused, std::string("407 Proxy Authentication Required")));
  CHECK(refused("HTTP/1.1 503").second == "503");
  CHECK(refused("HTTP/1.1 502 a\x1b[31m\xff").second == "502 a?[31m?");
  CHECK(refused("HTTP/1.1 502 " + std::string(500, 'x')).second.size() == 80);
  CHECK(refused("HTTP/1.1 101 Switching Protocols").first == outcome::refused);
}

TEST_CASE("what is no answer of a proxy is found out at once, or at 16 KiB") {
  CHECK(answered("SSH-2.0").first == outcome::wrong);
  CHECK(answered("\r\n").first == outcome::wrong);
  for (const char* line :
       {"HTTP/1.1", "HTTP/1.1 ", "HTTP/1.1 20", "HTTP/1.1 2000 x", "HTTP/1.1 abc x", "HTTP/1.12 200 x"})
    CHECK(answered(std::string(line) + "\r\n\r\n").first == outcome::wrong);
  const std::string begin = "HTTP/1.1 200 ok\r\nA: ";
  CHECK(answered(begin + std::string(http::connect_answer::max_head, 'x')).first == outcome::wrong);
  CHECK(answered(begin + std::string(10'000, 'x')).first == outcome::need_more);
}
