// TLS in bad weather: every operation below it goes wrong once; slow, mistaken and malicious clients.
#include <support/catch.hpp>
#include <support/served.hpp>

#if defined(SIO_WITH_TLS)

#include <sio/server/server.hpp>

#include <support/scripted_stream.hpp>
#include <support/tls_client.hpp>

#include <asio/io_context.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using scripted::fault;

namespace {

const certificates::pair& own() {
  static const certificates::pair made = certificates::make("a");
  return made;
}

sio::tls_options options_of_own() {
  sio::tls_options tls;
  tls.certificate.chain = own().chain_pem();
  tls.certificate.key = own().key_pem();
  return tls;
}

// One client's TLS over a wire in memory.
struct line {
  explicit line(std::shared_ptr<scripted::wire> w) : wire(std::move(w)) {}

  std::shared_ptr<scripted::wire> wire;
  tls_test::engine client;
  std::size_t heard = 0;  // of what the server wrote
  std::string text;
};

// A server without a network, turned by hand.
class stage {
 public:
  explicit stage(fault plan = {}, std::size_t piece = std::string_view::npos)
      : fault_(std::make_shared<fault>(plan)), piece_(piece),
        server_(std::make_shared<sio::srv::server>(context_.get_executor(), served::quiet())),
        certificates_(std::make_shared<const sio::net::tls::context>(options_of_own())) {
    sio::nsp(server_->of("/")).on("connection", [this](sio::socket s) {
      s.on("echo", [s](sio::value v) { s.emit("echo", std::move(v)); });
      s.on("disconnect", [this](sio::reason why) { reasons.emplace_back(to_string(why)); });
    });
  }
  ~stage() { server_->life()->release(); }

  line& connect() {
    lines_.push_back(std::make_unique<line>(std::make_shared<scripted::wire>(context_, fault_)));
    const auto& loop = server_->life()->loop();
    loop->run([&, w = lines_.back()->wire] {
      server_->listening().serve(std::make_unique<sio::net::tls_stream>(std::make_unique<scripted::stream>(w), loop,
                                                                        certificates_, [](auto&, auto&) {}));
    });
    exchange(*lines_.back());
    return *lines_.back();
  }

  void say(line& l, std::string_view text) {
    l.client.send(text);
    exchange(l);
  }

  /// Bytes go to and fro until nobody has any more to say.
  void exchange(line& l) {
    for (std::string bytes; !(bytes = l.client.take()).empty();)
      for (std::string_view left = bytes; !left.empty(); left.remove_prefix(std::min(piece_, left.size()))) {
        l.wire->give(left.substr(0, piece_));
        turn();
        l.text += l.client.receive(std::string_view(l.wire->out).substr(std::exchange(l.heard, l.wire->out.size())));
      }
  }

  void end() {
    for (const auto& l : lines_) l->wire->end();
    turn();
    server_->life()->close({});
    context_.restart();
    context_.run_for(5s);
  }

  bool nothing_left() {
    return server_->loop().resources().size() == 0 &&
           std::all_of(lines_.begin(), lines_.end(), [](const auto& l) { return l->wire->closed; });
  }
  std::size_t operations() const { return fault_->done; }

  std::vector<std::string> reasons;

 private:
  void turn() {
    context_.restart();
    context_.poll();
  }

  asio::io_context context_;
  std::shared_ptr<fault> fault_;
  std::size_t piece_;
  std::shared_ptr<sio::srv::server> server_;
  std::shared_ptr<const sio::net::tls::context> certificates_;
  std::vector<std::unique_ptr<line>> lines_;
};

const std::string upgrade = "GET " + raw::path +
                            "websocket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

// A poll, then a whole life of a WebSocket; what the WebSocket heard.
std::string live(stage& x) {
  x.say(x.connect(), "GET " + raw::path + "polling HTTP/1.1\r\nHost: x\r\n\r\n");
  line& ws = x.connect();
  x.say(ws, upgrade);
  x.say(ws, raw::masked(1, "40"));
  x.say(ws, raw::masked(1, "42[\"echo\",\"" + std::string(40'000, 'x') + "\"]"));
  x.say(ws, raw::masked(1, "42[\"echo\",\"last\"]"));
  x.say(ws, raw::masked(8, ""));
  ws.client.say_goodbye();
  x.exchange(ws);
  return ws.text;
}

}  // namespace

TEST_CASE("a whole life over TLS in memory leaves nothing behind, in pieces of any size") {
  for (const std::size_t piece : {std::string_view::npos, std::size_t{1}, std::size_t{7}}) {
    stage x({}, piece);
    const std::string heard = live(x);
    CHECK(heard.find("101 Switching Protocols") != std::string::npos);
    CHECK(std::count(heard.begin(), heard.end(), 'x') >= 40'000);
    CHECK(heard.find("[\"echo\",\"last\"]") != std::string::npos);
    CHECK(x.reasons == std::vector<std::string>{"transport close"});
    x.end();
    CHECK(x.nothing_left());
  }
}

TEST_CASE("whichever operation below TLS goes wrong, nothing is left behind") {
  stage whole;
  live(whole);
  whole.end();
  REQUIRE(whole.operations() > 20);
  for (const auto how : {fault::kind::breaks, fault::kind::would_block, fault::kind::is_short, fault::kind::ends})
    for (std::size_t n = 0; n != whole.operations() + 2; ++n) {
      CAPTURE(static_cast<int>(how), n);
      stage x({how, n});
      const std::string heard = live(x);
      if (how == fault::kind::would_block || how == fault::kind::is_short)
        CHECK(heard.find("[\"echo\",\"last\"]") != std::string::npos);
      x.end();
      CHECK(x.nothing_left());
      CHECK(x.reasons.size() <= 1);
    }
}

namespace {

struct tls_port : served::own_loop {
  explicit tls_port(sio::server_options o = served::quiet()) : served::own_loop(std::move(o)) {
    io->listen("127.0.0.1", 0, options_of_own());
    port = io->port();
    plain_port = start();
  }
  bool still_serves() { return tls_test::client(port).get("/").status == 404; }

  unsigned short port = 0, plain_port = 0;
};

}  // namespace

TEST_CASE("HTTP at a TLS port is told so, and TLS at a plain port is closed") {
  tls_port x;
  raw::client mistaken(x.port);
  const raw::answer answer = mistaken.get("/");
  CHECK(answer.status == 400);
  CHECK(answer.body == "HTTP was sent to a TLS port\n");
  CHECK(mistaken.ended());
  CHECK_FALSE(tls_test::client(x.plain_port).shaken());
  CHECK(x.still_serves());
}

TEST_CASE("garbage, a hello without end, and resets in the handshake harm nobody") {
  tls_port x;
  for (const std::string& bytes :
       {std::string(100, '\0'), std::string(100'000, '\xff'), std::string("\x16\x03\x01\x40\x01", 5),
        // a ClientHello that claims 16 MB, in records of 16 KiB
        std::string("\x16\x03\x01\x40\x00\x01\xff\xff\xff", 9) + std::string(16'380, 'x') + "\x16\x03\x01\x40" +
            std::string(1, '\0') + std::string(16'384, 'x'),
        std::string("SSH-2.0-x\r\n"), std::string(1, '\x80')}) {
    raw::client c(x.port);
    c.send(bytes);
    c.end_output();
    CHECK(c.ended());
    raw::client broken(x.port);
    broken.send(bytes.substr(0, 50));
    broken.reset();
  }
  tls_test::engine shaking;
  const std::string hello = shaking.take();
  for (std::size_t n = 1; n < hello.size(); n += 40) {
    raw::client c(x.port);
    c.send(hello.substr(0, n));
    c.reset();
  }
  CHECK(x.still_serves());
}

TEST_CASE("a handshake that takes too long is cut off") {
  sio::server_options o = served::quiet();
  o.head_timeout = 300ms;
  tls_port x(std::move(o));
  tls_test::engine shaking;
  const std::string hello = shaking.take();
  raw::client silent(x.port), half(x.port), stuck(x.port);
  half.send(hello.substr(0, hello.size() / 2));
  stuck.send(hello);
  CHECK(silent.ended());
  CHECK(half.ended());
  CHECK(stuck.ended());
  CHECK(x.still_serves());
}

TEST_CASE("a server closes while TLS clients shake hands, wait and listen") {
  tls_port x;
  raw::client silent(x.port);
  tls_test::client idle(x.port), ws(x.port);
  REQUIRE(ws.upgrade(raw::path + "websocket").status == 101);
  x.io->close();
  x.join();
  CHECK(silent.ended());
  CHECK(idle.ended());
  CHECK(idle.engine().heard_goodbye());
  CHECK(ws.ended());
}

#endif
