// Clients whose connection broke: what they get when they come back, byte by byte.
#include <sio/sio.hpp>
#include <support/coming_back.hpp>

#include <asio/post.hpp>

#include <atomic>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using namespace coming_back;

TEST_CASE("an event's offset is its last argument, of binary ones and broadcasts, too; not where an answer is asked") {
  app a;
  a.io->on("connection", [](sio::socket s) {
    s.emit("plain", 1);
    s.emit("bytes", sio::binary("\x01", 1));
    s.emit("question", [] {});
    s.volatile_().emit("number", 2);
    s.nsp().emit("all");
  });
  raw::client c = raw::open_websocket(a.port);
  c.send_text("40");
  const std::string connect = c.read_text();
  CHECK(connect.size() == std::string("40{\"sid\":\"\",\"pid\":\"\"}").size() + 40);
  const std::string plain = c.read_text();
  const std::string first = between(plain, "42[\"plain\",1,\"");
  REQUIRE(plain == "42[\"plain\",1,\"" + first + "\"]");
  const std::string bytes = c.read_text();
  const std::string second = between(bytes, "\"num\":0},\"");
  CHECK(bytes == "451-[\"bytes\",{\"_placeholder\":true,\"num\":0},\"" + second + "\"]");
  CHECK(second > first);
  CHECK(c.read_text() == "\x01");
  CHECK(c.read_text() == "420[\"question\"]");
  const std::string maybe = c.read_text();
  const std::string all = maybe.find("number") == std::string::npos ? maybe : c.read_text();
  CHECK(between(all, "42[\"all\",\"") > second);
}

TEST_CASE("who comes back gets what it missed, then its answer, and has its id, rooms and data") {
  app a;
  member m(a.port), other(a.port);
  m.ask("join"), m.ask("count");
  CHECK(m.next() == "42[\"joined\"]");
  CHECK(m.next() == "42[\"counted\",1]");
  a.lose(m);
  a.io->to("room").emit("room", 1);
  a.io->emit("all", sio::binary("\x02", 1));
  a.io->except("room").emit("not you");
  a.io->to(other.sid).emit("other");
  a.io->to(m.sid).emit("you");
  member again(a.port, m.claim());
  CHECK(again.sid == m.sid);
  CHECK(again.pid == m.pid);
  CHECK(again.missed == std::vector<std::string>{"42[\"room\",1]", "451-[\"all\",{\"_placeholder\":true,\"num\":0}]",
                                                 "\x02", "42[\"you\"]"});
  again.ask("rooms"), again.ask("count");
  CHECK(again.next() == "42[\"rooms\",2]");
  CHECK(again.next() == "42[\"counted\",2]");
  CHECK(a.recovered == 1);
}

TEST_CASE("an emit on a handle whose client is away reaches it when it comes back") {
  sio::socket kept;
  std::atomic<bool> have{false};
  app a;
  a.io->on("connection", [&](sio::socket s) {
    if (!have) kept = s, have = true;
  });
  member m(a.port);
  m.ask("hello"), m.next();
  a.lose(m);
  kept.emit("later", 1);
  kept.emit("in vain", [](sio::error_code) {});
  CHECK(member(a.port, m.claim()).missed == std::vector<std::string>{"42[\"later\",1]"});
}

TEST_CASE("who received nothing yet comes back without an offset") {
  app a;
  member m(a.port);
  a.lose(m);
  a.io->emit("missed");
  member again(a.port, "{\"pid\":\"" + m.pid + "\"}");
  CHECK(again.sid == m.sid);
  CHECK(again.missed == std::vector<std::string>{"42[\"missed\"]"});
}

TEST_CASE("middlewares are skipped by who comes back, or not, as the option says") {
  auto o = recovering();
  const bool skip = GENERATE(true, false);
  o.connection_state_recovery->skip_middlewares = skip;
  std::atomic<int> runs{0}, recovered_runs{0};
  std::atomic<bool> closed{false};
  app a(o);
  a.io->use([&](sio::socket s, sio::next go_on) {
    ++runs;
    if (s.recovered()) {
      ++recovered_runs;
      a.io->emit("meanwhile");
      s.join("from a middleware");
    }
    if (closed) return go_on(sio::connect_error("closed"));
    asio::post(a.io->get_executor(), [go_on] { go_on(); });
  });
  member m(a.port);
  m.ask("hello"), m.next();
  a.lose(m);
  a.io->emit("missed");
  if (!skip) {
    closed = true;
    member refused(a.port, m.claim());
    CHECK(refused.sid.empty());
    CHECK(refused.missed.empty());  // nothing is told before the middlewares have decided
    closed = false;
  }
  member again(a.port, m.claim());
  CHECK(again.sid == m.sid);
  using lines = std::vector<std::string>;
  CHECK(again.missed ==
        (skip ? lines{"42[\"missed\"]"} : lines{"42[\"missed\"]", "42[\"meanwhile\"]", "42[\"meanwhile\"]"}));
  CHECK(runs == (skip ? 1 : 3));
  CHECK(recovered_runs == (skip ? 0 : 2));
  again.ask("rooms");
  CHECK(again.next() == (skip ? "42[\"rooms\",1]" : "42[\"rooms\",2]"));
}

TEST_CASE("a volatile event that ends with a text names its place, so that no offset is overwritten") {
  app a;
  a.io->on("connection", [](sio::socket s) { s.on("ticks", [s] { s.volatile_().emit("tick"); }); });
  member m(a.port);
  m.ask("hello"), m.next();
  const std::string first = m.offset;
  m.offset.clear();
  m.ask("ticks");
  CHECK(m.next() == "42[\"tick\"]");
  CHECK(m.offset == first);
  a.lose(m);
  a.io->emit("missed");
  a.io->volatile_().emit("not this");
  CHECK(member(a.port, m.claim()).missed == std::vector<std::string>{"42[\"missed\"]"});
}

TEST_CASE("each namespace of a client comes back by itself") {
  std::atomic<int> left{0};
  app a;
  a.io->of("/admin").on("connection", [&](sio::socket s) { s.on("disconnect", [&] { ++left; }); });
  member m(a.port), n(a.port, {}, "/admin,");
  a.lose(m);
  n.wire.reset();
  REQUIRE(eventually([&] { return left == 1; }));
  a.io->of("/admin").emit("admin");
  CHECK(member(a.port, "{\"pid\":\"" + m.pid + "\"}", "/admin,").sid != m.sid);
  const member again(a.port, "{\"pid\":\"" + n.pid + "\"}", "/admin,");
  CHECK(again.sid == n.sid);
  CHECK(again.missed.size() == 1);
}

TEST_CASE("without the option there is no pid, no offset, and no coming back") {
  app a(quiet());
  raw::client c = raw::open_websocket(a.port);
  c.send_text("40{\"pid\":\"x\",\"offset\":\"y\"}");
  CHECK(c.read_text().find("pid") == std::string::npos);
  c.send_text("42[\"hello\"]");
  CHECK(c.read_text() == "42[\"hello\"]");
}

TEST_CASE("what cannot be written is the caller's fault, on any thread, and the server lives on") {
  sio::value deep;
  for (int i = 0; i != 1'500; ++i) {
    sio::array around;
    around.push_back(std::move(deep));
    deep = sio::value(std::move(around));
  }
  std::atomic<bool> thrown{false}, asked{false};
  app a;
  a.io->on("connection", [&](sio::socket s) {
    s.on("deep", [&, s] {
      try {
        s.emit("deep", deep);
      } catch (const std::length_error&) {
        thrown = true;
      }
      asked = true;
    });
  });
  member m(a.port);
  a.io->emit("deep", deep);  // logged
  m.ask("deep");
  REQUIRE(eventually([&] { return asked.load(); }));
  CHECK(thrown);
  m.ask("hello");
  CHECK(m.next() == "42[\"hello\"]");
}

TEST_CASE("what is kept for clients keeps no host's loop alive once the server has ended") {
  const int how = GENERATE(0, 1, 2);
  served::host host;
  {
    sio::server io(host.context.get_executor(), recovering());
    io.listen("127.0.0.1", 0);
    member(io.port()).wire.reset();
    io.emit("kept");
    if (how == 0) io.close();
    if (how == 1) io.stop();
    if (how < 2) host.finish();
  }
  host.finish();
}
