// Each request of a client ends once, whatever goes wrong: servers that break off, time, cancels, failing operations.
#include <sio/net/http_client.hpp>
#include <support/catch.hpp>
#include <support/scripted_http.hpp>

#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

namespace net = sio::net;
using namespace std::chrono_literals;
using client = scripted::http_stage;
using scripted::answer;
using scripted::fault;
using scripted::ok;

TEST_CASE("what is no answer becomes an error, and closes the connection") {
  struct example {
    std::string bytes, error;
  };
  net::http_client_limits limits;
  limits.answer.max_body = 10;
  for (const example& e : std::vector<example>{
           {"220 mail.example.com ESMTP\r\n", "the answer is no proper HTTP: no HTTP/1.x"},
           {"HTTP/1.1 200 OK\nA: b\n\n", "the answer is no proper HTTP: LF without CR"},
           {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            "the answer is no proper HTTP: Content-Length and Transfer-Encoding"},
           {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz",
            "the answer has a chunked body that is malformed"},
           {"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n", "the answer has a body larger than allowed"},
           {"HTTP/1.1 200 OK\r\n\r\n12345678901", "the answer has a body larger than allowed"},
           {"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 1\r\n\r\nx",
            "the answer has a Content-Encoding that nobody asked for"},
           {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
            "the server switched to another protocol that nobody asked for"},
       }) {
    client c({}, limits);
    c.get();
    c.give(0, e.bytes);
    CHECK(c.last() == "error: " + e.error);
    CHECK(c.closed(0));
    CHECK_FALSE(c.waits());
  }
}

TEST_CASE("a server that closes at any byte of its answer leaves an error, or the whole body") {
  const std::string bytes = answer("X: y\r\n", "0123456789");
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    client c;
    c.get();
    c.give(0, bytes.substr(0, size));
    c.end(0);
    REQUIRE(c.answers.size() == 1);
    CHECK(c.last() == (size == 0              ? "error: the server closed the connection without an answer"
                       : size == bytes.size() ? "200 0123456789"
                                              : "error: the server closed the connection in the middle of its answer"));
    CHECK(c.closed(0));
  }
  client c;
  c.get();
  c.give(0, "HTTP/1.1 200 OK\r\n\r\nuntil the end");
  CHECK(c.answers.empty());
  c.end(0);
  CHECK(c.last() == "200 until the end");
}

TEST_CASE("a request has its time, and a dial counts") {
  client c;
  c.send({"GET", "/", {}, {}, 500ms});
  c.let_pass(499ms);
  c.give(0, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no");
  CHECK(c.answers.empty());
  c.let_pass(2ms);
  CHECK(c.last() == "error: no answer came in time");
  CHECK(c.closed(0));

  c.get();
  c.let_pass(std::chrono::hours(1));
  c.give(1, ok);
  CHECK(c.last() == "200 ok");
}

TEST_CASE("a dial that fails is an error in the words of the dialer") {
  client c;
  c.refuses = true;
  c.get();
  CHECK(c.last() == "error: cannot connect");
  CHECK(c.answers.size() == 1);
}

TEST_CASE("after cancel or close nothing is reported, and nothing is left open") {
  const std::string bytes = answer({}, "hello");
  for (std::size_t size = 0; size < bytes.size(); size += 7) {
    for (const bool by_close : {false, true}) {
      client c;
      c.get();
      c.give(0, ok);
      const auto waiting = c.get();
      c.give(0, bytes.substr(0, size));
      c.run([&] { by_close ? c.http->close() : waiting->cancel(); });
      c.wires[0]->give(bytes.substr(size));
      c.turn();
      CHECK(c.answers.size() == 1);
      CHECK(c.all_closed());
      CHECK(c.loop->resources().empty());
      CHECK_FALSE(c.waits());
    }
  }
  client c;  // while it dials
  c.loop->run([&] {
    const auto waiting = c.http->send({"GET", "/", {}, {}, 0ms}, [&](const net::http_answer&) { FAIL("reported"); });
    waiting->cancel();
    c.http->send({"GET", "/", {}, {}, 0ms}, [&](const net::http_answer&) { FAIL("reported"); });
    c.http->close();
  });
  c.turn();
  CHECK(c.all_closed());
}

TEST_CASE("a client may be closed, or go, in its own report") {
  for (const bool whole : {false, true}) {
    client c;
    c.run([&] {
      c.http->send({"GET", "/", {}, {}, 0ms}, [&](const net::http_answer& a) {
        c.http->close();
        if (whole) c.http.reset();
        c.answers.push_back(a);
      });
    });
    c.give(0, ok);
    CHECK(c.last() == "200 ok");
    CHECK(c.all_closed());
  }
}

TEST_CASE("an abandoned loop takes everything with it") {
  client c;
  c.get();
  c.get();
  c.give(0, ok);
  c.get();
  c.give(0, "HTTP/1.1 200");
  c.loop->abandon();
  CHECK(c.all_closed());
  c.turn();
  c.http.reset();
  c.turn();
  CHECK(c.answers.size() == 1);
  CHECK_FALSE(c.waits());
}

TEST_CASE("with any operation going wrong, each request ends once and nothing is left open") {
  const auto live = [](client& c) {
    c.get();
    c.post(std::string(6'000, 'x'));
    for (std::size_t round = 0; round != 6; ++round)
      for (std::size_t i = 0; i != c.wires.size(); ++i)
        if (!c.closed(i) && !c.sent(i).empty()) c.give(i, answer("X: y\r\n", "hello"), 20);
    c.get();
    for (std::size_t i = 0; i != c.wires.size(); ++i)
      if (!c.closed(i) && !c.sent(i).empty()) c.give(i, answer("Connection: close\r\n", "bye"));
    for (std::size_t i = 0; i != c.wires.size(); ++i) c.end(i);
  };
  client well;
  live(well);
  REQUIRE(well.last() == "200 bye");
  const std::size_t operations = well.plan->done;
  for (const fault::kind how :
       {fault::kind::breaks, fault::kind::would_block, fault::kind::is_short, fault::kind::ends})
    for (std::size_t at = 0; at != operations; ++at) {
      INFO(static_cast<int>(how) << " at " << at);
      client c({how, at});
      live(c);
      CHECK(c.answers.size() == 3);
      const bool harmless = how == fault::kind::would_block || how == fault::kind::is_short;
      for (const auto& a : c.answers) CHECK((a.error.empty() || !harmless));
      c.run([&] { c.http->close(); });
      CHECK(c.all_closed());
      CHECK(c.loop->resources().empty());
      CHECK_FALSE(c.waits());
    }
}
