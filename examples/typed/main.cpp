// Typed values: handlers take, and emits send, your own types.
#include <sio/sio.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

namespace shop {

enum class size { small, large };
SIO_ENUM(size, small, (large, "L"))

struct item {
  std::string name;
  size how_large = size::small;
  std::optional<double> weight;
};
SIO_FIELDS(item, name, (how_large, "size"), weight)

struct order {
  std::vector<item> items;
  std::chrono::system_clock::time_point at;
  std::chrono::minutes patience;
};
SIO_FIELDS(order, items, at, patience)

}  // namespace shop

int main(int argc, char** argv) {
  sio::server io;
  io.on("connection", [](sio::socket s) {
    s.on("order", [](shop::order o) { return std::tuple(o.items, o.at + o.patience); });
    s.on("find", [](std::variant<int, std::string> id) { return id.index() == 0 ? "by number" : "by name"; });
    s.on("count", [](std::map<std::string, std::vector<int>> lists) { return lists.size(); });
    s.on("error", [s](std::string why) { s.emit("wrong", why); });
  });
  io.listen(argc > 1 ? static_cast<unsigned short>(std::atoi(argv[1])) : 3000);
  std::printf("ready %d\n", int{io.port()});
  std::fflush(stdout);
  io.run();
}
