// Ten handlers, of the kinds that users write.
#include "program.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace {

struct point {
  int x, y;
};
SIO_FIELDS(point, x, y)

}  // namespace

void add_handlers(const sio::server& io) {
  io.on("connection", [](sio::socket s) {
    s.on("chat message", [s](std::string text) { s.broadcast().emit("chat message", text); });
    s.on("sum", [](int a, int b) { return a + b; });
    s.on("upload", [](std::string name, sio::binary b, sio::ack done) { done(name, b.size()); });
    s.on("turn", [](point p) { return point{-p.y, p.x}; });
    s.on("count", [](std::vector<std::string> names) { return names.size(); });
    s.on("prices", [](std::map<std::string, double> all) { return all; });
    s.on("maybe", [](std::optional<int> number) { return number.value_or(1); });
    s.on("echo", [](sio::value any) { return any; });
    s.on("tell", [s](std::string room, sio::array rest) { s.to(room).emit_array("told", rest); });
    s.on("disconnect", [s](sio::reason why) { s.broadcast().emit("left", why); });
  });
}
