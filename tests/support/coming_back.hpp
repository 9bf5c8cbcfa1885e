// A server whose clients may come back, and raw clients that do.
#pragma once

#include <support/catch.hpp>
#include <support/raw_client.hpp>
#include <support/served.hpp>

#include <atomic>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coming_back {

using served::eventually;
using served::quiet;

inline sio::server_options recovering() {
  auto o = quiet();
  o.connection_state_recovery = sio::recovery_options{};
  return o;
}

inline std::string between(std::string_view text, std::string_view begin) {
  const std::size_t at = text.find(begin);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + begin.size());
  return std::string(text.substr(0, text.find('"')));
}

/// A raw client in a namespace, and what it would say to come back.
struct member {
  raw::client wire;
  std::string sid, pid, offset;
  std::vector<std::string> missed;  // before the answer to its CONNECT

  explicit member(unsigned short port, const std::string& auth = {}, const std::string& nsp = {})
      : wire(raw::open_websocket(port)) {
    wire.send_text("40" + nsp + auth);
    std::string text = next();
    for (; !text.empty() && text.substr(0, 2) != "40" && text.substr(0, 2) != "44"; text = next())
      missed.push_back(text);
    sid = between(text, "\"sid\":\""), pid = between(text, "\"pid\":\"");
  }
  /// The next text; events lose their offset, which is kept.
  std::string next() {
    std::string text = wire.read_text();
    const std::size_t end = text.rfind(",\"");
    if (text.substr(0, 2) != "42" && text.substr(0, 2) != "45") return text;
    if (end == std::string::npos || text.size() - end != 13) return text;
    offset = text.substr(end + 2, 9);
    return text.erase(end, 12);
  }
  std::string claim() const { return "{\"pid\":\"" + pid + "\",\"offset\":\"" + offset + "\"}"; }
  void ask(const std::string& event) { wire.send_text("42[\"" + event + "\"]"); }
};

struct app {
  std::atomic<int> here{0}, gone{0}, recovered{0};
  served::notes said;
  unsigned short port;
  served::own_loop own;
  std::optional<sio::server>& io = own.io;

  explicit app(sio::server_options o = recovering()) : own(std::move(o)) {
    io->on("connection", [this](sio::socket s) {
      if (s.recovered()) ++recovered;
      ++here;
      s.on("disconnect", [this](sio::reason why) { said.add(std::string(to_string(why))), ++gone; });
      s.on("join", [s] { s.join("room"), s.emit("joined"); });
      s.on("count", [s] { s.emit("counted", ++s.data<int>()); });
      s.on("rooms", [s] { s.emit("rooms", s.rooms().size()); });
      s.on("hello", [s] { s.emit("hello"); });
    });
    port = own.start();
  }
  /// Cuts the line, and waits until the server has noticed.
  void lose(member& m) {
    const int before = gone;
    m.wire.reset();
    REQUIRE(eventually([&] { return gone == before + 1; }));
  }
};

}  // namespace coming_back
