// A server with every hook of its engine set; tests/js/reference_engine_server.mjs has the same.
//   engine_server PORT   the query of a request says what the hooks do: ?mw=fail, ?id=abc, ?forbid=why
#include <sio/json/writer.hpp>
#include <sio/sio.hpp>

#include <support/test_server.hpp>

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace {

using namespace std::chrono_literals;

sio::server_options options() {
  sio::server_options o;
  o.log = [](sio::log_level, std::string_view) {};
  o.cookie = sio::cookie_options{};
  o.cookie->name = "sid2";
  o.cookie->max_age = std::chrono::hours(24);
  o.cookie->secure = o.cookie->partitioned = true;
  o.cookie->priority = sio::cookie_options::priority_rule::high;
  o.cookie->same_site = sio::cookie_options::same_site_rule::strict;
  o.cookie->expires = std::chrono::system_clock::from_time_t(1'893'456'000);
  o.allow_request = [](const sio::request& asked, const sio::allow_decision& decide) {
    const std::string* why_not = asked.query.find("forbid");
    decide(!why_not, why_not ? *why_not : "");
  };
  return o;
}

void add_middlewares(const sio::engine& engine, asio::io_context& loop) {
  engine.use([](const sio::request&, const sio::http_next& go_on) { go_on({{"X-First", "1"}}); });
  engine.use([&loop](const sio::request& asked, const sio::http_next& go_on) {
    const std::string_view what = asked.query["mw"];
    if (what == "fail") return go_on.fail("as you like");
    if (what == "answer") return go_on.answer({401, {{"X-Answer", "mine"}}, "who are you?"});
    if (what != "later") return go_on();
    const auto later = std::make_shared<asio::steady_timer>(loop, 20ms);
    later->async_wait([later, go_on](sio::error_code) { go_on({{"X-Later", "1"}}); });
  });
}

void add_ids(const sio::engine& engine) {
  engine.generate_id([count = 0](const sio::request& asked) mutable {
    const std::string* wanted = asked.query.find("id");
    if (asked.query["id"] == "fail") throw std::runtime_error("no ids today");
    return wanted ? *wanted : "session-" + std::to_string(++count);
  });
}

void add_headers(const sio::engine& engine) {
  engine.on_initial_headers(
      [](sio::headers& h, const sio::request& asked) { h.set("X-Initial", std::string(asked.query["transport"])); });
  engine.on_headers([](sio::headers& h, const sio::request& asked) { h.set("X-Headers", asked.method); });
}

// The failures since the last time, as JSON.
sio::response tell(sio::array& failures) {
  return {200, {{"Content-Type", "application/json"}}, sio::json::to_text(std::exchange(failures, {}))};
}

void add_routes(sio::server io, sio::array& failures) {
  io.engine().on_connection_error([&failures](const sio::connection_failure& f) {
    failures.push_back(
        sio::object{{"code", f.code}, {"message", f.message}, {"context", f.context}, {"url", f.request.url}});
  });
  io.on_request("/failures", [&failures](const sio::request&) { return tell(failures); });
  io.on_request("/count", [engine = io.engine()](const sio::request&) {
    return sio::response{200, {}, std::to_string(engine.clients_count())};
  });
}

void serve(unsigned short port) {
  test::server_host host;
  sio::array failures;
  sio::server io(host.loop.get_executor(), options());
  add_middlewares(io.engine(), host.loop);
  add_ids(io.engine());
  add_headers(io.engine());
  add_routes(io, failures);
  io.on("connection", [](sio::socket s) {
    s.on("echo", [s](std::string text) { s.emit("echo", text); });
    s.on("plain text", [s](unsigned size) { s.compress(false).emit("text", std::string(size, 'x')); });
    s.on("text", [s](unsigned size) { s.emit("text", std::string(size, 'x')); });
  });
  io.listen(port);
  host.run(io);
}

}  // namespace

int main(int argc, char** argv) {
  return test::run_program("engine_server", [&] { serve(test::port_of(argc, argv)); });
}
