// A server with a parser of its own: its packets leave and come by it, and whatever it does wrong hurts nobody else.
#include <sio/json/reader.hpp>
#include <sio/json/writer.hpp>
#include <sio/sio.hpp>
#include <support/catch.hpp>
#include <support/raw_client.hpp>
#include <support/served.hpp>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using served::eventually;

namespace {

// !2|/admin|7|["name",1]: type, namespace, id and data; a binary as the last element follows in a message of its own.
class bars_decoder final : public sio::packet_decoder {
 public:
  std::optional<sio::packet> add(std::string_view text, bool is_binary, std::string& error) override {
    if (text == "!throw") throw std::runtime_error("thrown by the decoder");
    if (text == "!throw 7") throw 7;
    if (is_binary) return add_bytes(text);
    if (text.empty() || text[0] != '!') return error = "no bars", std::nullopt;
    sio::packet p;
    p.type = static_cast<sio::packet_type>(text[1] - '0');
    text.remove_prefix(3);
    p.nsp = std::string(take(text));
    if (const std::string_view id = take(text); !id.empty()) p.id = std::stoull(std::string(id));
    if (!text.empty()) p.data = sio::json::parse(text, 100);
    if (p.data && (*p.data)[0] == sio::value("bytes")) return waiting_ = std::move(p), std::nullopt;
    return p;
  }

 private:
  static std::string_view take(std::string_view& rest) {
    const std::size_t bar = rest.find('|');
    const std::string_view out = rest.substr(0, bar);
    rest.remove_prefix(bar + 1);
    return out;
  }
  std::optional<sio::packet> add_bytes(std::string_view bytes) {
    waiting_.data->if_array()->emplace_back(sio::binary(std::string(bytes)));
    return std::move(waiting_);
  }

  sio::packet waiting_;
};

class bars final : public sio::packet_parser {
 public:
  std::vector<sio::message> encode(const sio::packet& p) const override {
    std::string text = "!" + std::to_string(static_cast<int>(p.type)) + "|" + p.nsp + "|";
    if (p.id) text += std::to_string(*p.id);
    text += "|";
    std::optional<sio::value> data = p.data;
    std::optional<sio::binary> last;
    if (sio::array* all = data ? data->if_array() : nullptr; all && !all->empty()) {
      if (all->front() == sio::value("unspeakable")) throw std::runtime_error("I cannot say that");
      if (all->front() == sio::value("mute")) return {};
      if (const sio::binary* b = all->back().if_binary()) last = *b, all->pop_back();
    }
    if (data) sio::json::write(text, *data);
    if (last) return {std::move(text), *std::move(last)};
    return {std::move(text)};
  }
  std::unique_ptr<sio::packet_decoder> make_decoder(const sio::decoder_limits&) const override {
    return std::make_unique<bars_decoder>();
  }
};

struct broken final : sio::packet_parser {
  std::vector<sio::message> encode(const sio::packet&) const override { throw 7; }
  std::unique_ptr<sio::packet_decoder> make_decoder(const sio::decoder_limits&) const override {
    throw std::runtime_error("no decoder today");
  }
};

template <class Parser>
sio::server_options with(served::notes* log = nullptr) {
  sio::server_options o = served::quiet();
  o.parser = std::make_shared<const Parser>();
  o.min_log_level = sio::log_level::debug;
  if (log) o.log = [log](sio::log_level, std::string_view line) { log->add(std::string(line)); };
  return o;
}

raw::client join(unsigned short port) {
  raw::client c = raw::open_websocket(port);
  c.send_text("4!0|/||");
  CHECK(c.read_text().substr(0, 14) == "4!0|/||{\"sid\":");
  return c;
}

}  // namespace

TEST_CASE("a server speaks the format of its parser", "[parser]") {
  served::own_loop s(with<bars>());
  s.io->on("connection", [](sio::socket socket) {
    socket.on("sum", [](int a, int b) { return a + b; });
    socket.on("bytes", [socket](sio::binary b) { socket.emit("back", b.size(), b); });
    socket.on("ask", [socket] { socket.emit("question", [socket](sio::error_code, int n) { socket.emit("so", n); }); });
    socket.on("all", [socket] { socket.nsp().emit("everybody", 1); });
    socket.on("leave", [socket] { socket.disconnect(); });
  });
  raw::client c = join(s.start());
  c.send_text("4!2|/|7|[\"sum\",1,2]");
  CHECK(c.read_text() == "4!3|/|7|[3]");
  c.send_text("4!2|/||[\"bytes\"]");
  c.send(raw::masked(2, "abc"));
  CHECK(c.read_text() == "4!2|/||[\"back\",3]");
  CHECK(c.read_text() == "abc");
  c.send_text("4!2|/||[\"ask\"]");
  CHECK(c.read_text() == "4!2|/|0|[\"question\"]");
  c.send_text("4!3|/|0|[42]");
  CHECK(c.read_text() == "4!2|/||[\"so\",42]");
  c.send_text("4!2|/||[\"all\"]");
  CHECK(c.read_text() == "4!2|/||[\"everybody\",1]");
  c.send_text("4!0|/none||");
  CHECK(c.read_text() == "4!4|/none||{\"message\":\"Invalid namespace\"}");
  c.send_text("4!2|/||[\"leave\"]");
  CHECK(c.read_text() == "4!1|/||");
}

TEST_CASE("what a parser's decoder refuses or throws closes its connection only", "[parser]") {
  const auto [sent, heard] = GENERATE(table<std::string, std::string>({
      {"no", "no bars"},
      {"!throw", "thrown by the decoder"},
      {"!throw 7", "something that is no std::exception was thrown"},
      {"!2|/||[\"connect\"]", "invalid payload"},
      {"!2|/||{}", "invalid payload"},
      {"!3|/|1|7", "invalid payload"},
      {"!2|||[\"a\"]", "invalid namespace"},
      {"!9|/||", "invalid packet type"},
  }));
  served::own_loop s(with<bars>());
  served::notes errors;
  s.io->on("connection", [&](sio::socket socket) { socket.on("error", [&](std::string what) { errors.add(what); }); });
  const unsigned short port = s.start();
  raw::client other = join(port), c = join(port);
  c.send_text("4" + sent);
  CHECK(c.ended());
  CHECK(eventually([&, expected = heard] { return errors.has(expected); }));
  CHECK(errors.size() == 1);
  other.send_text("4!0|/none||");
  CHECK(other.read_text() == "4!4|/none||{\"message\":\"Invalid namespace\"}");
}

TEST_CASE("what a parser cannot encode is logged and dropped", "[parser]") {
  served::notes log;
  served::own_loop s(with<bars>(&log));
  s.io->on("connection", [](sio::socket socket) {
    socket.emit("unspeakable", 1);
    socket.nsp().emit("mute");
    socket.emit("spoken", 2);
  });
  raw::client c = join(s.start());
  CHECK(c.read_text() == "4!2|/||[\"spoken\",2]");
  CHECK(log.has("the parser could not encode a packet: I cannot say that"));
  CHECK(log.has("the parser could not encode a packet: it made no message"));
}

TEST_CASE("a parser that makes no decoder serves nobody, and the server lives", "[parser]") {
  served::notes log;
  served::own_loop s(with<broken>(&log));
  const unsigned short port = s.start();
  for (int i = 0; i != 2; ++i) {
    raw::client c = raw::open_websocket(port);
    c.send_text("40");
    CHECK(c.ended());
  }
  CHECK(log.has("a wrong packet: no decoder today"));
  s.io->emit("nobody hears");
}
