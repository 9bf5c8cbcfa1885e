// A whole life of a session over streams in memory, with every single operation going wrong once.
#include <sio/nsp.hpp>
#include <sio/server/server.hpp>
#include <support/catch.hpp>
#include <support/raw_client.hpp>
#include <support/scripted_stream.hpp>
#include <support/served.hpp>

#include <asio/io_context.hpp>

#include <memory>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

using namespace std::chrono_literals;

namespace {

using scripted::fault;

// A server without a network, turned by hand.
class stage {
 public:
  explicit stage(fault plan = {}, std::size_t piece = std::string_view::npos)
      : fault_(std::make_shared<fault>(plan)), piece_(piece) {
    server_ = std::make_shared<sio::srv::server>(context_.get_executor(), served::quiet());
    sio::nsp(server_->of("/")).on("connection", [this](sio::socket s) {
      s.on("echo", [s](sio::value v) { s.emit("echo", std::move(v)); });
      s.on("sum", [](int a, int b) { return a + b; });
      s.on("disconnect", [this, keep = token_](sio::reason why) { reasons.emplace_back(to_string(why)); });
    });
  }
  ~stage() {
    if (server_) server_->life()->release();
  }

  std::shared_ptr<scripted::wire> connect() {
    wires_.push_back(std::make_shared<scripted::wire>(context_, fault_));
    server_->loop().run(
        [this, w = wires_.back()] { server_->listening().serve(std::make_unique<scripted::stream>(w)); });
    turn();
    return wires_.back();
  }

  void give(const std::shared_ptr<scripted::wire>& w, std::string_view bytes) {
    for (; !bytes.empty(); bytes.remove_prefix(std::min(piece_, bytes.size()))) {
      w->give(bytes.substr(0, piece_));
      turn();
    }
  }

  void turn() {
    context_.restart();
    context_.poll();
  }

  /// Every peer ends, the server closes, and nothing may be left.
  void end() {
    for (const auto& w : wires_) w->end();
    turn();
    server_->life()->close({});
    context_.restart();
    context_.run_for(5s);
  }

  std::size_t resources() { return server_->loop().resources().size(); }
  bool all_closed() const {
    for (const auto& w : wires_)
      if (!w->closed) return false;
    return true;
  }
  bool handlers_left() const { return token_.use_count() != 1; }
  std::size_t operations() const { return fault_->done; }
  std::string written() const {
    std::string all;
    for (const auto& w : wires_) all += w->out + "\n----\n";
    return all;
  }

  std::vector<std::string> reasons;

 private:
  asio::io_context context_;
  std::shared_ptr<fault> fault_;
  std::size_t piece_;
  std::shared_ptr<sio::srv::server> server_;
  std::vector<std::shared_ptr<scripted::wire>> wires_;
  std::shared_ptr<int> token_ = std::make_shared<int>();
};

std::string get(const std::string& target, const std::string& fields = {}) {
  return "GET " + target + " HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n";
}

std::string post(const std::string& target, const std::string& body) {
  return "POST " + target + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         body;
}

const std::string upgrade_fields =
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

// Handshake, CONNECT, events, upgrade, events, close; a second connection posts, so that one can poll.
std::string live(stage& x) {
  const auto polls = x.connect(), posts = x.connect();
  x.give(polls, get(raw::path + "polling"));
  const std::string sid = raw::sid_of(polls->out);
  const std::string with_sid = raw::path + "polling&sid=" + sid;
  x.give(posts, post(with_sid, "40"));
  x.give(polls, get(with_sid));
  x.give(posts, post(with_sid,
                     "42[\"echo\",\"by polling\"]\x1e"
                     "421[\"sum\",1,2]"));
  x.give(polls, get(with_sid));
  x.give(polls, get(with_sid));
  const auto ws = x.connect();
  x.give(ws, get(raw::path + "websocket&sid=" + sid, upgrade_fields));
  x.give(ws, raw::masked(1, "2probe"));
  x.give(ws, raw::masked(1, "5"));
  x.give(ws, raw::masked(1, "42[\"echo\",\"" + std::string(9000, 'x') + "\"]"));
  x.give(ws, raw::masked(1, "451-[\"echo\",{\"_placeholder\":true,\"num\":0}]") + raw::masked(2, "bytes"));
  x.give(ws, raw::masked(9, "ping") + raw::masked(1, "422[\"sum\",3,4]"));
  x.give(ws, raw::masked(8, ""));
  return sid;
}

// What was written, less what differs from run to run.
std::string normal(const std::string& written, const std::string& sid) {
  std::string out = std::regex_replace(written, std::regex(sid), "SID");
  out = std::regex_replace(out, std::regex("40\\{\"sid\":\"[^\"]*\""), "40{\"sid\":\"ID\"");
  return std::regex_replace(out, std::regex("Date: [^\r]*"), "Date");
}

}  // namespace

TEST_CASE("a whole life over streams in memory leaves nothing behind") {
  stage x;
  live(x);
  const std::string written = x.written();
  for (const char* part : {"42[\"echo\",\"by polling\"]\x1e"
                           "431[3]",
                           "3probe",
                           "\x06"
                           "432[7]",
                           "xxxxxxxxx", "bytes"})
    CHECK(written.find(part) != std::string::npos);
  CHECK(x.reasons == std::vector<std::string>{"transport close"});
  x.end();
  CHECK(x.resources() == 0);
  CHECK(x.all_closed());
  CHECK_FALSE(x.handlers_left());
}

TEST_CASE("bytes that come one by one are answered as bytes that come at once") {
  stage at_once, one_by_one({}, 1), in_threes({}, 3);
  const std::string a = live(at_once), b = live(one_by_one), c = live(in_threes);
  CHECK(normal(one_by_one.written(), b) == normal(at_once.written(), a));
  CHECK(normal(in_threes.written(), c) == normal(at_once.written(), a));
}

TEST_CASE("whichever operation goes wrong, nothing is left behind") {
  stage whole;
  live(whole);
  whole.end();
  REQUIRE(whole.operations() > 30);
  for (const auto how : {fault::kind::breaks, fault::kind::would_block, fault::kind::is_short, fault::kind::ends})
    for (std::size_t n = 0; n != whole.operations() + 2; ++n) {
      CAPTURE(static_cast<int>(how), n);
      stage x({how, n});
      live(x);
      x.end();
      CHECK(x.resources() == 0);
      CHECK(x.all_closed());
      CHECK_FALSE(x.handlers_left());
      CHECK(x.reasons.size() <= 1);
    }
}

TEST_CASE("a write that is short or blocks loses and repeats nothing") {
  stage whole;
  const std::string sid = live(whole);
  for (const auto how : {fault::kind::would_block, fault::kind::is_short})
    for (std::size_t n = 0; n != whole.operations(); ++n) {
      CAPTURE(static_cast<int>(how), n);
      stage x({how, n});
      const std::string other = live(x);
      CHECK(normal(x.written(), other) == normal(whole.written(), sid));
    }
}

TEST_CASE("a server that goes amid a life leaves nothing behind") {
  stage whole;
  live(whole);
  const std::size_t most = whole.operations();
  for (std::size_t n = 0; n != most; n += 3) {
    auto x = std::make_unique<stage>(fault{fault::kind::ends, n});
    live(*x);
  }
}
