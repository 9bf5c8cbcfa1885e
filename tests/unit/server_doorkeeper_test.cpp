#include <sio/server/doorkeeper.hpp>

#include <support/catch.hpp>

#include <vector>

using namespace std::chrono_literals;
using namespace sio::srv;

namespace {

const bucket::time_point start{};

std::shared_ptr<doorkeeper> keeper_with(sio::server_options o) {
  return std::make_shared<doorkeeper>(std::make_shared<const sio::server_options>(std::move(o)));
}

}  // namespace

TEST_CASE("without limits everybody comes in, and everybody is counted") {
  const auto keeper = keeper_with({});
  std::vector<std::shared_ptr<void>> tickets;
  for (int i = 0; i != 100; ++i) tickets.push_back(keeper->admit("10.0.0.1", start));
  CHECK(keeper->connections() == 100);
  tickets.clear();
  CHECK(keeper->connections() == 0);
  CHECK(keeper->addresses() == 0);
}

TEST_CASE("one more than max_connections stays outside until somebody leaves") {
  sio::server_options o;
  o.max_connections = 2;
  const auto keeper = keeper_with(o);
  auto first = keeper->admit("10.0.0.1", start);
  const auto second = keeper->admit("10.0.0.2", start);
  CHECK(keeper->admit("10.0.0.3", start) == nullptr);
  first.reset();
  CHECK(keeper->admit("10.0.0.3", start) != nullptr);
}

TEST_CASE("one address cannot take everybody's place") {
  sio::server_options o;
  o.max_connections_per_address = 1;
  const auto keeper = keeper_with(o);
  auto mine = keeper->admit("10.0.0.1", start);
  CHECK(keeper->admit("10.0.0.1", start) == nullptr);
  CHECK(keeper->admit("10.0.0.2", start) != nullptr);
  mine.reset();
  CHECK(keeper->admit("10.0.0.1", start) != nullptr);
}

TEST_CASE("who left in debt is still in debt after coming back") {
  sio::server_options o;
  o.rate_limit_per_address.packets_per_second = 1;
  const auto keeper = keeper_with(o);
  keeper->share("10.0.0.1", start)->traffic.take(1, start);
  keeper->share("10.0.0.1", start)->traffic.take(1, start);
  CHECK(keeper->share("10.0.0.1", start)->traffic.take(1, start) > start + 1s);
}

TEST_CASE("addresses that owe nothing are forgotten in time") {
  const auto keeper = keeper_with({});
  for (int i = 0; i != 10'000; ++i) keeper->share("host " + std::to_string(i), start);
  CHECK(keeper->addresses() < 2048);
}
