// The command-line client before it connects: what it understands, and how it prints.
#include <sstream>
#include <support/catch.hpp>
#include <support/temp_dir.hpp>

#include "../../tools/sio/arguments.hpp"
#include "../../tools/sio/help.hpp"
#include "../../tools/sio/printer.hpp"

using sio::array;
using sio::object;
using sio::value;

namespace {

std::string complaint(const std::vector<std::string>& words) {
  try {
    tool::parse(words);
  } catch (const tool::usage_error& e) {
    return e.what();
  }
  return {};
}

struct printed {
  std::ostringstream out, notes;
  tool::printer people{out, notes, false, false};
  tool::printer programs{out, notes, true, false};
};

}  // namespace

TEST_CASE("a command, a URL, and options in any place") {
  const tool::invocation i = tool::parse({"emit", "--ack", "localhost:3000", "sum", "40", "-2", "--timeout=2.5",
                                          "--auth", R"({"token":"x"})", "--query", "a=b=c", "--header", "X-A: b",
                                          "--transport", "polling,websocket", "--namespace", "admin"});
  CHECK(i.command == tool::emitting);
  CHECK(i.url == "http://localhost:3000");
  CHECK(i.event == "sum");
  CHECK(i.arguments == array{40, -2});
  CHECK(i.ack);
  CHECK(i.timeout == std::chrono::milliseconds(2500));
  CHECK(*i.auth == object{{"token", "x"}});
  CHECK(i.query == tool::pairs{{"a", "b=c"}});
  CHECK(i.headers == tool::pairs{{"X-A", "b"}});
  CHECK(i.transports == std::vector<std::string>{"polling", "websocket"});
  CHECK(i.nsp == "/admin");
  CHECK(i.reconnect);
  CHECK(tool::parse({"listen", "wss://x", "--event", "a", "--event", "b", "--count", "3"}).events.size() == 2);
  CHECK(tool::parse({"emit", "x", "--", "chat", "--ack"}).arguments == array{value("--ack")});
}

TEST_CASE("wrong use is answered by one sentence") {
  CHECK(complaint({}) == "what shall it do? sio --help tells");
  CHECK(complaint({"send", "x"}) == "there is no command send: it is connect, emit or listen");
  CHECK(complaint({"connect"}) == "which server? Give its URL, such as http://localhost:3000");
  CHECK(complaint({"emit", "x"}) == "which event? Give its name after the URL");
  CHECK(complaint({"listen", "x", "y"}) == "what is y? This command takes a URL and options");
  CHECK(complaint({"listen", "x", "--ack"}) == "--ack means nothing to this command");
  CHECK(complaint({"listen", "x", "--nope"}) == "there is no option --nope");
  CHECK(complaint({"listen", "x", "--json=1"}) == "--json takes no value");
  CHECK(complaint({"listen", "x", "--count"}) == "--count wants a value: N");
  CHECK(complaint({"listen", "x", "--count", "-1"}) == "--count wants a number, not -1");
  CHECK(complaint({"listen", "x", "--timeout", "soon"}) == "--timeout wants seconds, such as 2.5, not soon");
  CHECK(complaint({"listen", "x", "--transport", "pigeon"}) == "--transport wants polling or websocket, not pigeon");
  CHECK(complaint({"listen", "x", "--auth", "[1]"}) ==
        R"(--auth wants a JSON object such as {"token":"abc"}, not [1])");
  CHECK(complaint({"listen", "x", "--cert", "f"}) == "--cert and --key belong together");
  CHECK(complaint({"emit", "x", "e", "{oops"}) == "this is not JSON: {oops");
  CHECK(complaint({"emit", "x", "e", "@/nowhere"}) == "cannot read the file /nowhere");
}

TEST_CASE("every command and every option is explained") {
  for (const tool::command c : {tool::connecting, tool::emitting, tool::listening})
    for (const tool::option& o : tool::all_options())
      CHECK((tool::help(c).find("  " + std::string(o.name) + " ") != std::string::npos) == ((o.commands & c) != 0));
  CHECK(tool::parse({"emit", "--help"}).help_about == tool::emitting);
  CHECK(tool::parse({"help", "listen"}).help_about == tool::listening);
  for (const char* word : {"--help", "-h", "help"}) CHECK(tool::parse({word}).command == tool::helping);
  std::istringstream lines(tool::help(tool::every_command) + tool::help(tool::emitting));
  for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 120);
}

TEST_CASE("a typed line is an event and its values") {
  const tool::typed_event e =
      tool::to_event(tool::split(R"( chat "two words" {"a b": ["]"]}  plain 1.5 true null "\"" )"));
  CHECK(e.name == "chat");
  CHECK(e.arguments == array{"two words", object{{"a b", array{value("]")}}}, "plain", 1.5, true, nullptr, "\""});
  CHECK(tool::to_event(tool::split(R"("my event" 1)")).name == "my event");
  CHECK(tool::split("   ").empty());
  CHECK(tool::split("}{ \"").size() == 1);
  CHECK_THROWS_AS(tool::to_event(tool::split("chat {\"a\": ")), tool::usage_error);
}

TEST_CASE("a file travels as binary") {
  const test::temp_dir dir;
  dir.write("x.bin", "\x01\x02");
  CHECK(tool::to_value("@" + (dir.path / "x.bin").string()) == value(sio::binary{1, 2}));
}

TEST_CASE("people read lines, and no terminal obeys them") {
  printed p;
  p.people.event("chat", {"hi", object{{"a", sio::binary{1, 2}}}}, true);
  p.people.event("my event", {"\x1b[31m\x7f\xc2\x9b"}, false);
  p.people.answer("sum", array{value(42)}, std::chrono::milliseconds(3));
  p.people.values(array{value(42)});
  p.people.state("disconnected", {{"reason", "transport close"}});
  CHECK(p.out.str() ==
        "chat \"hi\" {\"a\":\"<2 bytes>\"}  (asks for an answer)\n"
        "\"my event\" \"\\u001b[31m\\u007f\\u009b\"\n"
        "answer to sum: 42  (3 ms)\n[42]\n");
  CHECK(p.notes.str() == "disconnected, reason transport close\n");
}

TEST_CASE("programs read one object per line") {
  printed p;
  p.programs.event("chat", {1, sio::binary{1, 2}}, true);
  p.programs.answer("sum", array{value(42)}, std::chrono::milliseconds(3));
  p.programs.state("connected", {{"id", "x"}});
  p.programs.note("nothing for programs");
  CHECK(p.out.str() ==
        "{\"event\":\"chat\",\"args\":[1,{\"type\":\"Buffer\",\"data\":[1,2]}],\"ack\":true}\n"
        "{\"ack\":\"sum\",\"args\":[42],\"ms\":3}\n");
  CHECK(p.notes.str() == "{\"state\":\"connected\",\"id\":\"x\"}\n");
}

TEST_CASE("colours are for terminals only") {
  std::ostringstream out;
  tool::printer(out, out, false, true).event("chat", array{value(1)}, false);
  CHECK(out.str() == "\033[1;36mchat\033[0m 1\n");
}
