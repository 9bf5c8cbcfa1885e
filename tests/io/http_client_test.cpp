// A client's HTTP over streams in memory: what the bytes of a server become, which connections are used again, and that
// each request ends once, whatever goes wrong.
#include <sio/net/http_client.hpp>
#include <support/catch.hpp>
#include <support/scripted_route.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace net = sio::net;
using namespace std::chrono_literals;
using scripted::fault;

namespace {

const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

struct client : scripted::stage {
  explicit client(fault how = {}, const net::http_client_limits& limits = {}) : scripted::stage(how) {
    http = std::make_unique<net::http_client>(loop, route(), "example.com:81", limits);
  }
  ~client() { http.reset(); }

  std::shared_ptr<net::exchange> send(net::http_request what) {
    std::shared_ptr<net::exchange> made;
    run([&] {
      made = http->send(std::move(what), [this, keep = token](net::http_answer a) { answers.push_back(std::move(a)); });
    });
    return made;
  }
  std::shared_ptr<net::exchange> get() { return send({"GET", "/", {}, {}, 0ms}); }
  std::shared_ptr<net::exchange> post(std::string body) { return send({"POST", "/", {}, std::move(body), 0ms}); }
  // Whether a report is still held.
  bool waits() const { return token.use_count() != 1; }
  // "200 ok" or "error: …" of the last answer.
  std::string last() const {
    if (answers.empty()) return {};
    const net::http_answer& a = answers.back();
    return a.error.empty() ? std::to_string(a.status) + ' ' + a.body : "error: " + a.error;
  }

  std::unique_ptr<net::http_client> http;
  std::vector<net::http_answer> answers;
  std::shared_ptr<int> token = std::make_shared<int>();
};

}  // namespace

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
