// Lambdas as handlers: what they are given, what they answer, and when they are not called.
#include <sio/handler.hpp>
#include <support/catch.hpp>

using namespace sio;

namespace sio {
inline namespace SIO_ABI {

// Stands in for the server's handle.
class socket {
 public:
  int number = 5;
};

}  // namespace SIO_ABI
}  // namespace sio

namespace {

struct outcome {
  std::string why_not = "ran";
  std::vector<array> answers;
};

outcome run(const handler& h, array args, bool asked = true) {
  outcome out;
  const socket self;
  event_call call{std::move(args), {}, &self};
  if (asked) call.done = ack([&](array a) { out.answers.push_back(std::move(a)); });
  if (auto why = h(call)) out.why_not = *why;
  return out;
}

template <class F>
outcome run(F f, array args, bool asked = true) {
  return run(make_handler(std::move(f)), std::move(args), asked);
}

int twice(int x) noexcept { return 2 * x; }

}  // namespace

TEST_CASE("what a handler returns is its answer") {
  CHECK(run([](int a, int b) { return a + b; }, pack_array(1, 2)).answers == std::vector<array>{pack_array(3)});
  CHECK(run([] { return std::make_tuple(1, "b"); }, {}).answers == std::vector<array>{pack_array(1, "b")});
  CHECK(run([] { return std::pair(1, 2); }, {}).answers == std::vector<array>{array{value(pack_array(1, 2))}});
  CHECK(run([] {}, {}).answers.empty());
  CHECK(run([](int a) { return a; }, pack_array(1), false).answers.empty());
}

TEST_CASE("functions, std::function and lambdas of every kind are handlers") {
  CHECK(run(twice, pack_array(4)).answers[0] == pack_array(8));
  CHECK(run(&twice, pack_array(4)).answers[0] == pack_array(8));
  CHECK(run(std::function<int(int)>(twice), pack_array(4)).answers[0] == pack_array(8));
  CHECK(run([n = 0](int a) mutable noexcept { return n += a; }, pack_array(4)).answers[0] == pack_array(4));
  CHECK(run([](int a) noexcept { return a; }, pack_array(4)).answers[0] == pack_array(4));
}

TEST_CASE("a handler's own state lives from call to call") {
  const handler h = make_handler([n = 0](int a) mutable { return n += a; });
  run(h, pack_array(1));
  CHECK(run(h, pack_array(2)).answers[0] == pack_array(3));
}

TEST_CASE("parameters are taken by value, const& or &&") {
  std::string seen;
  const auto f = [&](std::string a, const std::string& b, std::string&& c, const int d) {
    seen = a + b + c + std::to_string(d);
  };
  CHECK(run(f, pack_array("a", "b", "c", 4)).why_not == "ran");
  CHECK(seen == "abc4");
}

TEST_CASE("arguments are moved to the handler") {
  array args = pack_array(std::string(100, 'x'));
  const char* const letters = args[0].if_string()->data();
  const char* seen = nullptr;
  run([&](const std::string& s) { seen = s.data(); }, std::move(args));
  CHECK(seen == letters);
}

TEST_CASE("the socket, the ack and the rest stand anywhere among the parameters") {
  array rest;
  const auto f = [&](const std::string& name, const ack& done, socket s, array others) {
    rest = std::move(others);
    done(name, s.number);
  };
  const outcome o = run(f, pack_array("n", 1, "two"));
  CHECK(o.answers[0] == pack_array("n", 5));
  CHECK(rest == pack_array(1, "two"));
  CHECK(run([](const socket& s) { return s.number; }, {}).answers[0] == pack_array(5));
}

TEST_CASE("an ack is false when the peer asked for no answer") {
  bool asked = true;
  run([&](ack done) { asked = static_cast<bool>(done), done(1); }, {}, false);
  CHECK_FALSE(asked);
}

TEST_CASE("more arguments than parameters are ignored") {
  CHECK(run([](int a) { return a; }, pack_array(1, 2, 3)).answers[0] == pack_array(1));
}

TEST_CASE("missing arguments are null where that fits and refused elsewhere") {
  const auto f = [](std::optional<int> a, value b, array c) { return !a && b.is_null() && c.empty(); };
  CHECK(run(f, {}).answers[0] == pack_array(true));
  CHECK(run([](int, std::string) {}, pack_array(1)).why_not == "argument 2: missing, expected a string");
}

TEST_CASE("on a mismatch nothing is called and nothing answered") {
  bool called = false;
  const outcome o =
      run([&](int, std::map<std::string, double>) { return called = true; }, pack_array(1, object{{"x", "left"}}));
  CHECK(o.why_not == "argument 2.x: expected a number");
  CHECK(o.answers.empty());
  CHECK_FALSE(called);
}

TEST_CASE("a handler with a socket needs one") {
  event_call call;
  CHECK(make_handler([](socket) {})(call) == "the handler takes a sio::socket, which only a server's events have");
}

TEST_CASE("what a handler throws passes through") {
  CHECK_THROWS_WITH(run([] { throw std::runtime_error("mine"); }, {}), "mine");
}

TEST_CASE("an answer goes to a lambda with or without an error_code") {
  int seen = 0;
  array args = pack_array(7);
  CHECK_FALSE(make_ack_handler([&](error_code ec, int a) { seen = ec ? -1 : a; })({}, args));
  CHECK(seen == 7);
  args = pack_array(8);
  CHECK_FALSE(make_ack_handler([&](int a) { seen = a; })({}, args));
  CHECK(seen == 8);
  CHECK_FALSE(make_ack_handler([&] { seen = 9; })({}, args));
  CHECK(seen == 9);
}

TEST_CASE("on an error only a lambda with an error_code is called") {
  error_code seen;
  int answer = 1;
  array none;
  make_ack_handler([&](const error_code& ec, int a) { seen = ec, answer = a; })(errc::timed_out, none);
  CHECK(seen == errc::timed_out);
  CHECK(answer == 0);
  bool called = false;
  CHECK_FALSE(make_ack_handler([&](int) { called = true; })(errc::timed_out, none));
  CHECK_FALSE(called);
}

TEST_CASE("an answer that does not fit is an error of its own") {
  error_code seen;
  array args = pack_array("seven");
  const auto with_code = make_ack_handler([&](error_code ec, int) { seen = ec; });
  CHECK(with_code({}, args) == "argument 1: expected an integer");
  CHECK(seen == errc::unexpected_answer);
  bool called = false;
  args = pack_array("seven");
  CHECK(make_ack_handler([&](int) { called = true; })({}, args) == "argument 1: expected an integer");
  CHECK_FALSE(called);
}
