// HTTP and WebSocket from the client's side over real sockets, against our own server.
#include <sio/net/http_client.hpp>
#include <sio/net/ws_dial.hpp>
#include <support/catch.hpp>
#include <support/raw_client.hpp>
#include <support/served.hpp>

#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace net = sio::net;
using namespace std::chrono_literals;
using served::eventually;

namespace {

sio::server_options options() {
  sio::server_options o = served::quiet();
  if (sio::ws::can_deflate) o.per_message_deflate.emplace();
  return o;
}

// A server that echoes, and a client's loop with a thread of its own.
class station {
 public:
  station() : server_(options()), loop_(net::loop::make(host_.context.get_executor())) {
    server_.io->on("connection", [](sio::socket s) {
      s.on("echo", [s](sio::value v) { s.emit("echo", std::move(v)); });
      s.on("leave", [s] { s.disconnect(true); });
    });
    to_ = net::route_to(std::make_shared<const net::dialer>(loop_, net::dialer_options()),
                        {"127.0.0.1", server_.start(), false, {}});
    on_loop([this] { http_ = std::make_unique<net::http_client>(loop_, to_, "127.0.0.1"); });
  }
  ~station() {
    on_loop([this] { http_.reset(), loop_->abandon(); });
    host_.stop();
  }

  template <class F>
  void on_loop(F f) {
    std::promise<void> done;
    loop_->run([&] { f(), done.set_value(); });
    done.get_future().wait();
  }

  net::http_answer ask(net::http_request what) {
    std::promise<net::http_answer> came;
    auto answer = came.get_future();
    on_loop([&] { http_->send(std::move(what), [&](net::http_answer a) { came.set_value(std::move(a)); }); });
    if (answer.wait_for(20s) != std::future_status::ready) throw std::runtime_error("no answer");
    return answer.get();
  }
  net::http_answer get(const std::string& target) { return ask({"GET", target, {}, {}, {}}); }
  net::http_answer post(const std::string& target, std::string body) {
    return ask({"POST", target, {{"Content-Type", "text/plain;charset=UTF-8"}}, std::move(body), {}});
  }
  // By polls, until there is one with `text`.
  std::string poll_for(const std::string& target, const std::string& text) {
    for (;;) {
      const net::http_answer a = get(target);
      if (a.status != 200 || a.body.find(text) != std::string::npos) return a.body;
    }
  }

  struct owner final : net::ws_owner {
    void on_message(net::ws_channel&, std::string_view message, bool) override { heard.add(std::string(message)); }
    void on_gone(net::ws_channel&, std::string_view error) override { heard.add("gone " + std::string(error)); }
    served::notes heard;
  };

  net::ws_dialled open(const std::string& target, const std::shared_ptr<owner>& who) {
    std::promise<net::ws_dialled> came;
    auto result = came.get_future();
    const auto done = [&](net::ws_dialled r) {
      if (r.channel) r.channel->serve(who);
      came.set_value(std::move(r));
    };
    on_loop([&] {
      const auto pool = std::make_shared<net::deflate_pool>(loop_, net::deflate_rules());
      net::dial_websocket(loop_, to_, {target, "127.0.0.1", {}, {}, {}}, {}, sio::ws::can_deflate ? pool : nullptr,
                          done);
    });
    if (result.wait_for(20s) != std::future_status::ready) throw std::runtime_error("no answer");
    return result.get();
  }

 private:
  served::own_loop server_;
  served::host host_;
  std::shared_ptr<net::loop> loop_;
  net::route to_;
  std::unique_ptr<net::http_client> http_;
};

const std::string polling = raw::path + "polling";

}  // namespace

TEST_CASE("a session lives by the polls and posts of our client") {
  station s;
  const std::string sid = raw::sid_of(s.get(polling).body);
  REQUIRE(sid.size() == 20);
  const std::string mine = polling + "&sid=" + sid;
  CHECK(s.post(mine, "40").body == "ok");
  CHECK(s.poll_for(mine, "40{").find("40{\"sid\":\"") == 0);
  const std::string large(20'000, 'x');  // comes back compressed
  CHECK(s.post(mine, "42[\"echo\",\"" + large + "\"]").body == "ok");
  CHECK(s.poll_for(mine, "echo") == "42[\"echo\",\"" + large + "\"]");
  const net::http_answer none = s.get(polling + "&sid=nobody");
  CHECK(none.status == 400);
  CHECK(none.body == "{\"code\":1,\"message\":\"Session ID unknown\"}");
  CHECK(s.get("/other").status == 404);
}

TEST_CASE("a session lives over our client's WebSocket, compressed where zlib is there") {
  station s;
  const auto who = std::make_shared<station::owner>();
  const net::ws_dialled r = s.open(raw::path + "websocket", who);
  REQUIRE(r.error == "");
  CHECK(eventually([&] { return who->heard.size() == 1; }));
  s.on_loop([&] { r.channel->send_text("40"); });
  CHECK(eventually([&] { return who->heard.size() == 2; }));
  for (const std::size_t size : {std::size_t{10}, std::size_t{2'000}, std::size_t{200'000}}) {
    const std::string event = "42[\"echo\",\"" + std::string(size, 'x') + "\"]";
    s.on_loop([&] { r.channel->send_text(std::make_shared<const std::string>(event)); });
    CHECK(eventually([&] { return who->heard.has(event); }));
  }
  s.on_loop([&] { r.channel->send_text("42[\"leave\"]"); });
  CHECK(eventually([&] { return who->heard.has("gone "); }));

  const net::ws_dialled refused = s.open(raw::path + "websocket&sid=nobody", who);
  CHECK(refused.error == "Unexpected server response: 400");
  CHECK(refused.body.find("Session ID unknown") != std::string::npos);
}
