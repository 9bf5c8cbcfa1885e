// A client's TLS: whom it trusts, what it says of whom it does not, and how it shows who it is.
#include <support/catch.hpp>
#include <support/served.hpp>

#if defined(SIO_WITH_TLS)

#include <sio/net/dialer.hpp>
#include <support/dials.hpp>
#include <support/hex.hpp>
#include <support/temp_dir.hpp>
#include <support/tiny_proxy.hpp>
#include <support/tls_options.hpp>

#include <asio/write.hpp>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

using certificates::make;
using certificates::options_of;
using certificates::pair;
using certificates::pem;
using test::dials;
using test::quiet_port;
using test::text;
using test::tiny_proxy;

namespace {

const std::string fine = "127.0.0.1";

const pair& authority() {
  static const pair made = make("Authority");
  return made;
}
const pair& own() {
  static const pair made = make("chat.example.com", &authority(), {"DNS:chat.example.com,IP:127.0.0.1,IP:::1"});
  return made;
}

// Tells who asks.
struct server : served::own_loop {
  explicit server(const sio::tls_options& tls = options_of(own())) {
    io->on_request("/who", [](const sio::request& asked) {
      return sio::response{200, {}, asked.client_certificate ? asked.client_certificate->common_name : "nobody"};
    });
    io->listen("127.0.0.1", 0, tls);
    port = io->port();
    start();
  }

  unsigned short port = 0;
};

sio::client_tls_options trusting() {
  sio::client_tls_options o;
  o.system_ca = false;
  o.ca = authority().chain_pem();
  return o;
}
sio::client_tls_options insecure() {
  sio::client_tls_options o;
  o.insecure = true;
  return o;
}

// Names lead to this machine.
sio::net::dialer_options with(const sio::client_tls_options& tls) {
  sio::net::dialer_options o = test::without_proxy();
  o.tls = tls;
  o.lookup = [](const std::string&, std::error_code&) { return sio::net::addresses{asio::ip::address_v4::loopback()}; };
  return o;
}

sio::net::destination at(unsigned short port, std::string host = fine) { return {std::move(host), port, true, {}}; }

std::string dial(const server& to, const sio::client_tls_options& tls, const std::string& host = fine) {
  return dials(with(tls)).dial(at(to.port, host));
}

std::string who(dials& d) {
  d.write("GET /who HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::string answer = d.read(100'000);
  return answer.empty() ? "no answer" : answer.substr(answer.find("\r\n\r\n") + 4);
}

std::string certificate_of(const server& s, const std::string& host = fine) {
  return "the certificate of " + host + ':' + text(s.port);
}

std::string base64_pin(const pair& p) {
  std::string out = "sha256//";
  sio::eio::base64::encode(out, p.key_digest());
  return out;
}

std::string hex_pin(const pair& p) {
  std::string out = support::to_hex(p.key_digest());
  out.erase(std::remove(out.begin(), out.end(), ' '), out.end());
  return out;
}

std::string mistake(const sio::client_tls_options& tls) {
  try {
    dials d(with(tls));
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return "none";
}

}  // namespace

TEST_CASE("a server is trusted by its authority, for its names and addresses") {
  server s;
  test::temp_dir dir;
  dir.write("ca.pem", authority().chain_pem());
  sio::client_tls_options by_file;
  by_file.ca_file = (dir.path / "ca.pem").string();
  CHECK(dial(s, by_file) == fine);
  CHECK(dial(s, trusting(), "chat.example.com") == fine);
  CHECK(dial(s, trusting(), "CHAT.example.com.") == fine);
  dials d(with(trusting()));
  REQUIRE(d.dial(at(s.port)) == fine);
  CHECK(d.out->stream->secure());
  CHECK(who(d) == "nobody");
}

TEST_CASE("a certificate that is not trusted, or for others, or out of date, is refused in a sentence") {
  sio::client_tls_options system_only;
  server s;
  CHECK(dial(s, system_only).find(certificate_of(s) + " is not trusted: ") == 0);
  CHECK(dial(s, trusting(), "evil.example") ==
        certificate_of(s, "evil.example") + " is for other names: chat.example.com, 127.0.0.1, ::1");
  server self(options_of(make("chat.example.com")));
  CHECK(dial(self, trusting()).find(certificate_of(self) + " is not trusted: self") == 0);
  server elsewhere(options_of(make("other.example", &authority())));
  CHECK(dial(elsewhere, trusting()) == certificate_of(elsewhere) + " is for other names: other.example");
  server old(options_of(make("chat.example.com", &authority(), {{}, -7200, -3600})));
  CHECK(dial(old, trusting(), "chat.example.com") == certificate_of(old, "chat.example.com") + " has expired");
  server young(options_of(make("chat.example.com", &authority(), {{}, 3600, 7200})));
  dials d(with(trusting()));
  CHECK(d.dial(at(young.port, "chat.example.com")) == certificate_of(young, "chat.example.com") + " is not valid yet");
  CHECK(d.out->code == asio::error::access_denied);
  for (const server* any : {&s, &self, &elsewhere, &old, &young}) CHECK(dial(*any, insecure()) == fine);
}

TEST_CASE("the server is asked for by its name, or by the one that is given") {
  sio::tls_options tls = options_of(own());
  tls.hosts = {{"one.example", pem(make("one.example", &authority()))}};
  server s(tls);
  std::vector<std::string> seen;
  sio::client_tls_options o = trusting();
  o.verify = [&](const sio::certificate_check& c) {
    seen.push_back(c.host + " " + c.certificate.common_name + (c.ok ? " ok" : " " + c.error));
    return c.ok;
  };
  CHECK(dial(s, o, "one.example") == fine);
  CHECK(dial(s, o) == fine);
  o.server_name = "one.example";
  CHECK(dial(s, o) == fine);
  CHECK(seen == std::vector<std::string>{"one.example one.example ok", "127.0.0.1 chat.example.com ok",
                                         "one.example one.example ok"});
}

TEST_CASE("a client's first words say the protocol, and a name, but no address") {
  const auto words = [](const char* host) {
    quiet_port quiet;
    dials d(with(trusting()));
    d.start(at(quiet.port, host));
    CHECK(d.turn_until([&] { return quiet.heard(); }));
    std::string hello(16 * 1024, '\0');
    hello.resize(quiet.peer.read_some(asio::buffer(hello)));
    const auto says = [&](const char* what) { return hello.find(what) != std::string::npos; };
    return std::string(says("\x08http/1.1") ? "http " : "") + (says(host) ? "name" : "");
  };
  CHECK(words("chat.example.com") == "http name");
  CHECK(words("127.0.0.1") == "http ");
}

TEST_CASE("one of the pinned keys must be the server's, whatever else is allowed") {
  server s;
  const std::string wrong = certificate_of(s) + " has a public key that is not pinned";
  sio::client_tls_options o = trusting();
  o.pins = {base64_pin(own())};
  CHECK(dial(s, o) == fine);
  o.pins = {base64_pin(authority()), hex_pin(own())};
  CHECK(dial(s, o) == fine);
  o.pins = {base64_pin(authority())};
  CHECK(dial(s, o) == wrong);
  o.insecure = true;
  CHECK(dial(s, o) == wrong);
  o.verify = [](const sio::certificate_check&) { return true; };
  CHECK(dial(s, o) == wrong);
  o = insecure();
  o.pins = {hex_pin(own())};
  CHECK(dial(s, o) == fine);
}

TEST_CASE("a verify callback refuses what is trusted, and accepts what is not") {
  server s, self(options_of(make("a")));
  sio::client_tls_options o = trusting();
  o.verify = [](const sio::certificate_check&) { return false; };
  CHECK(dial(s, o) == certificate_of(s) + " was refused by the verify callback");
  o.verify = [](const sio::certificate_check&) -> bool { throw std::runtime_error("no idea"); };
  CHECK(dial(s, o) == certificate_of(s) + " was refused by the verify callback: no idea");
  o.verify = [](const sio::certificate_check&) -> bool { throw 1; };
  CHECK(dial(s, o) == certificate_of(s) + " was refused by the verify callback");
  std::string told;
  o.verify = [&](const sio::certificate_check& c) { return told = c.error, !c.ok && c.certificate.common_name == "a"; };
  CHECK(dial(self, o) == fine);
  CHECK(told.find(certificate_of(self) + " is not trusted: self") == 0);
  o.verify = [&](const sio::certificate_check& c) { return c.ok; };
  CHECK(dial(self, o) == told);
}

TEST_CASE("a verify callback may cancel the dial") {
  server s;
  std::shared_ptr<sio::net::dialing> under_way;
  bool asked = false;
  sio::client_tls_options o = trusting();
  o.verify = [&](const sio::certificate_check&) { return asked = true, under_way->cancel(), true; };
  dials d(with(o));
  under_way = d.start(at(s.port));
  CHECK(d.turn_until([&] { return asked; }));
  d.context->restart();
  d.context->run();
  CHECK_FALSE(d.out);
}

TEST_CASE("a client shows its certificate to servers that ask for one") {
  const pair alice = make("alice", &authority());
  sio::tls_options tls = options_of(own());
  tls.ca = authority().chain_pem();
  tls.client_certificates = sio::client_certificates::required;
  server s(tls);
  sio::client_tls_options o = trusting();
  o.certificate = pem(alice);
  dials d(with(o));
  REQUIRE(d.dial(at(s.port)) == fine);
  CHECK(who(d) == "alice");
  dials nobody(with(trusting()));
  CHECK((nobody.dial(at(s.port)) != fine || who(nobody) == "no answer"));  // in TLS 1.3 the server's no comes later
}

TEST_CASE("each mistake in a client's TLS options gets its own sentence") {
  const auto changed = [](auto change) {
    sio::client_tls_options o = trusting();
    change(o);
    return mistake(o);
  };
  CHECK(changed([](auto&) {}) == "none");
  CHECK(changed([](auto& o) { o.ca = "hello"; }).find("sio: TLS: the authority for servers is not PEM") == 0);
  CHECK(changed([](auto& o) {
          o.ca_file = "/no/such.pem";
        }).find("cannot read the authority for servers /no/such.pem") != std::string::npos);
  CHECK(changed([](auto& o) { o.certificate.chain = own().chain_pem(); }) == "sio: TLS: no private key is given");
  CHECK(changed([](auto& o) { o.ciphers = "nonsense"; }) == "sio: TLS: no cipher is known of \"nonsense\"");
  for (const char* pin : {"", "sha256//", "sha256//AAAA", "00", "sha1//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="})
    CHECK(changed([&](auto& o) { o.pins = {pin}; }).find("is no pin: it must be") != std::string::npos);
}

TEST_CASE("TLS goes through a proxy, and checks who is behind it") {
  server s;
  tiny_proxy proxy;
  auto o = with(trusting());
  o.proxy.url = proxy.url();
  dials d(o);
  REQUIRE(d.dial(at(s.port, "chat.example.com")) == fine);
  CHECK(who(d) == "nobody");
  CHECK(proxy.asked().front().find("CONNECT chat.example.com:" + text(s.port)) == 0);
  CHECK(d.dial(at(s.port, "evil.example")).find("is for other names") != std::string::npos);
}

TEST_CASE("a server that does not speak TLS is told from one that leaves and one that is silent") {
  const auto why = [](auto answer, std::chrono::milliseconds timeout = {}) {
    quiet_port quiet;
    auto o = with(trusting());
    o.timeout = timeout;
    dials d(o);
    d.start(at(quiet.port));
    CHECK(d.turn_until([&] { return d.out || quiet.heard(); }));
    answer(quiet.peer);
    CHECK(d.turn_until([&] { return d.out.has_value(); }));
    const std::string begin = "TLS handshake with 127.0.0.1:" + text(quiet.port) + " failed: ";
    return d.out->error.substr(0, begin.size()) == begin ? d.out->error.substr(begin.size()) : d.out->error;
  };
  const auto say = [](const std::string& what) {
    return [what](auto& peer) { asio::write(peer, asio::buffer(what)); };
  };
  CHECK(why(say("HTTP/1.1 400 Bad Request\r\n\r\n")) == "wrong version number: the server does not speak TLS there");
  CHECK(why([](auto& peer) { peer.shutdown(asio::socket_base::shutdown_send); }) == "the server closed the connection");
  CHECK(why([](auto&) {}, std::chrono::milliseconds(30)) == "timed out");
  CHECK(why(say({"\x15\x03\x03\x00\x02\x02\x28", 7})).find("handshake failure") != std::string::npos);
}

#endif
