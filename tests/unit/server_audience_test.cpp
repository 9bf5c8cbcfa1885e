// An audience: who hears of changes of its rooms, in which order, and whom a broadcast reaches and asks.
#include <sio/server/audience.hpp>
#include <support/catch.hpp>

#include <algorithm>

using namespace sio;

namespace {

struct listener final : srv::receiver {
  listener(std::string name, srv::audience& all) : name_(std::move(name)), all_(all) { all_.enter(*this); }
  ~listener() override { all_.leave(*this); }

  const std::string& id() const noexcept override { return name_; }
  void deliver(const event_packet&, const parser::encoded& bytes, const emit_flags&) override {
    heard += bytes.head.bytes();
  }
  void ask(std::uint64_t, const parser::encoded& bytes, const emit_flags&, ack_handler done) override {
    heard += bytes.head.bytes();
    answer = std::move(done);
  }
  socket_record describe() override { return {name_, {}, {}, {}}; }
  void join(std::vector<std::string> rooms) override { all_.join(*this, rooms); }
  void leave(std::string room) override { all_.leave(*this, {room}); }
  void disconnect(bool) override { all_.leave_all(*this); }

  std::string heard;
  ack_handler answer;

 private:
  std::string name_;
  srv::audience& all_;
};

srv::audience of(std::string nsp) {
  const auto log = std::make_shared<const ends::log>(nullptr);
  return {std::move(nsp), std::make_shared<const ends::codec>(nullptr, decoder_limits{}, log)};
}

std::shared_ptr<listener> make(std::string name, srv::audience& all) {
  return std::make_shared<listener>(std::move(name), all);
}

// "+x" a room comes, ">x:a" somebody joins, "<x:a" leaves, "-x" the room goes.
std::string shown(const room_change& c) {
  const std::string who = c.id.empty() ? "" : ":" + c.id;
  return "+><-"[static_cast<int>(c.what)] + c.room + who;
}

struct answer_notes : answer_collector {
  std::vector<std::string> lines;
  void asked(std::size_t count, std::vector<std::string> ids) override {
    lines.push_back(std::to_string(count) + ":");
    for (const std::string& id : ids) lines.back() += " " + id;
  }
  void answered(const std::string& id, value first) override { lines.push_back(id + ": " + *first.if_string()); }
  void left(const std::string& id) override { lines.push_back(id + " left"); }
};

}  // namespace

TEST_CASE("a room is created before its first joins, and deleted after its last left") {
  srv::audience all = of("/");
  std::vector<std::string> log;
  all.watch([&](const room_change& c) { log.push_back(shown(c)); });
  const auto a = make("a", all), b = make("b", all);
  a->join({"x", "y"}), b->join({"x"}), a->join({"x"});
  CHECK(log == std::vector<std::string>{"+x", ">x:a", "+y", ">y:a", ">x:b"});
  log.clear();
  a->leave("x"), a->leave("x"), b->disconnect(true), a->disconnect(true);
  CHECK(log == std::vector<std::string>{"<x:a", "<x:b", "-x", "<y:a", "-y"});
}

TEST_CASE("rooms are told of in their order, even when who is told joins more") {
  srv::audience all = of("/");
  std::vector<std::string> log;
  const auto a = make("a", all);
  all.watch([&](const room_change& c) {
    log.push_back(shown(c));
    if (c.what == room_change::kind::create && c.room == "x") a->join({"z"});
  });
  a->join({"x", "y"});
  CHECK(log == std::vector<std::string>{"+x", ">x:a", "+y", ">y:a", "+z", ">z:a"});
}

TEST_CASE("a broadcast is encoded once, for those whom it means") {
  srv::audience all = of("/chat");
  const auto a = make("a", all), b = make("b", all), c = make("c", all);
  a->join({"x"}), b->join({"x", "y"}), c->join({"z"});
  event_packet p("hi", array{value(1)});
  all.encode(p);
  const auto bytes = p.encoded();
  all.encode(p);
  CHECK(p.encoded() == bytes);
  all.broadcast(p, {{"x", "z"}, {"y"}, {}});
  CHECK(a->heard == "42/chat,[\"hi\",1]");
  CHECK(b->heard.empty());
  CHECK(c->heard == a->heard);
}

TEST_CASE("a packet with one more argument is encoded anew") {
  srv::audience all = of("/");
  const auto a = make("a", all);
  event_packet p("hi", {});
  all.encode(p);
  p.append("offset");
  all.broadcast(p, {});
  CHECK(a->heard == "42[\"hi\",\"offset\"]");
}

TEST_CASE("a broadcast that asks tells how many it asked, and each first argument that comes") {
  srv::audience all = of("/");
  const auto a = make("a", all), b = make("b", all), c = make("c", all);
  a->join({"x"}), b->join({"x"}), c->join({"x"});
  const auto answers = std::make_shared<answer_notes>();
  all.ask({"how", {}}, {{"x"}, {}, {}}, answers);
  CHECK(answers->lines == std::vector<std::string>{"3: a b c"});
  CHECK(a->heard == "420[\"how\"]");
  CHECK(b->heard == a->heard);
  array two{value("well"), value("thanks")}, none;
  a->answer({}, two), b->answer(errc::disconnected, none), c->answer(errc::timed_out, none);
  CHECK(answers->lines == std::vector<std::string>{"3: a b c", "a: well", "b left"});
  all.ask({"how", {}}, {{"nobody"}, {}, {}}, answers);
  CHECK(answers->lines.back() == "0:");
}

TEST_CASE("a socket is found by its id, in or out of the room of its id") {
  srv::audience all = of("/");
  const auto a = make("a", all), b = make("b", all);
  a->join({"a", "b"});
  CHECK(all.find("a") == a.get());
  CHECK(all.find("b") == b.get());
  CHECK(all.find("x") == nullptr);
  CHECK(all.find("__proto__") == nullptr);
}
