// emit_with_ack with Asio's completion tokens, and broadcasts that ask for answers.
#include <sio/sio.hpp>
#include <support/catch.hpp>
#include <support/raw_client.hpp>
#include <support/served.hpp>

#include <asio/bind_executor.hpp>
#include <asio/post.hpp>
#include <asio/use_future.hpp>

#include <algorithm>
#include <atomic>
#include <future>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

using namespace std::chrono_literals;
using served::eventually;
using served::own_loop;

namespace {

using lines = std::vector<std::string>;

// A server with some clients, all of them in the room "r".
struct scene {
  explicit scene(int count) {
    own.io->on("connection", [this](sio::socket s) {
      s.join("r");
      const std::lock_guard<std::mutex> lock(mutex);
      sockets.push_back(s);
    });
    const unsigned short port = own.start();
    for (int i = 0; i != count; ++i) {
      clients.push_back(raw::open_websocket(port));
      clients.back().send_text("40");
      clients.back().read_text();
    }
    const auto all_there = [&] {
      const std::lock_guard<std::mutex> lock(mutex);
      return sockets.size() == clients.size();
    };
    REQUIRE(eventually(all_there));
  }
  // Client `i` reads an event that asks, and answers.
  void answer(std::size_t i, const std::string& with) {
    const std::string asked = clients[i].read_text();
    clients[i].send_text("43" + asked.substr(2, asked.find('[') - 2) + with);
  }

  own_loop own;
  std::mutex mutex;
  std::vector<sio::socket> sockets;
  std::vector<raw::client> clients;
};

// A token whose error can be waited for.
struct verdict {
  std::shared_ptr<std::promise<sio::error_code>> come = std::make_shared<std::promise<sio::error_code>>();
  void operator()(sio::error_code ec) const { come->set_value(ec); }
  template <class T>
  void operator()(sio::error_code ec, const T&) const {
    come->set_value(ec);
  }
  sio::error_code wait() const { return come->get_future().get(); }
};

}  // namespace

TEST_CASE("an acknowledgement comes as a future") {
  scene it(1);
  auto one = it.sockets[0].emit_with_ack<int>("question", 6, 7, asio::use_future);
  it.answer(0, "[42]");
  CHECK(one.get() == 42);
  auto two = it.sockets[0].timeout(20s).emit_with_ack<int, std::string>("question", asio::use_future);
  it.answer(0, "[1,\"a\"]");
  CHECK(two.get() == std::tuple(1, std::string("a")));
  auto rest = it.sockets[0].emit_with_ack<sio::array>("question", asio::use_future);
  it.answer(0, "[1,2,3]");
  CHECK(rest.get().size() == 3);
  auto none = it.sockets[0].emit_with_ack("question", asio::use_future);
  it.answer(0, "[1,2,3]");
  none.get();
}

TEST_CASE("what does not come, does not fit, or cannot come any more is an error") {
  scene it(1);
  const verdict late, wrong, left, gone, nobody, ended;
  it.sockets[0].timeout(10ms).emit_with_ack<int>("question", late);
  CHECK(late.wait() == sio::errc::timed_out);
  it.clients[0].read_text();
  it.sockets[0].emit_with_ack<int>("question", wrong);
  it.answer(0, "[\"no number\"]");
  CHECK(wrong.wait() == sio::errc::unexpected_answer);
  it.sockets[0].emit_with_ack<int>("question", left);
  it.clients[0].reset();
  CHECK(left.wait() == sio::errc::disconnected);
  it.sockets[0].emit_with_ack<int>("question", gone);
  CHECK(gone.wait() == sio::errc::disconnected);
  sio::socket().emit_with_ack("question", nobody);
  CHECK(nobody.wait() == sio::errc::disconnected);
  CHECK_THROWS_AS(it.sockets[0].emit_with_ack<int>("disconnect", asio::use_future), std::invalid_argument);
  CHECK_THROWS_AS(it.own.io->emit_with_ack<int>("connect", asio::use_future), std::invalid_argument);
  it.own.io.reset();
  it.own.join();
  it.sockets[0].emit_with_ack<int>("question", ended);
  CHECK(ended.wait() == sio::errc::disconnected);
}

TEST_CASE("a callback that cannot be copied runs on its own executor") {
  scene it(1);
  served::host elsewhere;
  std::promise<std::thread::id> ran;
  auto callback = [only = std::make_unique<int>(5), &ran](sio::error_code ec, int n) {
    CHECK((!ec && n == *only));
    ran.set_value(std::this_thread::get_id());
  };
  it.sockets[0].emit_with_ack<int>("question",
                                   asio::bind_executor(elsewhere.context.get_executor(), std::move(callback)));
  std::promise<std::thread::id> there;
  asio::post(elsewhere.context, [&] { there.set_value(std::this_thread::get_id()); });
  it.answer(0, "[5]");
  CHECK(ran.get_future().get() == there.get_future().get());
}

TEST_CASE("a broadcast gathers the answers of everybody whom it reached") {
  scene it(3);
  std::promise<std::vector<int>> got;
  it.own.io->to("r").timeout(20s).emit("n?", [&](sio::error_code ec, std::vector<int> all) {
    CHECK_FALSE(ec);
    got.set_value(std::move(all));
  });
  for (std::size_t i = 0; i != 3; ++i) it.answer(i, "[" + std::to_string(i) + ",\"more\"]");
  auto all = got.get_future().get();
  std::sort(all.begin(), all.end());
  CHECK(all == std::vector<int>{0, 1, 2});
}

TEST_CASE("the packet of a broadcast that asks is the same for all") {
  scene it(2);
  auto all = it.own.io->emit_with_ack<sio::value>("n?", 1, asio::use_future);
  const std::string one = it.clients[0].read_text(), other = it.clients[1].read_text();
  CHECK(one == other);
  for (auto& c : it.clients) c.send_text("43" + one.substr(2, one.find('[') - 2) + "[]");
  CHECK(all.get() == std::vector<sio::value>{nullptr, nullptr});
}

TEST_CASE("those who answered in time are known, and those who did not") {
  scene it(3);
  std::promise<sio::broadcast_answers> got;
  it.own.io->to("r").timeout(500ms).emit("n?", [&](sio::error_code ec, sio::broadcast_answers all) {
    CHECK(ec == sio::errc::timed_out);
    got.set_value(std::move(all));
  });
  it.answer(1, "[\"here\"]");
  const sio::broadcast_answers all = got.get_future().get();
  CHECK(all.asked == 3);
  REQUIRE(all.answers.size() == 1);
  CHECK(all.answers[0].id == it.sockets[1].id());
  CHECK(all.answers[0].first == sio::value("here"));
  lines missing{it.sockets[0].id(), it.sockets[2].id()};
  std::sort(missing.begin(), missing.end());
  CHECK(all.missing == missing);
}

TEST_CASE("an empty room answers at once") {
  scene it(1);
  CHECK(it.own.io->to("nobody").timeout(60s).emit_with_ack<int>("n?", asio::use_future).get().empty());
  std::promise<std::size_t> got;
  it.own.io->to("nobody").emit("n?", [&](sio::array all) { got.set_value(all.size()); });
  CHECK(got.get_future().get() == 0);
}

TEST_CASE("a client that leaves is not waited for") {
  scene it(2);
  auto all = it.own.io->timeout(60s).emit_with_ack("n?", asio::use_future);
  it.answer(0, "[1]");
  it.clients[1].reset();
  const sio::broadcast_answers got = all.get();
  CHECK(got.asked == 2);
  CHECK(got.answers.size() == 1);
  CHECK(got.missing.empty());
}

TEST_CASE("answers that do not fit are an error") {
  scene it(1);
  const verdict wrong;
  it.own.io->emit_with_ack<int>("n?", wrong);
  it.answer(0, "[\"x\"]");
  CHECK(wrong.wait() == sio::errc::unexpected_answer);
}

TEST_CASE("what is too deep to be sent throws where it is sent") {
  scene it(1);
  sio::value deep;
  for (int i = 0; i != 2000; ++i) {
    sio::array around;
    around.push_back(std::move(deep));
    deep = std::move(around);
  }
  CHECK_THROWS_AS(it.own.io->emit_with_ack<int>("n?", deep, asio::use_future), std::length_error);
  CHECK_THROWS_AS(it.sockets[0].emit_with_ack<int>("n?", deep, asio::use_future), std::length_error);
}

TEST_CASE("a socket's broadcast asks the others") {
  scene it(2);
  auto others = it.sockets[0].to("r").timeout(20s).emit_with_ack<int>("n?", asio::use_future);
  it.answer(1, "[7]");
  CHECK(others.get() == std::vector<int>{7});
}

TEST_CASE("questions from many threads find their answers") {
  scene it(1);
  std::thread client([&] {
    for (int i = 0; i != 200; ++i) {
      const std::string asked = it.clients[0].read_text();
      const auto at = asked.find('[');
      it.clients[0].send_text("43" + asked.substr(2, at - 2) + asked.substr(asked.find(',', at)).replace(0, 1, "["));
    }
  });
  std::vector<std::thread> threads;
  std::atomic<int> right{0};
  for (int t = 0; t != 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i != 50; ++i)
        if (it.sockets[0].emit_with_ack<int>("n?", 100 * t + i, asio::use_future).get() == 100 * t + i) ++right;
    });
  for (std::thread& t : threads) t.join();
  client.join();
  CHECK(right == 200);
}
