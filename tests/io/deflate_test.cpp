// Compressed WebSocket messages over real sockets: a broadcast is compressed once, contexts are kept or cost nothing.
#include <sio/http/request.hpp>
#include <sio/net/listener.hpp>
#include <sio/net/upgrade.hpp>
#include <sio/sio.hpp>
#include <support/catch.hpp>
#include <support/raw_client.hpp>
#include <support/served.hpp>

#include <atomic>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace net = sio::net;
namespace ws = sio::ws;
using payload = std::shared_ptr<const std::string>;
using served::eventually;

namespace {

sio::server_options with_deflate(const sio::per_message_deflate_options& how = {}) {
  auto o = served::quiet();
  o.per_message_deflate = how;
  return o;
}

}  // namespace

#if defined(SIO_WITH_DEFLATE)

namespace {

const std::string offer = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";
const std::string no_context = "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover\r\n";
const std::string narrow =
    "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; "
    "server_max_window_bits=9\r\n";

std::string news(std::size_t size) {
  std::string out;
  for (std::size_t i = 0; out.size() < size; ++i) out += "item " + std::to_string(i * i) + ", ";
  out.resize(size);
  return out;
}

std::string inflated(const std::string& bytes, int bits = 15) {
  std::string out;
  ws::inflater z(bits, false);
  if (z.append(bytes, out, 1 << 24) != ws::inflater::outcome::fine) return "no deflate stream";
  return z.finish(out, 1 << 24) == ws::inflater::outcome::fine ? out : "cut";
}

// WebSockets of one loop that hear what the test says to all of them.
class hub : public net::http_handler, public std::enable_shared_from_this<hub> {
 public:
  hub(asio::io_context& context, const net::deflate_rules& rules)
      : loop(net::loop::make(context.get_executor())), pool(std::make_shared<net::deflate_pool>(loop, rules)) {}

  unsigned short listen() {
    std::error_code ec;
    const auto listener = std::make_shared<net::listener>(loop, "127.0.0.1", 0, ec);
    loop->run([self = shared_from_this(), listener] {
      listener->start(
          [self](std::unique_ptr<net::stream> s) { net::serve_http(self->loop, std::move(s), self, self->limits_); },
          [](const auto&) {});
    });
    return listener->port();
  }

  /// Calls `f` with each channel, in one turn of the loop, and waits until it is over.
  template <class F>
  void each(F f) {
    std::promise<void> done;
    loop->run([&] {
      for (const auto& c : channels_) f(*c);
      done.set_value();
    });
    done.get_future().wait();
  }
  std::size_t compressions() {
    std::promise<std::size_t> count;
    loop->run([&] { count.set_value(pool->compressions()); });
    return count.get_future().get();
  }

  const std::shared_ptr<net::loop> loop;
  const std::shared_ptr<net::deflate_pool> pool;

 private:
  struct member final : net::ws_owner {
    void on_message(net::ws_channel&, std::string_view, bool) override {}
    void on_gone(net::ws_channel&, std::string_view) override {}
  };

  int on_body_begins(const std::shared_ptr<net::http_channel>&, const sio::http::head&) override { return 0; }
  sio::headers refusal_headers(const sio::http::head&) override { return {}; }
  void on_request(const std::shared_ptr<net::http_channel>& from, const sio::http::head& head, std::string) override {
    channels_.push_back(net::upgrade(*from, sio::http::to_request(head), {}, 1 << 20, pool));
    channels_.back()->serve(std::make_shared<member>());
  }

  std::shared_ptr<const net::http_limits> limits_ = std::make_shared<const net::http_limits>();
  std::vector<std::shared_ptr<net::ws_channel>> channels_;
};

struct audience {
  explicit audience(const net::deflate_rules& rules = {}) : h(std::make_shared<hub>(host.context, rules)) {
    port = h->listen();
  }
  ~audience() {
    members.clear();
    h->loop->run([l = h->loop] { l->abandon(); });
    host.stop();
  }
  void add(std::size_t count, const std::string& fields) {
    for (std::size_t i = 0; i != count; ++i) {
      members.emplace_back(port);
      REQUIRE(members.back().upgrade("/", fields).status == 101);
    }
  }

  served::host host;
  std::shared_ptr<hub> h;
  unsigned short port = 0;
  std::vector<raw::client> members;
};

}  // namespace

TEST_CASE("where no context is kept, what goes to many is compressed once for each window") {
  audience a;
  a.add(8, no_context);
  a.add(5, narrow);
  a.add(2, "");
  const std::string text = news(20'000);
  for (std::size_t round = 1; round != 4; ++round) {
    auto shared = std::make_shared<const std::string>(text);
    const std::weak_ptr<const std::string> watched = shared;
    a.h->each([&](net::ws_channel& c) { c.send_text(shared); });
    CHECK(a.h->compressions() == 2 * round);
    const std::string first = a.members[0].read_frame().payload, other = a.members[8].read_frame().payload;
    CHECK(inflated(first) == text);
    CHECK(inflated(other, 9) == text);
    for (std::size_t i = 1; i != 8; ++i) CHECK(a.members[i].read_frame().payload == first);
    for (std::size_t i = 9; i != 13; ++i) CHECK(a.members[i].read_frame().payload == other);
    for (std::size_t i = 13; i != 15; ++i) CHECK(a.members[i].read_frame().payload == text);
    shared.reset();
    CHECK(eventually([&] { return watched.expired(); }));  // the pool remembers for a turn, no longer
  }
}

TEST_CASE("where contexts are kept, each connection compresses for itself, and better and better") {
  audience a;
  a.add(3, offer);
  const std::string text = news(4'000);
  ws::inflater in(15, true);
  std::size_t before = text.size();
  for (int round = 0; round != 3; ++round) {
    const auto shared = std::make_shared<const std::string>(text);
    a.h->each([&](net::ws_channel& c) { c.send_binary(shared); });
    std::string out;
    const raw::frame f = a.members[0].read_frame();
    CHECK(f.compressed);
    CHECK(f.opcode == 2);
    CHECK(in.append(f.payload, out, 1 << 20) == ws::inflater::outcome::fine);
    CHECK(in.finish(out, 1 << 20) == ws::inflater::outcome::fine);
    CHECK(out == text);
    CHECK(f.payload.size() < (round == 0 ? before / 2 : round == 1 ? 100 : before + 1));
    before = f.payload.size();
  }
  CHECK(a.h->compressions() == 0);
}

TEST_CASE("what is small, unwanted or made no smaller goes as it is") {
  audience a({{}, {}, 100});
  a.add(1, no_context);
  const auto sent = [&](const std::string& text, bool compress = true) {
    a.h->each([&](net::ws_channel& c) { c.send_binary(std::make_shared<const std::string>(text), compress); });
    const raw::frame f = a.members[0].read_frame();
    CHECK((f.compressed ? inflated(f.payload) : f.payload) == text);
    return f.compressed;
  };
  CHECK(sent(std::string(100, 'x')));
  CHECK_FALSE(sent(std::string(99, 'x')));
  CHECK_FALSE(sent(std::string(50'000, 'x'), false));
  CHECK_FALSE(sent(""));
  std::string noise;
  for (std::uint32_t i = 0, n = 1; i != 5'000; ++i)
    noise += static_cast<char>((n = n * 1'664'525u + 1'013'904'223u) >> 24);
  CHECK_FALSE(sent(noise));
}

TEST_CASE("a server's events go compressed to those who want it, and theirs are inflated") {
  served::notes heard;
  sio::per_message_deflate_options how;
  how.server_no_context_takeover = true;
  served::own_loop own(with_deflate(how));
  own.io->on("connection", [&](sio::socket s) { s.on("say", [&](std::string text) { heard.add(std::move(text)); }); });
  const unsigned short port = own.start();
  std::vector<raw::client> clients;
  for (int i = 0; i != 3; ++i) {
    clients.emplace_back(port);
    const raw::answer answer = clients.back().upgrade(raw::path + "websocket", offer);
    CHECK(answer.head.find("Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover\r\n") !=
          std::string::npos);
    clients.back().read_text();
    clients.back().send(raw::masked(1, ws::deflater(15, true, {}).compress("40"), true));
    CHECK(clients.back().read_text().substr(0, 2) == "40");
  }
  clients.push_back(raw::join_by_websocket(port));
  clients[0].send(raw::masked(1, ws::deflater(15, true, {}).compress("42[\"say\",\"hello\"]"), true));
  // its context is kept: a second stream is a second client's
  clients[1].send(raw::masked(1, ws::deflater(15, true, {}).compress("42[\"say\",\"" + news(100'000) + "\"]"), true));
  CHECK(eventually([&] { return heard.size() == 2; }));
  CHECK(heard.has("hello"));
  CHECK(heard.has(news(100'000)));

  own.io->emit("news", news(50'000));
  const std::string expected = "42[\"news\",\"" + news(50'000) + "\"]";
  const raw::frame first = clients[0].read_frame();
  CHECK(first.compressed);
  CHECK(inflated(first.payload) == expected);
  for (int i = 1; i != 3; ++i) CHECK(clients[static_cast<std::size_t>(i)].read_frame().payload == first.payload);
  CHECK(clients[3].read_text() == expected);

  own.io->compress(false).emit("news", news(50'000));
  const raw::frame plain = clients[0].read_frame();
  CHECK_FALSE(plain.compressed);
  CHECK(plain.payload == expected);
}

TEST_CASE("bytes that are no deflate stream end one session, with 1007, and no other") {
  served::notes said;
  served::own_loop own(with_deflate());
  own.io->on("connection", [&](sio::socket s) {
    s.on("disconnect",
         [&said](sio::reason why, std::string what) { said.add(std::string(to_string(why)) + ": " + what); });
  });
  const unsigned short port = own.start();
  raw::client bad(port);
  bad.upgrade(raw::path + "websocket", offer);
  bad.read_text();
  bad.send_text("40");
  bad.read_text();
  auto good = raw::join_by_websocket(port);
  bad.send(raw::masked(1, "\xff\xff\xff", true));
  const raw::frame last = bad.read_frame();
  CHECK(last.opcode == 8);
  CHECK(last.payload == "\x03\xef");
  CHECK(eventually([&] { return said.size() == 1; }));
  CHECK(said.all()[0] == "transport error: Invalid WebSocket frame: invalid compressed data");
  own.io->emit("still there");
  CHECK(good.read_text() == "42[\"still there\"]");
}

TEST_CASE("a per_message_deflate that cannot be is refused, with its name") {
  const auto refused = [](void (*change)(sio::per_message_deflate_options&)) {
    sio::per_message_deflate_options how;
    change(how);
    try {
      sio::server io(with_deflate(how));
    } catch (const std::invalid_argument& e) {
      return std::string(e.what());
    }
    return std::string("taken");
  };
  const std::string option = "sio: option per_message_deflate.";
  using options = sio::per_message_deflate_options;
  CHECK(refused([](options& o) { o.server_max_window_bits = 7; }) ==
        option + "server_max_window_bits: must be 8 to 15");
  CHECK(refused([](options& o) { o.client_max_window_bits = 16; }) ==
        option + "client_max_window_bits: must be 8 to 15");
  CHECK(refused([](options& o) { o.level = 10; }) == option + "level: must be 0 to 9");
  CHECK(refused([](options& o) { o.memory_level = 0; }) == option + "memory_level: must be 1 to 9");
  CHECK(refused([](options& o) { o.server_max_window_bits = o.client_max_window_bits = 8; }) == "taken");
}

#else

TEST_CASE("without zlib, a server that is to compress is refused with a sentence") {
  CHECK_THROWS_AS(sio::server(with_deflate()), std::invalid_argument);
}

#endif
