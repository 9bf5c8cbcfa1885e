// Who may come in: a middleware looks at what the client shows, and refuses it with a reason.
#include <sio/sio.hpp>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

namespace {

struct user {
  std::string name;
  bool admin = false;
};

// A real server would ask its database, or check a signature.
const std::map<std::string, user> tokens{{"sesame", {"Ali", false}}, {"magic", {"Merlin", true}}};

const user* find_user(const sio::socket& s) {
  const std::string* token = s.handshake().auth["token"].if_string();
  const auto known = token ? tokens.find(*token) : tokens.end();
  return known == tokens.end() ? nullptr : &known->second;
}

}  // namespace

int main(int argc, char** argv) {
  sio::server io;
  io.use([](sio::socket s) {
    const user* who = find_user(s);
    if (!who) throw sio::connect_error("who are you?", sio::object{{"hint", "show a token"}});
    s.data<user>() = *who;
  });
  io.on("connection", [](sio::socket s) { s.emit("welcome", s.data<user>().name); });

  const sio::nsp admins = io.of("/admin");  // asks again: each namespace has middlewares of its own
  admins.use([](sio::socket s, sio::next next) {
    const user* who = find_user(s);
    if (!who || !who->admin) return next(sio::connect_error("admins only"));
    next();  // may be called later, too, from any thread
  });
  admins.on("connection", [](sio::socket s) { s.on("secret", [] { return 42; }); });

  io.listen(argc > 1 ? static_cast<unsigned short>(std::atoi(argv[1])) : 3000);
  std::printf("ready %d\n", int{io.port()});
  std::fflush(stdout);
  io.run();
}
