// A client's WebSocket over streams in memory: what leaves is masked, what comes is judged, and it ends once.
#include <support/catch.hpp>
#include <support/frames.hpp>
#include <support/scripted_ws.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace net = sio::net;
namespace ws = sio::ws;
using namespace std::chrono_literals;
using client = scripted::ws_stage;
using frames::naked;
using scripted::fault;
using lines = std::vector<std::string>;

namespace {

// What the server reads of it: "text hello", "close 1000 bye", and of a broken rule its words.
std::vector<std::string> read_by_server(const std::string& bytes) {
  frames::story story = frames::read(ws::role::server, {}, bytes);
  if (story.error) story.events.push_back("error " + story.error_text);
  return story.events;
}

using payload = std::shared_ptr<const std::string>;

payload shared(std::string text) { return std::make_shared<const std::string>(std::move(text)); }

}  // namespace

TEST_CASE("all that a client sends is masked: texts, bytes, pongs and the close") {
  client c;
  c.open();
  const payload large = shared(std::string(70'000, 'x'));
  c.run([&] {
    c.channel->send_text("hello");
    c.channel->send_text(shared("shared"));
    c.channel->send_binary(shared(std::string("\0\xff", 2)));
    c.channel->send_binary(shared({}));
    c.channel->send_binary(nullptr);
    c.channel->send_text(large);
  });
  c.give(0, naked(0x89, "are you there"));
  c.run([&] { c.channel->close(1000, "bye"); });
  const std::string sent = c.sent(0);
  for (const std::size_t at : {1u, 12u}) CHECK((static_cast<unsigned char>(sent[at]) & 0x80) != 0);
  frames::story story = frames::read(ws::role::server, {}, sent);
  CHECK_FALSE(story.error);
  CHECK(story.events == lines{"text hello", "text shared", std::string("binary \0\xff", 9), "binary ", "binary ",
                              "text " + *large, "pong are you there", "close 1000 bye"});
  CHECK(*large == std::string(70'000, 'x'));
  CHECK(c.wires[0]->out_ended);
  c.end(0);
  CHECK(c.closed(0));
  CHECK(c.events.empty());
}

TEST_CASE("a server's close is answered, and its code kept") {
  struct example {
    std::string payload, gone, answer;
  };
  for (const example& e : std::vector<example>{{"\x03\xe8"
                                                "bye",
                                                "gone 1000 ", "close 1000 "},
                                               {"", "gone 1005 ", "close 1005 "},
                                               {"\x0f\xa1", "gone 4001 ", "close 4001 "}}) {
    client c;
    c.open(naked(0x88, e.payload));
    CHECK(c.events == lines{e.gone});
    CHECK(read_by_server(c.sent(0)) == lines{e.answer});
    c.end(0);
    CHECK(c.closed(0));
  }
  client c;  // without a close frame
  c.open();
  c.end(0);
  CHECK(c.events == lines{"gone 1006 "});
  CHECK(c.closed(0));
}

TEST_CASE("a server that breaks a rule is told which") {
  struct example {
    std::string bytes, code, why;
  };
  for (const example& e : std::vector<example>{
           {frames::masked(0x81, "hello"), "1002", "Invalid WebSocket frame: MASK must be clear"},
           {naked(0x81, std::string(1'001, 'x')), "1009", "Max payload size exceeded"},
           {naked(0x01, std::string(600, 'x')) + naked(0x80, std::string(600, 'x')), "1009",
            "Max payload size exceeded"},
           {naked(0x81, "\xff"), "1007", "Invalid WebSocket frame: invalid UTF-8 sequence"},
           {naked(0xc1, "x"), "1002", "Invalid WebSocket frame: RSV1 must be clear"},
           {naked(0x83, "x"), "1002", "Invalid WebSocket frame: invalid opcode 3"},
           {naked(0x09, "x"), "1002", "Invalid WebSocket frame: FIN must be set"},
           {naked(0x89, std::string(126, 'x')), "1002", "Invalid WebSocket frame: invalid payload length 126"},
           {naked(0x80, "x"), "1002", "Invalid WebSocket frame: invalid opcode 0"},
           {naked(0x88, "x"), "1002", "Invalid WebSocket frame: invalid payload length 1"},
           {naked(0x88, "\x03\xed"), "1002", "Invalid WebSocket frame: invalid status code 1005"},
           {frames::header(0x81, 5, 2, false) + "hello", "1002",
            "Invalid WebSocket frame: payload length is not minimally encoded"},
           {"HTTP/1.1 400 Bad Request\r\n\r\n", "1002", ""},
       }) {
    INFO(e.why);
    for (const std::size_t piece : {std::string::npos, std::size_t{1}}) {
      client c;
      c.open(e.bytes, piece);
      REQUIRE(c.events.size() == 1);
      if (!e.why.empty()) CHECK(c.events[0] == "gone 1006 " + e.why);
      CHECK(read_by_server(c.sent(0)) == lines{"close " + e.code + ' '});
      c.end(0);
      CHECK(c.closed(0));
    }
  }
}

TEST_CASE("an owner may answer, close or abort in its own call") {
  client c;
  c.open(naked(0x81, "echo") + naked(0x81, "close") + naked(0x81, "late"));
  CHECK(c.events == lines{"text echo", "text close"});
  CHECK(read_by_server(c.sent(0)) == lines{"text echoed", "close 1000 bye"});
  client d;
  d.open(naked(0x81, "abort") + naked(0x81, "late"));
  CHECK(d.events == lines{"text abort"});
  CHECK(d.closed(0));
}

TEST_CASE("a server that reads nothing is not read either") {
  client c;
  c.limits.max_buffered = 10'000;
  c.open();
  c.wires[0]->full = true;
  c.run([&] { c.channel->send_text(shared(std::string(20'000, 'x'))); });
  CHECK_FALSE(c.channel->writable());
  c.give(0, naked(0x81, "one"));
  c.give(0, naked(0x81, "two"));
  CHECK(c.events == lines{"text one"});
  c.wires[0]->full = false;
  c.wires[0]->tell(std::exchange(c.wires[0]->writer, nullptr), false, {});
  c.turn();
  CHECK(c.events == lines{"text one", "text two"});
  CHECK(c.channel->writable());
}

TEST_CASE("with any operation going wrong, a WebSocket is reported once, ends once, and leaves nothing open") {
  const auto live = [](client& c) {
    c.dial();
    if (c.wires.empty()) return;
    if (c.request.empty()) c.turn(), c.request = c.sent(0);
    c.give(0, c.accepted() + naked(0x81, "echo") + naked(0x89, "ping"), 40);
    if (c.channel) c.run([&] { c.channel->send_text(shared(std::string(6'000, 'x'))); });
    c.give(0, naked(0x81, "last") + naked(0x88, {}), 40);
    c.end(0);
  };
  client well;
  live(well);
  REQUIRE(well.events == lines{"text echo", "text last", "gone 1005 "});
  const std::size_t operations = well.plan->done;
  for (const fault::kind how :
       {fault::kind::breaks, fault::kind::would_block, fault::kind::is_short, fault::kind::ends})
    for (std::size_t at = 0; at != operations; ++at) {
      INFO(static_cast<int>(how) << " at " << at);
      client c({how, at});
      live(c);
      CHECK(c.reports == 1);
      const bool harmless = how == fault::kind::would_block || how == fault::kind::is_short;
      CHECK((c.events == well.events || !harmless));
      CHECK((!c.channel || c.events.back().find("gone ") == 0));
      c.let_pass(60s);
      CHECK(c.all_closed());
      CHECK(c.loop->resources().empty());
      CHECK_FALSE(c.waits());
    }
}

#if defined(SIO_WITH_DEFLATE)

TEST_CASE("messages are compressed where that was agreed and pays") {
  client c({}, 100'000);
  const auto pool = std::make_shared<net::deflate_pool>(c.loop, net::deflate_rules());
  c.dial({"/", "h", {}, {}, {}}, pool);
  CHECK(c.request.find("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n") !=
        std::string::npos);
  c.give(0, c.accepted("Sec-WebSocket-Extensions: permessage-deflate\r\n"));
  REQUIRE(c.channel);
  const std::string text(50'000, 'a');
  c.run([&] {
    c.channel->send_text(shared(text));
    c.channel->send_text(shared("short"));
    c.channel->send_text(shared(text), false);
    c.channel->send_binary(shared(text));
  });
  const std::string sent = c.sent(0);
  CHECK(sent.size() < text.size() + 2'000);
  const ws::deflate_terms terms;
  ws::reader server(ws::role::server, ws::limits(), terms);
  std::string left = sent, seen;
  while (!left.empty()) {
    left.erase(0, server.consume(left.data(), left.size()));
    if (const auto* event = server.take()) seen += std::to_string(event->payload.size()) + ' ';
  }
  CHECK(seen == "50000 5 50000 50000 ");

  ws::deflater deflater(15, true, {});
  c.give(0, naked(0xc1, deflater.compress("hello")), 1);
  CHECK(c.events == lines{"text hello"});
  c.give(0, naked(0xc1, deflater.compress(std::string(200'000, 'b'))));
  CHECK(c.events.back() == "gone 1006 Max payload size exceeded");
}

#endif
