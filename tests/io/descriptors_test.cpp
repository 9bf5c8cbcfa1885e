// Descriptors: none is lost when connections churn, and the server lives on when there are none.
#include <sio/sio.hpp>
#include <support/catch.hpp>
#include <support/raw_client.hpp>
#include <support/served.hpp>

#include <sys/resource.h>

#include <atomic>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using served::eventually;
using served::quiet;

namespace {

constexpr bool sanitized = served::address_sanitizer || served::thread_sanitizer;
constexpr int churned = sanitized ? 1'000 : 10'000;

std::size_t descriptors() {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) count += entry.path().has_filename();
  return count;
}

// Resident memory in bytes.
std::size_t memory() {
  std::size_t size = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> size >> resident;
  return resident * 4096;
}

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

// Lowers the limit of descriptors for a while.
class few_descriptors {
 public:
  explicit few_descriptors(std::size_t spare) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    rlimit now = before_;
    now.rlim_cur = descriptors() + spare;
    ::setrlimit(RLIMIT_NOFILE, &now);
  }
  ~few_descriptors() { lift(); }
  void lift() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

void end(raw::client& c, bool hard) { hard ? c.reset() : c.close(); }

// One connection of some kind that ends somewhere on its way.
void churn(unsigned short port, int n) {
  raw::client c(port);
  const bool hard = n % 2 == 0;
  const std::string upgrade = "GET " + raw::path +
                              "websocket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                              "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  switch (n / 2 % 10) {
    case 0: break;
    case 1: c.send("GET /socket.io/?EI"); break;
    case 2: raw::open_by_polling(c); break;
    case 3: c.send("GET " + raw::path + "polling HTTP/1.1\r\nHost: x\r\n\r\n"); break;
    case 4: {
      const std::string with_sid = raw::path + "polling&sid=" + raw::open_by_polling(c);
      c.post(with_sid, "40");
      c.send("GET " + with_sid + " HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\n");
      break;
    }
    case 5:
      c.send("POST " + raw::path + "polling&sid=" + raw::open_by_polling(c) +
             " HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n42[");
      break;
    case 6: c.send(upgrade); break;
    case 7: c.upgrade(raw::path + "websocket"), c.send_text("40"); break;
    case 8: c = raw::join_by_websocket(port), c.send("\x81"); break;
    default: c = raw::join_by_websocket(port), c.send_text("42[\"ask\"]"), c.send_close(); break;
  }
  end(c, hard);
}

}  // namespace

TEST_CASE("churned connections leave no descriptor, no session and no memory behind") {
  auto options = quiet();
  options.ping_interval = 100ms;
  options.ping_timeout = 100ms;
  std::atomic<int> there{0};
  const auto witness = std::make_shared<int>();
  served::own_loop own(options);
  own.io->on("connection", [&, witness](sio::socket s) {
    ++there;
    s.join("room");
    s.on("ask", [s, witness] { s.emit("question", [s, witness](sio::error_code) {}); });
    s.on("disconnect", [&, witness] { --there; });
  });
  const unsigned short port = own.start();
  for (int i = 0; i != 200; ++i) churn(port, i);
  const auto settled = [&] { return there == 0 && witness.use_count() == 2; };
  REQUIRE(eventually(settled));
  raw::client(port).get("/");
  std::size_t before = 0;
  eventually([&] { return std::exchange(before, descriptors()) == descriptors() && before < 40; });
  const std::size_t memory_before = memory();
  for (int i = 0; i != churned; ++i) churn(port, i);
  CHECK(eventually(settled));
  CHECK(eventually([&] { return descriptors() <= before; }));
  CAPTURE(memory_before, memory());
  if (!sanitized) CHECK(memory() < memory_before + 20 * 1024 * 1024);
}

TEST_CASE("without descriptors the server waits, serves whom it has, and accepts again later") {
  if (served::address_sanitizer) return;  // UBSan beside it needs descriptors of its own
  served::notes said;
  auto options = quiet();
  options.log = [&](sio::log_level level, std::string_view line) {
    if (level >= sio::log_level::warning) said.add(std::string(line));
  };
  served::own_loop own(options);
  own.io->on("connection", [](sio::socket s) { s.on("sum", [](int a, int b) { return a + b; }); });
  const unsigned short port = own.start();
  auto old = raw::join_by_websocket(port);

  std::vector<raw::client> waiting;
  few_descriptors limit(5);
  for (int i = 0; i != 4; ++i) try {
      waiting.emplace_back(port);
    } catch (const std::system_error&) {
    }
  std::vector<std::ifstream> fillers;
  for (int i = 0; i != 5; ++i) fillers.emplace_back("/dev/null");
  REQUIRE(eventually([&] { return said.size() == 1; }));
  CHECK(said.all().front() == "cannot accept a connection: Too many open files");

  const double before = cpu_seconds();
  const auto until = std::chrono::steady_clock::now() + 500ms;
  int sums = 0;
  while (std::chrono::steady_clock::now() < until) {
    old.send_text("421[\"sum\",1,2]");
    REQUIRE(old.read_text() == "431[3]");
    ++sums;
    std::this_thread::sleep_for(10ms);
  }
  CHECK(cpu_seconds() - before < 0.3);
  CHECK(sums > 5);

  fillers.clear();
  limit.lift();
  for (raw::client& c : waiting) CHECK(c.get("/").status == 404);
  raw::join_by_websocket(port);
  CHECK(said.size() == 1);
}
