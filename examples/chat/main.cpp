// A chat with rooms: open http://localhost:3000 in two browser tabs. PORT changes the port.
#include <sio/sio.hpp>

#include <cstdlib>
#include <iostream>
#include <map>
#include <string>

struct member {
  std::string name, room;
};

static bool fits(const std::string& text, std::size_t most) { return !text.empty() && text.size() <= most; }

int main() {
  sio::server io;
  std::map<std::string, member> members;  // by socket id; handlers run on one thread, so no lock

  const auto show_members = [&](const std::string& room) {
    sio::array names;
    for (const auto& [id, m] : members)
      if (m.room == room) names.push_back(m.name);
    io.to(room).emit("members", names);
  };
  const auto leave = [&](const sio::socket& s) {
    const auto node = members.extract(s.id());
    if (!node) return;
    const auto& [name, room] = node.mapped();
    s.leave(room);
    io.to(room).emit("left", name);
    show_members(room);
  };

  io.on("connection", [&](sio::socket s) {
    s.on("join", [&, s](std::string name, std::string room) {
      if (!fits(name, 100) || !fits(room, 100)) return false;
      leave(s);
      s.join(room);
      s.to(room).emit("joined", name);
      members[s.id()] = {name, room};
      show_members(room);
      return true;
    });
    s.on("message", [&, s](std::string text) {
      const auto me = members.find(s.id());
      if (me != members.end() && fits(text, 10'000))
        io.to(me->second.room).emit("message", s.id(), me->second.name, text);
    });
    s.on("typing", [&, s](bool now) {
      const auto me = members.find(s.id());
      if (me != members.end()) s.to(me->second.room).emit("typing", s.id(), me->second.name, now);
    });
    s.on("disconnect", [&, s] { leave(s); });
  });

  io.serve_files("/", CHAT_PUBLIC);
  const char* port = std::getenv("PORT");
  io.listen(static_cast<unsigned short>(port ? std::atoi(port) : 3000));
  std::cout << "Chat on http://localhost:" << io.port() << std::endl;
  io.run();
}
