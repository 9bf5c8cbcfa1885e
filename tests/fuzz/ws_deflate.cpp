// Compressed bytes, wrong or right: inflating stays within its limit, cuts change nothing, and what is compressed comes
// back the same, for each window, with context and without.
#include <sio/ws/frame.hpp>
#include <sio/ws/reader.hpp>

#include <support/frames.hpp>
#include <support/fuzz_cuts.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#if defined(SIO_WITH_DEFLATE)

namespace {

using sio::ws::deflate_terms;
using sio::ws::deflater;
using sio::ws::inflater;
using sio::ws::limits;
using sio::ws::role;
using test::require;

constexpr std::size_t limit = 70'000;

struct result {
  inflater::outcome how = inflater::outcome::fine;
  std::string text;
};

bool operator==(const result& a, const result& b) {
  return a.how == b.how && (a.how != inflater::outcome::fine || a.text == b.text);
}

/// In pieces that the input chooses; whole without `cuts`.
result inflate(inflater& z, std::string_view wire, test::cuts* cuts) {
  result out;
  while (!wire.empty() && out.how == inflater::outcome::fine) {
    const std::size_t size = cuts ? cuts->next(wire.size()) : wire.size();
    out.how = z.append(wire.substr(0, size), out.text, limit);
    wire.remove_prefix(size);
  }
  if (out.how == inflater::outcome::fine) out.how = z.finish(out.text, limit);
  require(out.text.size() <= limit + 8 * 1024);
  return out;
}

// The widest window: in a narrower one zlib takes what reaches back too far, if one step put it out.
void check_inflating(const test::cuts& input) {
  inflater whole(15, true), cut(15, true);
  test::cuts cuts = input;
  for (int again = 0; again != 2; ++again) {
    const result a = inflate(whole, input.rest(), nullptr), b = inflate(cut, input.rest(), &cuts);
    require(a == b);
    if (a.how != inflater::outcome::fine) return;
  }
}

void check_round_trip(const test::cuts& input, unsigned choice) {
  const int bits = 8 + static_cast<int>(choice % 8);
  const bool keeps = choice / 8 % 2 != 0;
  deflater out(bits, keeps, {static_cast<int>(choice / 16 % 10), 1 + static_cast<int>(choice / 32 % 8)});
  inflater in(bits, keeps);
  test::cuts cuts = input;
  for (int again = 0; again != 3; ++again)
    require(inflate(in, out.compress(input.rest()), &cuts) ==
            result{inflater::outcome::fine, std::string(input.rest())});
}

/// As frames of a client: the first is compressed, its fragments are cut by the input.
void check_reader(const test::cuts& input, unsigned choice) {
  const limits bounds{limit, 16'384};
  const deflate_terms agreed{false, choice % 2 != 0, 15, 15};
  test::cuts cuts = input;
  std::string wire;
  std::string_view rest = input.rest();
  for (unsigned first = choice % 4 < 2 ? 0x41u : 0x42u; !rest.empty(); first = 0x00) {
    const std::size_t size = cuts.next(rest.size());
    wire += frames::masked(first, rest.substr(0, size));
    rest.remove_prefix(size);
  }
  wire += frames::masked(wire.empty() ? 0xc1u : 0x80u, "");
  wire += wire;
  const auto whole = frames::read(role::server, bounds, wire, {std::string::npos}, agreed);
  require(frames::read(role::server, bounds, wire, {1}, agreed) == whole);
  for (const std::string& event : whole.events) require(event.size() <= limit + 7);
}

/// Any bytes as frames, to an end that has agreed to compression.
void check_frames(const test::cuts& input, unsigned choice) {
  const limits bounds{limit, 16'384};
  const std::string wire(input.rest());
  for (const role me : {role::server, role::client}) {
    const deflate_terms agreed{choice % 2 != 0, choice % 2 != 0, 15, 15};
    const auto whole = frames::read(me, bounds, wire, {std::string::npos}, agreed);
    require(frames::read(me, bounds, wire, {1 + choice % 7}, agreed) == whole);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const test::cuts input(data + 1, size - 1);
  check_inflating(input);
  check_round_trip(input, data[0]);
  check_reader(input, data[0]);
  check_frames(input, data[0]);
  return 0;
}

#else

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t*, std::size_t) { return 0; }

#endif
