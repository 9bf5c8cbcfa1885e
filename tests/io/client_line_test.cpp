// A client's connection that ended by itself is let go of.
#include <sio/client/line.hpp>
#include <sio/net/dialer.hpp>
#include <support/catch.hpp>

#include <asio/io_context.hpp>

#include <memory>
#include <string_view>
#include <utility>

namespace {

// Leaves when it hears that all is over, as a manager does.
struct leaver final : sio::cln::engine_user {
  void on_open() override {}
  void on_message(std::string_view, bool) override {}
  void on_error(const sio::cln::engine_error&) override { ++errors; }
  void on_close(sio::reason, std::string_view) override { std::exchange(line, nullptr)->leave(); }

  std::shared_ptr<sio::cln::line> line;
  int errors = 0;
};

}  // namespace

TEST_CASE("a connection that broke is gone once its user has left it") {
  asio::io_context context;
  const auto loop = sio::net::loop::make(context.get_executor());
  const auto user = std::make_shared<leaver>();
  std::weak_ptr<sio::cln::line> watched;
  loop->run([&] {
    sio::net::dialer_options dial;
    dial.proxy.from_environment = false;
    sio::cln::engine_options o;
    o.route =
        sio::net::route_to(std::make_shared<sio::net::dialer>(loop, std::move(dial)), {"127.0.0.1", 1, false, {}});
    o.host = "127.0.0.1:1";
    user->line = sio::cln::line::make(loop, std::move(o), user);
    watched = user->line;
    user->line->engine().open();
  });
  context.run();
  CHECK(user->errors == 1);
  CHECK(user->line == nullptr);
  CHECK(watched.expired());
}
