// TLS: what is served over it, which certificate whom is shown, and what a host's mistakes say.
#include <support/catch.hpp>
#include <support/served.hpp>

#if defined(SIO_WITH_TLS)

#include <support/temp_dir.hpp>
#include <support/tls_client.hpp>
#include <support/tls_options.hpp>

#include <string>

using certificates::make;
using certificates::options_of;
using certificates::pair;
using certificates::pem;
using namespace std::chrono_literals;
using tls_test::client;
using tls_test::client_options;

namespace {

// A server at a TLS port, turned by a thread.
struct tls_server : served::own_loop {
  explicit tls_server(const sio::tls_options& tls, sio::server_options o = served::quiet())
      : served::own_loop(std::move(o)) {
    io->on("connection", [this](sio::socket s) {
      const auto& who = s.handshake().client_certificate;
      seen.add((s.handshake().secure ? "secure " : "plain ") + (who ? who->subject : "nobody"));
      s.on("echo", [s](sio::value v) { s.emit("echo", std::move(v)); });
      s.on("disconnect", [this](sio::reason why) { seen.add(std::string(to_string(why))); });
    });
    io->listen("127.0.0.1", 0, tls);
    port = io->port();
    start();
  }
  ~tls_server() { end(); }

  unsigned short port = 0;
  served::notes seen;
};

void join(client& c) {
  REQUIRE(c.upgrade(raw::path + "websocket").status == 101);
  REQUIRE(c.read_text().substr(0, 1) == "0");
  c.send_text("40");
  REQUIRE(c.read_text().substr(0, 2) == "40");
}

std::string echo(client& c, const std::string& text) {
  c.send_text("42[\"echo\",\"" + text + "\"]");
  return c.read_text();
}

std::string mistake(const sio::tls_options& tls) {
  sio::server io(served::quiet());
  try {
    io.listen("127.0.0.1", 0, tls);
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return "none";
}

bool says(const std::string& sentence, const std::string& part) {
  CAPTURE(sentence);
  INFO(part);
  return sentence.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("polling, WebSocket and upgrade work over TLS") {
  const pair authority = make("Authority"), own = make("chat.example.com", &authority);
  tls_server x(options_of(own));
  const client_options trusting{&authority, nullptr, "chat.example.com", {}, 0};
  client polls(x.port, trusting);
  const std::string sid = raw::open_by_polling(polls);
  const std::string target = raw::path + "polling&sid=" + sid;
  CHECK(polls.post(target, "40").body == "ok");
  CHECK(polls.get(target).body.substr(0, 2) == "40");
  client ws(x.port, trusting);
  CHECK(ws.upgrade(raw::path + "websocket&sid=" + sid).status == 101);
  ws.send_text("2probe");
  CHECK(ws.read_text() == "3probe");
  ws.send_text("5");
  CHECK(echo(ws, "hello") == "42[\"echo\",\"hello\"]");
  CHECK(x.seen.all() == std::vector<std::string>{"secure nobody"});
}

TEST_CASE("large messages pass over TLS whole, both ways") {
  tls_server x(options_of(make("a")));
  client c(x.port);
  join(c);
  for (const std::size_t size : {16'383u, 16'384u, 16'385u, 900'000u}) {
    const std::string text(size, 'x');
    CHECK(echo(c, text) == "42[\"echo\",\"" + text + "\"]");
  }
}

TEST_CASE("both ends of a TLS connection say goodbye") {
  tls_server x(options_of(make("a")));
  client c(x.port);
  join(c);
  c.send_close();
  CHECK(c.ended());
  CHECK(c.engine().heard_goodbye());
  client cut(x.port);
  join(cut);
  cut.close();  // without a word
  CHECK(served::eventually([&] { return x.seen.size() == 4; }));
  CHECK(x.seen.all().back() == "transport close");
}

TEST_CASE("TLS 1.2 and 1.3 are spoken, and nothing older") {
  tls_server x(options_of(make("a")));
  CHECK(client(x.port, {nullptr, nullptr, {}, {}, TLS1_3_VERSION}).get("/").status == 404);
  CHECK(client(x.port, {nullptr, nullptr, {}, {}, TLS1_2_VERSION}).get("/").status == 404);
  CHECK_FALSE(client(x.port, {nullptr, nullptr, {}, {}, TLS1_1_VERSION}).shaken());
}

TEST_CASE("of the protocols offered over TLS, HTTP/1.1 is taken") {
  tls_server x(options_of(make("a")));
  client both(x.port, {nullptr, nullptr, {}, "\x02h2\x08http/1.1", 0});
  CHECK(both.get("/").status == 404);
  const unsigned char* chosen = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(both.engine().ssl(), &chosen, &size);
  CHECK(std::string(reinterpret_cast<const char*>(chosen), size) == "http/1.1");
  CHECK_FALSE(client(x.port, {nullptr, nullptr, {}, "\x02h2", 0}).shaken());
}

TEST_CASE("each host name gets its certificate, and any other name the first one") {
  sio::tls_options tls = options_of(make("default"));
  tls.hosts = {{"chat.example.com", pem(make("one"))}, {"*.Example.org", pem(make("wild"))}};
  tls_server x(tls);
  const auto shown = [&](const std::string& host) {
    return client(x.port, {nullptr, nullptr, host, {}, 0}).engine().peer_name();
  };
  CHECK(shown("") == "default");
  CHECK(shown("chat.example.com") == "one");
  CHECK(shown("CHAT.EXAMPLE.COM") == "one");
  CHECK(shown("a.example.org") == "wild");
  CHECK(shown("example.org") == "default");
  CHECK(shown("a.b.example.org") == "default");
  CHECK(shown("elsewhere") == "default");
}

TEST_CASE("a certificate is asked of clients as the options say") {
  using wanted = sio::client_certificates;
  const pair authority = make("Authority"), stranger = make("Stranger");
  const pair alice = make("alice", &authority), mallory = make("mallory", &stranger);
  sio::tls_options tls = options_of(make("a"));
  tls.ca = authority.chain_pem();
  for (const wanted how : {wanted::none, wanted::optional, wanted::required}) {
    CAPTURE(static_cast<int>(how));
    tls.client_certificates = how;
    tls_server x(tls);
    const auto try_with = [&](const pair* own) {
      client c(x.port, {nullptr, own, {}, {}, 0});
      if (c.upgrade(raw::path + "websocket").status != 101) return std::string("refused");
      c.read_text();
      c.send_text("40");
      c.read_text();
      return x.seen.all().back();
    };
    CHECK(try_with(&alice) == (how == wanted::none ? "secure nobody" : "secure CN=alice,O=Tests"));
    CHECK(try_with(nullptr) == (how == wanted::required ? "refused" : "secure nobody"));
    CHECK(try_with(&mallory) == (how == wanted::none ? "secure nobody" : "refused"));
  }
}

TEST_CASE("a client's certificate tells who it is") {
  const pair authority = make("Authority"), alice = make("älice", &authority);
  sio::tls_options tls = options_of(make("a"));
  tls.ca = authority.chain_pem();
  tls.client_certificates = sio::client_certificates::required;
  served::own_loop x;
  x.io->on_request("/who", [](const sio::request& asked) {
    const sio::certificate& c = *asked.client_certificate;
    return sio::response{200, {}, c.common_name + "|" + c.issuer + "|" + std::to_string(c.fingerprint.size())};
  });
  x.io->listen("127.0.0.1", 0, tls);
  const unsigned short port = x.io->port();
  x.start();
  CHECK(client(port, {nullptr, &alice, {}, {}, 0}).get("/who").body == "älice|CN=Authority,O=Tests|64");
}

TEST_CASE("renewed certificates are shown to new connections, and old ones go on") {
  test::temp_dir dir;
  const auto put = [&](const pair& p) {
    dir.write("chain.pem", p.chain_pem());
    dir.write("key.pem", p.key_pem());
  };
  put(make("first"));
  sio::tls_options tls;
  tls.certificate.chain_file = (dir.path / "chain.pem").string();
  tls.certificate.key_file = (dir.path / "key.pem").string();
  tls_server x(tls);
  const auto shown = [&] { return client(x.port).engine().peer_name(); };
  client old(x.port);
  join(old);
  CHECK(shown() == "first");
  put(make("second"));
  CHECK(shown() == "first");
  x.io->reload_tls();
  CHECK(shown() == "second");
  dir.write("key.pem", make("other").key_pem());
  CHECK_THROWS_AS(x.io->reload_tls(), std::invalid_argument);
  CHECK(shown() == "second");
  x.io->reload_tls(options_of(make("third")));
  CHECK(shown() == "third");
  CHECK(echo(old, "still here") == "42[\"echo\",\"still here\"]");
}

TEST_CASE("each mistake with certificates gets its own sentence") {
  const pair own = make("a");
  const auto changed = [&](auto change) {
    sio::tls_options tls = options_of(own);
    change(tls);
    return mistake(tls);
  };
  CHECK(mistake(options_of(own)) == "none");
  CHECK(mistake({}) == "sio: TLS: no certificate chain is given");
  CHECK(says(changed([](auto& t) { t.certificate.chain_file = "/no/such.pem"; }),
             "cannot read the certificate chain /no/such.pem: No such file"));
  CHECK(says(changed([](auto& t) { t.certificate.key_file = "/"; }), "private key / "));
  CHECK(says(changed([](auto& t) { t.certificate.chain = "hello"; }), "certificate chain is not PEM"));
  const std::string broken = "-----BEGIN CERTIFICATE-----\nxx\n-----END CERTIFICATE-----\n";
  CHECK(says(changed([&](auto& t) { t.certificate.chain += broken; }), "certificate chain is not PEM"));
  CHECK(says(changed([](auto& t) { t.certificate.key = "hello"; }), "private key is not PEM"));
  CHECK(changed([](auto& t) { t.certificate.key.clear(); }) == "sio: TLS: no private key is given");
  CHECK(says(changed([](auto& t) { t.certificate.key = make("b").key_pem(); }), "does not belong to"));
  CHECK(says(changed([&](auto& t) { t.certificate.key = own.key_pem("secret"); }), "it needs a key_password"));
  CHECK(says(changed([&](auto& t) { t.certificate.key = own.key_pem("secret"), t.certificate.key_password = "wrong"; }),
             "the key_password does not open"));
  CHECK(changed([&](auto& t) { t.certificate.key = own.key_pem("secret"), t.certificate.key_password = "secret"; }) ==
        "none");
  CHECK(says(changed([](auto& t) { t.client_certificates = sio::client_certificates::required; }),
             "no authority for client certificates is given"));
  CHECK(says(changed([](auto& t) { t.ciphers = "no such cipher"; }), "no cipher is known"));
  CHECK(says(changed([](auto& t) { t.hosts = {{"a.*.com", t.certificate}}; }), "is no host name"));
  CHECK(says(changed([](auto& t) { t.hosts = {{"a.com", {}}}; }), "no certificate chain is given"));
}

#else

TEST_CASE("a build without TLS says so") {
  sio::server io(served::quiet());
  CHECK_THROWS_AS(io.listen("127.0.0.1", 0, sio::tls_options()), std::invalid_argument);
}

#endif
