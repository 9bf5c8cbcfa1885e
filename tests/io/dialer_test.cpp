// How a client reaches its server: names, addresses and paths; and what is left behind when that fails.
#include <sio/net/dialer.hpp>
#include <support/catch.hpp>
#include <support/dials.hpp>
#include <support/temp_dir.hpp>

#include <asio/local/stream_protocol.hpp>

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using sio::net::destination;
using sio::net::dialer_options;
using test::at;
using test::by_proxy;
using test::dials;
using test::full_port;
using test::quiet_port;
using test::tcp;
using test::text;
using test::without_proxy;

namespace {

asio::ip::address address(const char* text) { return asio::ip::make_address(text); }

// Names as the test has them.
dialer_options with_addresses(const sio::net::addresses& all) {
  dialer_options o = without_proxy();
  o.lookup = [all](const std::string&, std::error_code& ec) {
    if (all.empty()) ec = asio::error::host_not_found;
    return all;
  };
  return o;
}

bool has_ipv6() {
  asio::io_context c;
  std::error_code ec;
  tcp::acceptor a(c);
  a.open(tcp::v6(), ec);
  if (!ec) a.bind({asio::ip::address_v6::loopback(), 0}, ec);
  return !ec;
}

std::size_t open_descriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

// A name server that takes as long as the test.
struct slow_names {
  explicit slow_names(dialer_options& o) {
    o.lookup = [s = state_](const std::string&, std::error_code&) {
      std::unique_lock<std::mutex> lock(s->mutex);
      s->asked = true;
      s->changed.wait(lock, [&] { return s->over; });
      return sio::net::addresses{address("127.0.0.1")};
    };
  }
  ~slow_names() { release(); }
  bool asked() const {
    const std::lock_guard<std::mutex> lock(state_->mutex);
    return state_->asked;
  }
  void release() {
    const std::lock_guard<std::mutex> lock(state_->mutex);
    state_->over = true;
    state_->changed.notify_all();
  }

 private:
  struct state {
    std::mutex mutex;
    std::condition_variable changed;
    bool asked = false, over = false;
  };
  std::shared_ptr<state> state_ = std::make_shared<state>();
};

// A dial that came as far as one of its steps, and there it waits.
struct stuck {
  explicit stuck(const std::string& where) {
    dialer_options o = without_proxy();
    const slow_names* const slow = where == "lookup" ? &names.emplace(o) : nullptr;
    if (where == "proxy") o.proxy.url = "127.0.0.1:" + text(quiet.port);
    destination to = at(where == "connect" ? full.port : quiet.port, where == "lookup" ? "a.example" : "127.0.0.1");
    to.secure = where == "tls";
    d.emplace(o);
    under_way = d->start(to);
    if (where == "lookup") there = d->turn_until([&] { return slow->asked(); });
    if (where == "connect") there = (d->context->poll(), true);
    if (where == "proxy" || where == "tls") there = d->turn_until([&] { return quiet.heard(); });
    if (where == "start") there = true;
  }

  quiet_port quiet;
  full_port full;
  std::optional<slow_names> names;
  std::optional<dials> d;
  std::shared_ptr<sio::net::dialing> under_way;
  bool there = false;
};

const std::vector<std::string> steps = {
    "start", "lookup", "connect", "proxy",
#if defined(SIO_WITH_TLS)
    "tls",
#endif
};

}  // namespace

TEST_CASE("a dial reaches addresses, names and paths") {
  quiet_port quiet;
  CHECK(dials().dial(at(quiet.port)) == "127.0.0.1");
  CHECK(dials().dial(at(quiet.port, "localhost")) == "127.0.0.1");
  if (has_ipv6()) {
    quiet_port sixth(asio::ip::address_v6::loopback());
    CHECK(dials().dial(at(sixth.port, "::1")) == "::1");
  }
  test::temp_dir dir;
  const std::string path = (dir.path / "s").string();
  asio::local::stream_protocol::acceptor local(quiet.context, path);
  dials d;
  CHECK(d.dial({"a.example", 80, false, path}).empty());
  CHECK(d.out->stream);
}

TEST_CASE("a literal address waits for no name server") {
  dialer_options o = with_addresses({});
  quiet_port quiet;
  CHECK(dials(o).dial(at(quiet.port)) == "127.0.0.1");
  CHECK(dials(o).dial(at(quiet.port, "a.example")).substr(0, 22) == "cannot find a.example:");
}

TEST_CASE("of several addresses the first that answers wins") {
  quiet_port quiet;
  CHECK(dials(with_addresses({address("127.0.0.2"), address("::1"), address("127.0.0.1")})).dial(at(quiet.port, "a")) ==
        "127.0.0.1");
  full_port full;
  quiet_port other(address("127.0.0.3"));
  dialer_options o = with_addresses({address("127.0.0.1"), address("127.0.0.3")});
  o.attempt_delay = 1ms;
  tcp::acceptor same(other.context, tcp::endpoint(address("127.0.0.3"), full.port));
  const std::size_t before = open_descriptors();
  dials d(o);
  CHECK(d.dial(at(full.port, "a")) == "127.0.0.3");
  d.out.reset();
  const std::size_t own = open_descriptors();
  CHECK(dials(o).dial(at(full.port, "a")) == "127.0.0.3");
  CHECK(open_descriptors() == own);  // the slower attempt is closed, too
  CHECK(before < own);
}

TEST_CASE("IPv6 and IPv4 take turns, and the system's first choice begins") {
  const auto order = [](std::vector<const char*> given) {
    sio::net::addresses all;
    for (const char* one : given) all.push_back(address(one));
    std::string out;
    for (const auto& one : sio::net::interleaved(all)) out += one.to_string() + ' ';
    return out;
  };
  CHECK(order({"::1", "::2", "::3", "1.1.1.1", "2.2.2.2"}) == "::1 1.1.1.1 ::2 2.2.2.2 ::3 ");
  CHECK(order({"1.1.1.1", "::1", "::2"}) == "1.1.1.1 ::1 ::2 ");
  CHECK(order({"1.1.1.1"}) == "1.1.1.1 ");
  CHECK(order({}).empty());
}

TEST_CASE("a failure names the server, and each cause once") {
  const unsigned short closed = test::closed_port();
  const std::string here = ":" + text(closed) + ": ";
  CHECK(dials().dial(at(closed)) == "cannot connect to 127.0.0.1" + here + "Connection refused");
  dials d(with_addresses({address("127.0.0.1"), address("127.0.0.2"), address("127.0.0.3")}));
  CHECK(d.dial(at(closed, "chat.example")) == "cannot connect to chat.example" + here + "Connection refused");
  CHECK(d.out->code == asio::error::connection_refused);
  dials two(with_addresses({address("127.0.0.1"), address("255.255.255.255")}));
  const std::string both = two.dial(at(closed, "a"));
  CHECK(both.find("Connection refused; ") != std::string::npos);
  CHECK(dials().dial(at(closed, "::1")).substr(0, 24) == "cannot connect to [::1]:");
  const std::string nowhere = dials().dial({"", 0, false, "/no/such/socket"});
  CHECK(nowhere == "cannot connect to /no/such/socket: No such file or directory");
  CHECK(dials().dial({"", 0, false, std::string(200, 'x')}).find(": File name too long") != std::string::npos);
  CHECK(dials().dial(at(80, "")) == "the URL names no host");
  CHECK(dials().dial(at(80, "a\r\nb")) == "the URL names no host");
}

TEST_CASE("a dial that takes too long says where it was stuck") {
  const auto late = [](dialer_options o, unsigned short port, const char* host = "127.0.0.1") {
    o.timeout = 30ms;
    dials d(o);
    const std::string why = d.dial(at(port, host));
    CHECK(d.out->code == asio::error::timed_out);
    CHECK(d.loop->resources().empty());
    return why;
  };
  full_port full;
  quiet_port quiet;
  CHECK(late(without_proxy(), full.port) == "cannot connect to 127.0.0.1:" + text(full.port) + ": timed out");
  const std::string proxy = "127.0.0.1:" + text(quiet.port);
  CHECK(late(by_proxy(proxy), 1) == "the proxy " + proxy + " did not answer in time");
  dialer_options o = without_proxy();
  const slow_names slow(o);
  CHECK(late(o, 1, "a.example") == "cannot find a.example: its name server did not answer in time");
}

TEST_CASE("a cancelled dial is silent, and leaves nothing behind, at every step") {
  for (const std::string& where : steps) {
    CAPTURE(where);
    stuck s(where);
    REQUIRE(s.there);
    s.under_way->cancel();
    s.under_way->cancel();
    s.d->context->restart();
    s.d->context->run();  // nothing is left to wait for
    CHECK_FALSE(s.d->out);
    CHECK(s.d->loop->resources().empty());
  }
}

TEST_CASE("a dial whose context dies lets go of everything, at every step") {
  for (const std::string& where : steps) {
    CAPTURE(where);
    const auto held = std::make_shared<int>();
    stuck s(where);
    REQUIRE(s.there);
    s.d->dialer->dial(at(s.full.port), [held](auto) {});
    s.d->context.reset();
    CHECK(held.use_count() == 1);
    CHECK_FALSE(s.d->out);
  }
}

TEST_CASE("a name that is found too late is nobody's") {
  std::optional<slow_names> slow;
  dialer_options o = without_proxy();
  slow.emplace(o);
  auto d = std::make_unique<dials>(o);
  const auto under_way = d->start(at(80, "a.example"));
  REQUIRE(d->turn_until([&] { return slow->asked(); }));
  under_way->cancel();
  d.reset();
  slow->release();
}

TEST_CASE("more names are looked up at a time than there are threads for it") {
  quiet_port quiet;
  dials d(with_addresses({address("127.0.0.1")}));
  int connected = 0;
  for (int i = 0; i != 50; ++i)
    d.dialer->dial(at(quiet.port, "a" + std::to_string(i)),
                   [&](const auto& how) { connected += how.stream != nullptr; });
  CHECK(d.turn_until([&] { return connected == 50; }));
}

#if !defined(SIO_WITH_TLS)
TEST_CASE("without TLS in the build a secure server is refused in a sentence") {
  quiet_port quiet;
  dials d;
  CHECK(d.dial({"127.0.0.1", quiet.port, true, {}}) ==
        "127.0.0.1:" + text(quiet.port) +
            " wants TLS, which this build does not have: build it with SIO_WITH_TLS and OpenSSL");
}
#endif
