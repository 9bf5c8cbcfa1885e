// Connection state recovery against the official server, through a network that breaks.
#include <support/catch.hpp>
#include <support/client_fixture.hpp>
#include <support/peer_process.hpp>

#include <memory>
#include <string>

using sio::value;
using test::guest;
using test::way;

namespace {

// The guest comes by a network that can be cut, the friend by another one.
struct scene {
  explicit scene(way w) : g(network.url(), test::by(w)), friend_of_it(server.url(), test::by(way::websocket)) {
    g.enter(), friend_of_it.enter();
    g.ask("join", "here");
  }
  // Returns when the server has sent it.
  void say(int n) const {
    friend_of_it.io.emit("say", "here", n);
    friend_of_it.ask("nothing");
  }
  int hear() const { return g.expect("said").at(0).as<int>(); }
  // Returns when the server has noticed, too: of a poll that breaks it takes no notice, so it ends that itself.
  void cut(const std::string& id, bool helped) {
    if (helped) g.io.emit("disconnect engine", "terminate", 500), g.ask("nothing");
    network.order("cut");
    while (friend_of_it.ask("departures").find(id) == std::string::npos) {
    }
  }
  static test::node_server& shared() {
    static test::node_server one({"--recovery"});
    return one;
  }

  test::node_server& server = shared();
  test::network_proxy network{server.port()};
  guest g, friend_of_it;
};

}  // namespace

TEST_CASE("a client that comes back in time is the same, and has missed nothing") {
  for (const way w : {way::polling, way::websocket, way::upgrade}) {
    CAPTURE(w);
    scene at(w);
    const std::string id = at.g.io.id();
    CHECK_FALSE(at.g.io.recovered());
    at.say(1);
    CHECK(at.hear() == 1);
    if (w == way::upgrade) at.g.expect("manager upgrade");

    at.cut(id, w == way::polling);
    const std::string reason = at.g.expect("disconnect").at(0).as<std::string>();
    CHECK((reason == "transport close" || reason == "transport error"));
    CHECK(at.g.io.id().empty());
    for (const int n : {2, 3, 4}) at.say(n);
    at.g.io.emit("echo", "from afar");
    at.network.order("mend");
    at.g.expect("connect");
    CHECK(at.g.io.recovered());
    CHECK(at.g.io.id() == id);
    for (const int n : {2, 3, 4}) CHECK(at.hear() == n);
    CHECK(at.g.expect("echo").at(0) == value("from afar"));
    at.say(5);
    CHECK(at.hear() == 5);
    CHECK(at.g.all->count("said") == 5);
  }
}

TEST_CASE("what a client missed comes before it hears that it is back") {
  scene at(way::websocket);
  at.g.io.on("connect", [h = at.g.all] { h->note("said before", {value(h->count("said"))}); });
  at.cut(at.g.io.id(), false);
  at.g.expect("disconnect");
  at.say(1);
  at.network.order("mend");
  at.g.expect("connect");
  CHECK(at.g.expect_text("said before") == "[1]");
}

TEST_CASE("a client that left, or whose server has forgotten it, begins anew") {
  scene at(way::websocket);
  const std::string id = at.g.io.id();
  at.g.io.disconnect();
  at.g.expect("disconnect");
  at.say(1);
  at.g.enter();
  CHECK_FALSE(at.g.io.recovered());
  CHECK(at.g.io.id() != id);

  test::node_server forgetful({"--recovery"});
  guest g(forgetful.url(), test::by(way::upgrade));
  g.enter();
  g.expect("hello");
  const std::string before = g.io.id();
  forgetful.restart();
  g.expect("disconnect");
  g.expect("connect");
  g.expect("hello");
  CHECK_FALSE(g.io.recovered());
  CHECK(g.io.id() != before);
}
