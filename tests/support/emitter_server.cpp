// What tests/js/emitters.test.mjs talks to: catch-all listeners, middlewares of events, errors as answers, broadcasts
// that ask, and coroutines where there are some.
#include <sio/sio.hpp>

#include <support/test_server.hpp>

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace std::chrono_literals;

using journal = std::vector<std::string>;

void add_catch_all(sio::socket s) {
  s.on_any([s](std::string event, sio::array) { s.data<journal>().push_back("any " + event); });
  s.prepend_any([s](std::string event, sio::array) { s.data<journal>().push_back("first " + event); });
  s.on_any_outgoing([s](std::string event, sio::array) { s.data<journal>().push_back("outgoing " + event); });
  s.on("note", [s](std::string text) {
    s.data<journal>().push_back("listener " + text);
    s.emit("noted", text);
    s.nsp().to(s.id()).emit("told", text);
  });
  s.on("journal", [s] { return std::exchange(s.data<journal>(), {}); });
}

void add_middlewares(sio::socket s, asio::io_context& loop) {
  s.use([s](const std::string& event, const sio::array&) { s.data<journal>().push_back("middleware " + event); });
  s.use([](const std::string& event, sio::array& args, const sio::next& go_on) {
    if (event == "forbidden") return go_on(std::runtime_error("unauthorized event"));
    if (event == "changed") args.emplace_back("more");
    go_on();
  });
  s.use([&loop](const std::string& event, const sio::array&, const sio::next& go_on) {
    if (event != "slow") return go_on();
    const auto later = std::make_shared<asio::steady_timer>(loop, 50ms);
    later->async_wait([later, go_on](sio::error_code) { go_on(); });
  });
  s.on("forbidden", [s] { s.emit("got", "forbidden"); });
  s.on("changed", [](sio::array args) { return args; });
  s.on("slow", [s] { s.emit("got", "slow"); });
  s.on("quick", [s] { s.emit("got", "quick"); });
  s.on("error", [s](std::string what) { s.emit("refused", what); });
}

void add_errors(sio::socket s, asio::io_context& loop) {
  s.on("divide", [](int a, int b) {
    if (b == 0) throw sio::ack_error("division by zero", sio::object{{"dividend", a}});
    return a / b;
  });
  s.on("fail", [](sio::ack done) { done.fail("failed"); });
  s.on("later", [&loop](sio::ack done) {
    const auto later = std::make_shared<asio::steady_timer>(loop, 20ms);
    later->async_wait([later, done](sio::error_code) { done("late"), done("too late"); });
  });
}

void add_questions(sio::socket s) {
  s.on("join", [s](std::string room) { s.join(room); });
  s.on("ask room", [s](std::string room, int ms, sio::ack done) {
    const auto heard = [done](sio::error_code ec, sio::broadcast_answers all) {
      done(ec ? ec.message() : "", all.values(), all.missing);
    };
    s.nsp().to(room).timeout(std::chrono::milliseconds(ms)).emit("question", 6, sio::binary("7"), heard);
  });
  s.on("ask others", [s](std::string room, sio::ack done) {
    s.to(room).timeout(20s).emit_with_ack<sio::value>(
        "question", 6, 7, [done](sio::error_code, std::vector<sio::value> all) { done(std::move(all)); });
  });
  s.on("plain", [s](std::string text) { s.compress(false).emit("plain", text); });
}

#if defined(ASIO_HAS_CO_AWAIT)
void add_coroutines(sio::socket s) {
  s.on("relay", [s](const std::string& question, const sio::array& rest) -> asio::awaitable<sio::value> {
    const auto answer = co_await s.timeout(20s).emit_with_ack<sio::value>("relayed", question, rest.size());
    if (answer.is_null()) throw sio::ack_error("no answer");
    co_return answer;
  });
}
#else
void add_coroutines(sio::socket s) {
  s.on("relay", [s](std::string question, sio::array rest, sio::ack done) {
    s.timeout(20s).emit("relayed", question, rest.size(), [done](sio::error_code, sio::value answer) {
      answer.is_null() ? done.fail("no answer") : done(std::move(answer));
    });
  });
}
#endif

void serve(unsigned short port) {
  test::server_host host;
  sio::server io(host.loop.get_executor());
  io.on("connection", [&loop = host.loop](sio::socket s) {
    add_catch_all(s);
    add_middlewares(s, loop);
    add_errors(s, loop);
    add_questions(s);
    add_coroutines(s);
  });

  io.listen(port);
  host.run(io);
}

}  // namespace

int main(int argc, char** argv) {
  return test::run_program("emitter_server", [&] { serve(test::port_of(argc, argv)); });
}
