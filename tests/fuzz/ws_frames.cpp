// Any bytes as frames, to both roles: cuts change nothing, the fast path agrees with hybi13, limits hold.
#include <sio/ws/frame.hpp>
#include <sio/ws/reader.hpp>

#include <support/frames.hpp>
#include <websocketpp/utf8_validator.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using frames::story;
using sio::ws::limits;
using sio::ws::role;

void expect(bool held) {
  if (!held) std::abort();
}

/// hybi13 as it comes. It refuses less than ours, so all that we tell it must tell too.
struct stock : websocketpp::processor::hybi13<sio::ws::detail::codec_config> {
  stock(role me, const limits& bounds)
      : hybi13(false, me == role::server, std::make_shared<sio::ws::detail::codec_config::con_msg_manager_type>(),
               sio::ws::detail::unused_rng) {
    set_max_message_size(bounds.max_message);
  }

  std::vector<std::string> read(std::string wire) {
    std::vector<std::string> out;
    std::error_code ec;
    for (std::size_t at = 0; at < wire.size();) {
      at += consume(reinterpret_cast<std::uint8_t*>(&wire[at]), wire.size() - at, ec);
      if (ec) break;
      if (const auto message = get_message()) out.push_back(message->get_payload());
    }
    return out;
  }
};

/// "text hello" -> "hello"; of a close only that it is there.
void expect_same(const std::string& ours, const std::string& theirs) {
  if (ours.compare(0, 6, "close ") == 0) return;
  expect(ours.substr(ours.find(' ') + 1) == theirs);
}

void compare_with_stock(role me, const limits& bounds, const std::string& wire, const story& ours) {
  std::vector<std::string> theirs;
  try {
    theirs = stock(me, bounds).read(wire);
  } catch (const std::length_error&) {  // it reserved the sum of two lengths that overflowed
    return;
  }
  expect(theirs.size() >= ours.events.size());
  for (std::size_t i = 0; i != ours.events.size(); ++i) expect_same(ours.events[i], theirs[i]);
}

void check_event(const limits& bounds, const std::string& event) {
  const std::string kind = event.substr(0, event.find(' '));
  const std::string payload = event.substr(kind.size() + 1);
  if (kind == "text") expect(websocketpp::utf8_validator::validate(payload));
  if (kind == "text" || kind == "binary") return expect(payload.size() <= bounds.max_message);
  expect(payload.size() <= 128);
  if (kind == "close") expect(websocketpp::utf8_validator::validate(payload));
}

/// What was read can be written for the other end, and reads the same there.
void check_round_trip(role me, const limits& bounds, const std::string& event) {
  if (event.compare(0, 5, "text ") != 0) return;
  std::string wire;
  const auto key = sio::ws::mask_key{event.back(), 'k', '\0', '\x7f'};
  sio::ws::append_frame(wire, sio::ws::opcode::text, event.substr(5),
                        me == role::server ? std::optional(key) : std::nullopt);
  expect(frames::read(me, bounds, wire).events == std::vector<std::string>{event});
}

void check(role me, const limits& bounds, const std::string& wire, const std::vector<std::size_t>& cuts) {
  const story whole = frames::read(me, bounds, wire);
  expect(frames::read(me, bounds, wire, cuts) == whole);
  expect(frames::read(me, bounds, wire, {1}) == whole);  // never whole in the buffer: hybi13 alone
  compare_with_stock(me, bounds, wire, whole);
  for (const auto& event : whole.events) {
    check_event(bounds, event);
    check_round_trip(me, bounds, event);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 4) return 0;
  const limits bounds{data[0] % 2 ? 70'000u : 130u, data[0] % 4 < 2 ? 4u : 16'384u};
  const std::vector<std::size_t> cuts{data[1] + 1u, data[2] % 16 + 1u, data[3] + 1u};
  const std::string wire(reinterpret_cast<const char*>(data) + 4, size - 4);
  check(role::server, bounds, wire, cuts);
  check(role::client, bounds, wire, cuts);
  return 0;
}
