// A client's HTTP over streams in memory: what leaves, what the bytes of a server become, and which connections are
// used again.
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
using scripted::ok;

TEST_CASE("a request leaves as it was asked for, and its answer comes back") {
  client c;
  c.send({"POST", "/socket.io/?EIO=4", {{"X-A", "1"}}, "4hello", 0ms});
  REQUIRE(c.wires.size() == 1);
  const std::string accepts = sio::http::readable_codings.empty() ? "" : "Accept-Encoding: gzip, deflate\r\n";
  CHECK(c.sent(0) == "POST /socket.io/?EIO=4 HTTP/1.1\r\nHost: example.com:81\r\nX-A: 1\r\n" + accepts +
                         "Content-Length: 6\r\nConnection: keep-alive\r\n\r\n4hello");
  CHECK(c.answers.empty());
  c.give(0, "HTTP/1.1 400 Bad Request\r\nX-B: 2\r\nX-B: 3\r\nContent-Length: 3\r\n\r\nbad", 1);
  CHECK(c.last() == "400 bad");
  CHECK(c.answers[0].fields.size() == 3);
  CHECK(c.answers[0].fields["x-b"] == "2");
  CHECK_FALSE(c.waits());
}

TEST_CASE("a connection is asked again, and those who wait beside each other have one each") {
  client c;
  c.get();
  c.post("a");
  REQUIRE(c.wires.size() == 2);
  c.give(1, ok);
  c.post("b");
  REQUIRE(c.wires.size() == 2);
  CHECK(c.sent(1).find("\r\n\r\nb") != std::string::npos);
  c.give(0, ok);
  c.give(1, ok);
  CHECK(c.answers.size() == 3);
  c.get();
  c.get();
  c.get();
  CHECK(c.wires.size() == 3);
  for (std::size_t i = 0; i != 3; ++i) c.give(i, ok);
  CHECK((!c.closed(0) && !c.closed(1) && c.closed(2)));  // no more than two rest
  c.run([&] { c.http->close(); });
  CHECK(c.all_closed());
  CHECK(c.loop->resources().empty());
}

TEST_CASE("who asks for the next one in its report gets the same connection") {
  client c;
  c.run([&] { c.http->send({"GET", "/", {}, {}, 0ms}, [&](const net::http_answer&) { c.get(); }); });
  c.give(0, ok);
  CHECK(c.wires.size() == 1);
  c.give(0, ok);
  CHECK(c.last() == "200 ok");
}

TEST_CASE("after some answers a connection is not asked again") {
  for (const std::string& given :
       {answer("Connection: close\r\n", "ok"), ok + "x", answer("Keep-Alive: timeout=1\r\n", "ok"),
        std::string("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok")}) {
    INFO(given);
    client c;
    c.get();
    c.give(0, given);
    CHECK(c.last() == "200 ok");
    CHECK(c.closed(0));
    c.get();
    CHECK(c.wires.size() == 2);
  }
}

TEST_CASE("a connection at rest is closed in time, and when its server says something unasked") {
  client c;
  c.get();
  c.give(0, ok);
  c.let_pass(3'990ms);
  CHECK_FALSE(c.closed(0));
  c.let_pass(20ms);
  CHECK(c.closed(0));

  c.get();
  c.give(1, answer("Keep-Alive: timeout=3, max=5\r\n", "ok"));
  c.let_pass(1'990ms);
  CHECK_FALSE(c.closed(1));
  c.let_pass(20ms);
  CHECK(c.closed(1));

  c.get();
  c.give(2, ok);
  c.give(2, "HTTP/1.1 200 OK\r\n");
  CHECK(c.closed(2));
  c.get();
  c.give(3, ok);
  c.end(3);
  CHECK(c.closed(3));
  CHECK(c.answers.size() == 4);
}

TEST_CASE("a request that meets a connection which has just ended goes over another one") {
  client c;
  c.get();
  c.give(0, ok);
  c.wires[0]->in_ended = true;  // it has come, but nobody has looked yet
  c.get();
  REQUIRE(c.wires.size() == 2);
  CHECK(c.closed(0));
  c.give(1, ok);
  CHECK(c.answers.size() == 2);
}

TEST_CASE("what has left is not sent twice: it may have been handled") {
  client c;
  c.get();
  c.give(0, ok);
  c.get();
  c.end(0);
  CHECK(c.wires.size() == 1);
  CHECK(c.last() == "error: the server closed the connection without an answer");
}

TEST_CASE("what has not left is sent once more, over a new connection") {
  client c;
  c.get();
  c.give(0, ok);
  c.sent(0);
  c.loop->run([&] {  // its bytes leave at the end of the turn
    c.http->send({"POST", "/", {}, "x", 0ms}, [&](net::http_answer a) { c.answers.push_back(std::move(a)); });
    c.wires[0]->broken = true;
  });
  c.turn();
  CHECK(c.sent(0).empty());
  REQUIRE(c.wires.size() == 2);
  CHECK(c.sent(1).find("\r\n\r\nx") != std::string::npos);
  c.wires[1]->broken = true;  // this one was new: once is enough
  c.wires[1]->tell_reader();
  c.turn();
  CHECK(c.wires.size() == 2);
  CHECK(c.last().find("error: the connection broke: ") == 0);
}

TEST_CASE("interim answers are passed over, but not without end") {
  client c;
  c.get();
  c.give(0, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + ok, 3);
  CHECK(c.last() == "200 ok");
  CHECK(c.answers[0].fields.size() == 1);
  c.get();
  for (int i = 0; i != 20; ++i) c.give(0, "HTTP/1.1 102 Processing\r\n\r\n");
  CHECK(c.last() == "error: the answer is announced too often");
}

TEST_CASE("an answer that comes before its request has left is taken, and the connection closed") {
  client c;
  c.get();
  c.give(0, ok);
  c.wires[0]->full = true;
  c.post(std::string(10'000, 'x'));
  c.give(0, ok);
  CHECK(c.last() == "200 ok");
  CHECK(c.answers.size() == 2);
  CHECK(c.closed(0));
}

TEST_CASE("a request that cannot be sent is refused at once") {
  client c;
  const auto report = [](const net::http_answer&) { FAIL("reported"); };
  CHECK_THROWS_AS(c.http->send({"GET", "", {}, {}, 0ms}, report), std::invalid_argument);
  CHECK_THROWS_AS(c.http->send({"GET", "/", {{"A", "b\r\nC: d"}}, {}, 0ms}, report), std::invalid_argument);
  c.turn();
  CHECK(c.wires.empty());
}

TEST_CASE("a HEAD has no body, whatever its answer announces") {
  client c;
  c.send({"HEAD", "/", {}, {}, 0ms});
  CHECK(c.sent(0).find("HEAD / HTTP/1.1") == 0);
  c.give(0, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
  CHECK(c.last() == "200 ");
}
