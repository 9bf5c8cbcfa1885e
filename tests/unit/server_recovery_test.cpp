// Connection state recovery with a made-up clock: what is kept of who is away, for how long, and what is sent again.
#include <sio/server/recovery.hpp>
#include <support/catch.hpp>

#include <map>
#include <random>

using namespace sio;
using namespace std::chrono_literals;

namespace {

const srv::time_point t0{};
constexpr srv::packet_offset begin = 1'000;

srv::recovery_rules rules() { return {120s, 60s, true, 1'000, 1'000'000, 100, 1'000'000}; }

srv::kept_packet bytes_of(std::string text) {
  return std::make_shared<const parser::encoded>(parser::encoded{eio::encoded_packet(std::move(text)), {}});
}

struct kept {
  srv::recovery all{rules(), begin};
  srv::time_point now = t0;

  std::string send(const char* text, srv::audience_of to = {}) {
    all.log().append(std::move(to), bytes_of(text), now);
    return srv::to_text(all.log().last());
  }
  srv::kept_session leaves(const char* pid, srv::stays rooms = {}) {
    srv::kept_session s{std::string("sid of ") + pid, pid, std::move(rooms), nullptr, begin, t0, now, true};
    all.sessions().put(s);
    return s;
  }
  std::string returns(const char* pid, std::string_view offset) {
    const auto s = all.take(pid, offset, now);
    if (!s) return "(new)";
    std::string sent;
    const auto missed = all.missed(*s);
    for (const srv::kept_packet& p : *missed) sent += (sent.empty() ? "" : " ") + std::string(p->head.bytes());
    return sent;
  }
};

}  // namespace

TEST_CASE("an offset is nine characters, later ones are greater, and nothing else is one") {
  for (const srv::packet_offset n : {srv::packet_offset{0}, srv::packet_offset{63}, srv::packet_offset{64},
                                     srv::packet_offset{1'795'000'000'000'000}}) {
    CHECK(srv::to_text(n).size() == 9);
    CHECK(srv::to_text(n) < srv::to_text(n + 1));
    CHECK(srv::to_offset(srv::to_text(n)) == n);
  }
  for (const char* wrong : {"", "--------", "----------", "-------- ", "--------\n", "Q7xvKU_.0"})
    CHECK_FALSE(srv::to_offset(wrong));
}

TEST_CASE("who returns gets what came after the last packet that it has, in order") {
  kept k;
  const std::string a = k.send("a");
  k.leaves("p");
  k.send("b"), k.send("c");
  CHECK(k.returns("p", a) == "b c");
}

TEST_CASE("a session is taken once") {
  kept k;
  const std::string a = k.send("a");
  k.leaves("p");
  CHECK(k.returns("p", a).empty());
  CHECK(k.returns("p", a) == "(new)");
}

TEST_CASE("an unknown pid, and an offset that we never gave out, begin anew") {
  kept k;
  const std::string a = k.send("a");
  for (const std::string& wrong : {std::string("forged"), srv::to_text(begin + 2), a + "0", std::string("-")}) {
    k.leaves("p");
    CHECK(k.returns("p", wrong) == "(new)");
  }
  k.leaves("p");
  CHECK(k.returns("q", a) == "(new)");
  CHECK(k.returns("", a) == "(new)");
}

TEST_CASE("a client that received nothing yet gets all since its session was born") {
  kept k;
  k.leaves("p");
  k.send("a"), k.send("b");
  CHECK(k.returns("p", "") == "a b");
  k.leaves("q");
  CHECK(k.returns("q", srv::to_text(begin - 900)) == "a b");  // it has an offset of an earlier session
}

TEST_CASE("nothing from before a session was born is sent to it, whatever offset it brings") {
  kept k;
  k.send("early");
  srv::kept_session s = k.leaves("p");
  s.since = k.all.log().last();
  k.all.sessions().put(s);
  k.send("late");
  CHECK(k.returns("p", srv::to_text(begin)) == "late");
}

TEST_CASE("who returns gets what was for its rooms and for everybody, each once, less what excepted it") {
  kept k;
  const std::string a = k.send("a");
  k.leaves("p", {{"sid of p", begin}, {"x", begin}, {"y", begin}});
  k.send("x", {{"x"}, {}}), k.send("z", {{"z"}, {}}), k.send("both", {{"y", "x", "x"}, {}});
  k.send("not me", {{}, {"sid of p"}}), k.send("not y", {{"x"}, {"y"}}), k.send("me", {{"sid of p"}, {}});
  k.send("all"), k.send("y", {{"z", "y"}, {"w"}});
  CHECK(k.returns("p", a) == "x both me all y");
}

TEST_CASE("what a room heard before it was joined is not sent again") {
  kept k;
  const std::string a = k.send("a");
  k.send("before", {{"x"}, {}}), k.send("not muted yet", {{}, {"muted"}});
  const srv::packet_offset joined = k.all.log().last();
  k.send("after", {{"x"}, {}}), k.send("muted", {{}, {"muted"}});
  k.leaves("p", {{"muted", joined}, {"x", joined}});
  CHECK(k.returns("p", a) == "not muted yet after");
}

TEST_CASE("a session expires, and what nobody needs any more is dropped") {
  kept k;
  const std::string a = k.send("a");
  k.leaves("p"), k.leaves("q");
  CHECK(k.all.deadline() == t0 + 120s);
  k.now = t0 + 120s;
  k.send("b");
  CHECK(k.returns("p", a) == "b");
  k.now += 1ms;
  CHECK(k.returns("q", a) == "(new)");
  k.all.sweep(t0 + 180s);
  CHECK(k.all.log().size() == 2);
  k.all.sweep(t0 + 181s);
  CHECK(k.all.log().size() == 1);
  k.all.sweep(t0 + 301s);
  CHECK(k.all.log().bytes() == 0);
  CHECK(k.all.deadline() == srv::time_point::max());
}

TEST_CASE("a client that heard nothing for an hour can return: what is gone has arrived long ago") {
  kept k;
  const std::string a = k.send("a");
  k.now += 1h;
  k.send("for others", {{"z"}, {}});
  k.leaves("p"), k.leaves("q");
  k.now += 119s;
  k.send("b");
  CHECK(k.returns("p", a) == "b");
  CHECK(k.returns("q", "") == "b");
}

TEST_CASE("who needs a packet that had to make room begins anew; who has it already does not") {
  for (const auto& [packets, bytes] : {std::pair<std::size_t, std::size_t>{2, 1'000'000}, {1'000, 600}}) {
    kept k;
    srv::recovery_rules few = rules();
    few.max_packets = packets, few.max_bytes = bytes;
    k.all = srv::recovery(few, begin);
    const std::string a = k.send("a"), b = k.send("b");
    k.leaves("p"), k.leaves("q"), k.leaves("r");
    k.send("c"), k.send("d");
    CHECK(k.all.log().size() == 2);
    CHECK(k.returns("p", a) == "(new)");
    CHECK(k.returns("q", b) == "c d");
    CHECK(k.returns("r", "") == "(new)");
  }
}

TEST_CASE("a packet larger than the whole store is not kept, and who missed it begins anew") {
  kept k;
  const std::string a = k.send("a");
  k.leaves("p");
  const std::string big = k.send(std::string(1'000'000, 'x').c_str());
  CHECK(k.all.log().bytes() == 0);
  CHECK(k.returns("p", a) == "(new)");
  k.leaves("p");
  CHECK(k.returns("p", big).empty());
}

TEST_CASE("a client that missed more than its connection may queue begins anew") {
  kept k;
  srv::recovery_rules few = rules();
  few.max_missed_bytes = 10;
  k.all = srv::recovery(few, begin);
  const std::string a = k.send("a");
  k.leaves("p"), k.leaves("q");
  const std::string b = k.send("12345");
  k.send("123456");
  CHECK(k.returns("p", a) == "(new)");
  CHECK(k.returns("q", b) == "123456");
}

TEST_CASE("what had to make room counts as arrived only if its connection lived on for long enough") {
  kept k;
  srv::recovery_rules few = rules();
  few.max_packets = 1;
  k.all = srv::recovery(few, begin);
  const std::string a = k.send("a");
  k.send("dropped"), k.send("b");
  k.now += 59s;
  k.leaves("too soon");
  k.now += 1s;
  k.leaves("late enough");
  srv::kept_session again = k.leaves("was away in between");
  again.welcomed_at = k.now - 1s;
  k.all.sessions().put(again);
  CHECK(k.returns("too soon", a) == "(new)");
  CHECK(k.returns("late enough", a) == "b");
  CHECK(k.returns("was away in between", a) == "(new)");
}

TEST_CASE("of too many who are away, those who left first are forgotten") {
  kept k;
  const std::string a = k.send("a");
  for (int i = 0; i != 101; ++i) k.now += 1ms, k.leaves(("p" + std::to_string(i)).c_str());
  CHECK(k.all.sessions().size() == 100);
  CHECK(k.returns("p0", a) == "(new)");
  CHECK(k.returns("p1", a).empty());
}

TEST_CASE("a session that is put back keeps its age") {
  kept k;
  const std::string a = k.send("a");
  k.leaves("old");
  k.now += 100s;
  k.leaves("new");
  k.all.sessions().put(*k.all.take("old", a, k.now));
  CHECK(k.all.sessions().deadline() == t0 + 120s);
  k.now = t0 + 121s;
  CHECK(k.returns("old", a) == "(new)");
  CHECK(k.returns("new", a).empty());
}

TEST_CASE("whatever is sent, dropped and taken, the log agrees with a plain model") {
  std::mt19937 random{7};
  srv::packet_log log({50, 1'000'000, 10s}, begin);
  struct plain {
    srv::audience_of to;
    std::string text;
  };
  std::map<srv::packet_offset, plain> model;
  const auto some_room = [&] { return std::string(1, static_cast<char>('a' + random() % 5)); };
  srv::time_point now = t0;
  for (int i = 0; i != 3000; ++i) {
    srv::audience_of to;
    for (auto n = random() % 3; n != 0; --n) to.rooms.push_back(some_room());
    if (random() % 4 == 0) to.except.push_back(some_room());
    log.append(to, bytes_of(std::to_string(i)), now += std::chrono::milliseconds(random() % 500));
    model.emplace(log.last(), plain{to, std::to_string(i)});
    while (model.size() > log.size()) model.erase(model.begin());
    const srv::packet_offset after = log.last() - random() % 60, since = log.last() - random() % 60;
    const srv::stays rooms{{"b", since}, {"d", begin}};
    const auto is_in = [&](const std::string& name, srv::packet_offset at) {
      const srv::stay* s = srv::find(rooms, name);
      return s && s->since < at;
    };
    std::string expected, got;
    for (const auto& [at, p] : model) {
      const auto within = [&, place = at](const std::string& name) { return is_in(name, place); };
      const bool meant = p.to.rooms.empty() || std::any_of(p.to.rooms.begin(), p.to.rooms.end(), within);
      if (at > after && meant && std::none_of(p.to.except.begin(), p.to.except.end(), within)) expected += p.text + ' ';
    }
    for (const srv::kept_packet& p : log.missed(rooms, after)) got += std::string(p->head.bytes()) + ' ';
    REQUIRE(got == expected);
  }
}
