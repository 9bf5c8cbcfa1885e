// The addresses that a client takes, as the JS client reads them, and those that it refuses with a sentence.
#include <sio/http/url.hpp>
#include <support/catch.hpp>

#include <stdexcept>
#include <string>

using sio::http::host_header;
using sio::http::parse_url;
using sio::http::url;

namespace {

// "scheme host port path ?query"
std::string parsed(const std::string& text) {
  const url u = parse_url(text);
  CHECK(u.secure == (u.scheme == "https" || u.scheme == "wss"));
  CHECK(u.is_ipv6 == (u.host.find(':') != std::string::npos));
  return u.scheme + ' ' + u.host + ' ' + std::to_string(u.port) + ' ' + u.path + " ?" + u.query;
}

std::string refused(const std::string& text) {
  try {
    parse_url(text);
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return {};
}

}  // namespace

TEST_CASE("a URL's path is the namespace, its query goes along, and ports have their defaults") {
  CHECK(parsed("http://localhost") == "http localhost 80 / ?");
  CHECK(parsed("http://localhost:3000/") == "http localhost 3000 / ?");
  CHECK(parsed("https://example.com/admin?token=abc&x=1#top") == "https example.com 443 /admin ?token=abc&x=1");
  CHECK(parsed("ws://example.com/a/b/") == "ws example.com 80 /a/b/ ?");
  CHECK(parsed("wss://example.com:8443?q") == "wss example.com 8443 / ?q");
  CHECK(parsed("HTTP://Example.com:/x") == "http Example.com 80 /x ?");
  CHECK(parsed("http://h#/x?y") == "http h 80 / ?");
  CHECK(parsed("http://h/a?b?c/d") == "http h 80 /a ?b?c/d");
  CHECK(parsed("http://h/a://b") == "http h 80 /a://b ?");
  CHECK(parsed("http://h//a") == "http h 80 //a ?");
  CHECK(parsed("http://h?") == "http h 80 / ?");
}

TEST_CASE("without a scheme it is https") {
  CHECK(parsed("example.com") == "https example.com 443 / ?");
  CHECK(parsed("//example.com/x") == "https example.com 443 /x ?");
  CHECK(parsed("localhost:3000/x?http://y") == "https localhost 3000 /x ?http://y");
  CHECK(parse_url("localhost:3000/x").source == "https://localhost:3000/x");
  CHECK(parse_url("//h/x?y#z").source == "https://h/x?y#z");
}

TEST_CASE("namespaces and queries stay as they were written: JS decodes no escapes here") {
  CHECK(parsed("http://h/a%20b?c=%2F") == "http h 80 /a%20b ?c=%2F");
  CHECK(parsed("http://h/\xc3\xa4") == "http h 80 /\xc3\xa4 ?");
}

TEST_CASE("an IPv6 address stands in brackets, or alone") {
  CHECK(parsed("http://[::1]") == "http ::1 80 / ?");
  CHECK(parsed("http://[::1]:3000/x") == "http ::1 3000 /x ?");
  CHECK(parsed("[2001:db8::1]:8080") == "https 2001:db8::1 8080 / ?");
  CHECK(parsed("ws://2001:db8::1/x") == "ws 2001:db8::1 80 /x ?");
  CHECK(parsed("http://[fe80::1%eth0]:80") == "http fe80::1%eth0 80 / ?");
  CHECK(parsed("http://[::ffff:127.0.0.1]") == "http ::ffff:127.0.0.1 80 / ?");
}

TEST_CASE("the field Host names the port only where it is not the scheme's own") {
  CHECK(host_header(parse_url("http://a:80")) == "a");
  CHECK(host_header(parse_url("http://a:443")) == "a:443");
  CHECK(host_header(parse_url("wss://a:443")) == "a");
  CHECK(host_header(parse_url("https://a:8443/x?y")) == "a:8443");
  CHECK(host_header(parse_url("http://[::1]:3000")) == "[::1]:3000");
  CHECK(host_header(parse_url("http://[fe80::1%eth0]")) == "[fe80::1]");
}

TEST_CASE("what is no address of a server is refused with a sentence") {
  CHECK(refused("http://h/" + std::string(7991, 'a')).empty());
  CHECK(refused("http://h/" + std::string(7992, 'a')) == "URI too long");
  CHECK(refused("ftp://h") == "the URL \"ftp://h\" has a scheme other than http, https, ws and wss");
  CHECK(refused("://h").find("has a scheme other than") != std::string::npos);
  CHECK(refused("") == "the URL \"\" names no host");
  for (const char* text : {"http://", "http:///x", "http://:80", "/admin", "//", "?a", "http://[]", "http://::1]"}) {
    INFO(text);
    CHECK(refused(text).find("names no host") != std::string::npos);
  }
  for (const char* text : {"http://h:x", "http://h:0", "http://h:65536", "http://h:-1", "http://h:80:80",
                           "http://[::1]x", "http://[::1]]", "http://h:99999999999999999999"}) {
    INFO(text);
    CHECK(refused(text).find("has no proper port: 1 to 65535") != std::string::npos);
  }
  for (const char* text : {"http://a b", "http://a\"b", "http://[h]", "http://[::1", "http://h\xc3\xa4", "http://a\\b",
                           "http://[::1%a b]"}) {
    INFO(text);
    CHECK(refused(text).find("has a host that is none") != std::string::npos);
  }
  CHECK(refused("http://me:secret@h/x").find("holds a user's name") != std::string::npos);
  CHECK(refused("http://h/a\r\nX: y") == "the URL holds a control character");
  CHECK(refused(std::string("http://h/\0", 10)) == "the URL holds a control character");
}
