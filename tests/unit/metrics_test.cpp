#include <sio/metrics.hpp>

#include <support/catch.hpp>

#include <set>
#include <sstream>

namespace {

bool says(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("Prometheus reads each figure with its name, type and help") {
  sio::metrics m;
  m.streams = 3;
  m.polling_sessions = 1;
  m.websocket_sessions = 2;
  m.upgrades = 7;
  m.refusals[static_cast<std::size_t>(sio::refusal::unknown_sid)] = 5;
  m.loop_lag = std::chrono::microseconds(1'000'250);
  const std::string text = to_prometheus(m);
  CHECK(says(text, "# TYPE sio_streams gauge"));
  CHECK(says(text, "sio_streams 3"));
  CHECK(says(text, "sio_sessions{transport=\"polling\"} 1"));
  CHECK(says(text, "sio_sessions{transport=\"websocket\"} 2"));
  CHECK(says(text, "# TYPE sio_upgrades_total counter"));
  CHECK(says(text, "sio_upgrades_total 7"));
  CHECK(says(text, "sio_refusals_total{cause=\"unknown_sid\"} 5"));
  CHECK(says(text, "sio_loop_lag_seconds 1.000250"));
}

TEST_CASE("a namespace whose name holds quotes and line ends stays one label for Prometheus") {
  sio::metrics m;
  m.namespaces.push_back({"/a\"b\\c\nd", 1, 2});
  const std::string text = to_prometheus(m);
  CHECK(says(text, "sio_sockets{namespace=\"/a\\\"b\\\\c\\nd\"} 1"));
  CHECK(says(text, "sio_rooms{namespace=\"/a\\\"b\\\\c\\nd\"} 2"));
}

TEST_CASE("each line for Prometheus is a comment or a sample, and no family comes twice") {
  std::istringstream lines(to_prometheus(sio::metrics()));
  std::set<std::string> families;
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("# TYPE ", 0) == 0) CHECK(families.insert(line).second);
    if (line.rfind("# ", 0) != 0) CHECK(line.rfind("sio_", 0) == 0);
  }
  CHECK(families.size() > 15);
}

TEST_CASE("each cause of a refusal has a name of its own") {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i != sio::refusal_causes; ++i) names.insert(to_string(static_cast<sio::refusal>(i)));
  CHECK(names.size() == sio::refusal_causes);
  CHECK(to_string(static_cast<sio::refusal>(99)) == "unknown");
}
