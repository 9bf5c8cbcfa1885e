// TLS and proxies between a client and the official server, by every transport.
#include <support/catch.hpp>
#include <support/client_fixture.hpp>
#include <support/peer_process.hpp>
#include <support/temp_dir.hpp>
#if defined(SIO_WITH_TLS)
#include <support/certificates.hpp>
#endif

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

using sio::array;
using sio::object;
using sio::value;
using test::guest;
using test::way;

namespace {

sio::client_options once(way w) {
  sio::client_options o = test::by(w);
  o.reconnection = false;
  o.force_new = true;
  o.tls.system_ca = false;
  return o;
}

// "": it got in, and was answered; else what "connect_error" says, and its description.
std::string outcome(const std::string& url, sio::client_options o) {
  guest g(url, std::move(o));
  g.io.on("connect", [h = g.all] { h->note("outcome"); });
  g.io.on("connect_error", [h = g.all](array what) { h->note("outcome", std::move(what)); });
  g.io.connect();
  const array what = g.expect("outcome");
  if (what.empty()) return g.ask("sum", 20, 22) == "[42]" ? "" : "a wrong answer";
  const std::string* description = what.size() > 1 ? what[1]["description"].if_string() : nullptr;
  return what.at(0).as<std::string>() + (description ? ": " + *description : "");
}

bool fails(const std::string& came_out, way w, const std::string& why) {
  UNSCOPED_INFO(came_out);
  const std::string first = w == way::websocket ? "websocket error" : "xhr poll error";
  return came_out.rfind(first, 0) == 0 && came_out.find(why) != std::string::npos;
}

constexpr way ways[] = {way::polling, way::websocket, way::upgrade};

}  // namespace

#if defined(SIO_WITH_TLS)

namespace {

using certificates::make;
using certificates::pair;

const test::temp_dir& files() {
  static const test::temp_dir dir;
  return dir;
}

const pair& authority() {
  static const pair made = make("Authority");
  return made;
}

// The official server with that certificate.
std::unique_ptr<test::node_server> secure(const std::string& name, const pair& own, bool asks_clients = false) {
  const auto file = [&](const std::string& what, const std::string& text) {
    files().write(name + what, text);
    return (files().path / (name + what)).string();
  };
  std::vector<std::string> options{"--tls", file(".crt", own.chain_pem()), "--key", file(".key", own.key_pem())};
  if (asks_clients) options.insert(options.end(), {"--client-ca", file(".ca", authority().chain_pem())});
  return std::make_unique<test::node_server>(options);
}

sio::client_options trusting(way w) {
  sio::client_options o = once(w);
  o.tls.ca = authority().chain_pem();
  return o;
}

}  // namespace

TEST_CASE("a server with TLS is let in by its certificate, its name and its date, or by nobody") {
  const auto fine = secure("fine", make("localhost", &authority()));
  const auto other = secure("other", make("elsewhere.example", &authority()));
  const auto old = secure("old", make("localhost", &authority(), {"", -7200, -3600}));
  const std::string host = "localhost";
  for (const way w : ways) {
    CAPTURE(w);
    CHECK(outcome(fine->url("https", host), trusting(w)).empty());
    CHECK(outcome(fine->url("wss", host), trusting(w)).empty());
    CHECK(fails(outcome(fine->url("https", host), once(w)), w, "is not trusted"));
    CHECK(fails(outcome(other->url("https", host), trusting(w)), w, "is for other names: elsewhere.example"));
    CHECK(fails(outcome(old->url("https", host), trusting(w)), w, "has expired"));
    sio::client_options o = trusting(w);
    o.tls.server_name = "elsewhere.example";
    CHECK(outcome(other->url("https", host), o).empty());
    o = once(w);
    o.tls.insecure = true;
    CHECK(outcome(old->url("https", "127.0.0.1"), o).empty());
  }
  CHECK(fails(outcome(fine->url("http", host), trusting(way::polling)), way::polling, ""));

  sio::client_options o = trusting(way::upgrade);
  o.tls.ca.clear();
  o.tls.verify = [](const sio::certificate_check& seen) { return seen.certificate.common_name == "localhost"; };
  CHECK(outcome(fine->url("https", host), o).empty());
  CHECK_FALSE(outcome(other->url("https", host), o).empty());
}

TEST_CASE("a client shows its own certificate where the server asks for one, also behind a proxy") {
  const auto strict = secure("strict", make("localhost", &authority()), true);
  const pair own = make("a client", &authority());
  test::tunnel_proxy proxy("me:secret");
  for (const way w : {way::polling, way::websocket}) {
    CAPTURE(w);
    CHECK(fails(outcome(strict->url("https", "localhost"), trusting(w)), w, ""));
    sio::client_options o = trusting(w);
    o.tls.certificate.chain = own.chain_pem();
    o.tls.certificate.key = own.key_pem();
    CHECK(outcome(strict->url("https", "localhost"), o).empty());
    o.proxy.url = proxy.url("http", "me:secret@127.0.0.1");
    CHECK(outcome(strict->url("https", "localhost"), o).empty());
    CHECK(proxy.line() == "tunnel localhost:" + std::to_string(strict->port()));
  }
}

#endif

TEST_CASE("a client goes by the proxy that it is told of, and hears what the proxy refuses") {
  test::node_server server;
  test::tunnel_proxy open, guarded("me:p@ss"), refusing({}, "502");
  const std::string target = "tunnel 127.0.0.1:" + std::to_string(server.port());
  for (const way w : ways) {
    CAPTURE(w);
    sio::client_options o = once(w);
    o.proxy.url = open.url();
    CHECK(outcome(server.url(), o).empty());
    CHECK(open.line() == target);
    o.proxy.url = guarded.url("http", "me:p%40ss@127.0.0.1");
    CHECK(outcome(server.url(), o).empty());
    CHECK(guarded.line() == target);
    o.proxy.url = guarded.url("http", "me:wrong@127.0.0.1");
    CHECK(fails(outcome(server.url(), o), w, "407"));
    o.proxy.url = refusing.url();
    CHECK(fails(outcome(server.url(), o), w, "502"));
    o.proxy.url = "http://127.0.0.1:1";
    CHECK(fails(outcome(server.url(), o), w, "127.0.0.1:1"));
    o.proxy.no_proxy = "127.0.0.0/8";
    CHECK(outcome(server.url(), o).empty());
  }
}

TEST_CASE("a client goes by the proxy that the environment names") {
  test::node_server server;
  test::tunnel_proxy proxy;
  ::setenv("http_proxy", proxy.url().c_str(), 1);
  ::setenv("no_proxy", "", 1);
  sio::client_options o = once(way::websocket);
  o.proxy.from_environment = true;
  CHECK(outcome(server.url(), o).empty());
  CHECK(proxy.line() == "tunnel 127.0.0.1:" + std::to_string(server.port()));
  ::setenv("no_proxy", "127.0.0.1", 1);
  CHECK(outcome(server.url(), o).empty());
  ::unsetenv("http_proxy");
  ::unsetenv("no_proxy");
}
