// MessagePack as a value: whole, bounded in depth, and nothing is allocated for lengths that are only announced.
#pragma once

#include <sio/calendar.hpp>
#include <sio/config.hpp>
#include <sio/unicode/utf8.hpp>
#include <sio/value.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace msgpack {

namespace detail {

// What one thing turned out to be; JS tells undefined from null.
enum class outcome : std::uint8_t { bad, undefined, fine };

class reader {
 public:
  reader(std::string_view bytes, std::size_t max_depth) : rest_(bytes), max_depth_(max_depth) {}

  bool at_end() const noexcept { return rest_.empty(); }
  outcome read(value& out);

 private:
  static constexpr std::size_t most_reserved = 64;  // of what is announced; the rest is believed when it has come

  bool take(std::size_t size, std::string_view& out) noexcept {
    if (size > rest_.size()) return false;
    out = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return true;
  }
  bool take_number(std::size_t size, std::uint64_t& out) noexcept {
    std::string_view bytes;
    if (!take(size, bytes)) return false;
    out = 0;
    for (const char c : bytes) out = out << 8 | static_cast<unsigned char>(c);
    return true;
  }
  // The tags of one kind follow each other: lengths of 1, 2 and 4 bytes.
  bool take_length(unsigned step, std::uint64_t& out) noexcept { return take_number(std::size_t{1} << step, out); }

  outcome read_tagged(unsigned char tag, value& out);
  outcome read_float(std::size_t size, value& out) noexcept;
  outcome read_unsigned(std::size_t size, value& out) noexcept;
  outcome read_signed(std::size_t size, value& out) noexcept;
  outcome read_string(std::uint64_t size, value& out);
  outcome read_binary(std::uint64_t size, value& out);
  outcome read_array(std::uint64_t size, value& out);
  outcome read_map(std::uint64_t size, value& out);
  outcome read_key(std::string& out);
  outcome read_extension(std::uint64_t size, bool fixed, value& out);

  std::string_view rest_;
  std::size_t max_depth_;
  std::size_t depth_ = 0;
};

inline outcome give(value& out, value v) noexcept { return out = std::move(v), outcome::fine; }

inline outcome reader::read(value& out) {
  std::uint64_t first;
  if (!take_number(1, first)) return outcome::bad;
  const auto tag = static_cast<unsigned char>(first);
  if (tag < 0x80) return give(out, tag);
  if (tag < 0x90) return read_map(tag & 0x0f, out);
  if (tag < 0xa0) return read_array(tag & 0x0f, out);
  if (tag < 0xc0) return read_string(tag & 0x1f, out);
  if (tag >= 0xe0) return give(out, static_cast<int>(tag) - 0x100);
  return read_tagged(tag, out);
}

inline outcome reader::read_tagged(unsigned char tag, value& out) {
  const unsigned step = tag;  // the first tag of its kind is taken off below
  std::uint64_t size = 0;
  if (tag == 0xc0) return give(out, nullptr);
  if (tag == 0xc1) return outcome::bad;
  if (tag <= 0xc3) return give(out, tag == 0xc3);
  if (tag <= 0xc6) return take_length(step - 0xc4, size) ? read_binary(size, out) : outcome::bad;
  if (tag <= 0xc9) return take_length(step - 0xc7, size) ? read_extension(size, false, out) : outcome::bad;
  if (tag <= 0xcb) return read_float(std::size_t{4} << (step - 0xca), out);
  if (tag <= 0xcf) return read_unsigned(std::size_t{1} << (step - 0xcc), out);
  if (tag <= 0xd3) return read_signed(std::size_t{1} << (step - 0xd0), out);
  if (tag <= 0xd8) return read_extension(std::uint64_t{1} << (step - 0xd4), true, out);
  if (tag <= 0xdb) return take_length(step - 0xd9, size) ? read_string(size, out) : outcome::bad;
  if (tag <= 0xdd) return take_length(step - 0xdc + 1, size) ? read_array(size, out) : outcome::bad;
  return take_length(step - 0xde + 1, size) ? read_map(size, out) : outcome::bad;
}

inline outcome reader::read_float(std::size_t size, value& out) noexcept {
  std::uint64_t bits;
  if (!take_number(size, bits)) return outcome::bad;
  if (size == 8) {
    double d;
    std::memcpy(&d, &bits, sizeof d);
    return give(out, d);
  }
  const auto half = static_cast<std::uint32_t>(bits);
  float f;
  std::memcpy(&f, &half, sizeof f);
  return give(out, f);
}

// What does not fit 64 signed bits becomes a double.
inline outcome reader::read_unsigned(std::size_t size, value& out) noexcept {
  std::uint64_t n;
  return take_number(size, n) ? give(out, n) : outcome::bad;
}

inline outcome reader::read_signed(std::size_t size, value& out) noexcept {
  std::uint64_t n;
  if (!take_number(size, n)) return outcome::bad;
  const std::uint64_t sign = std::uint64_t{1} << (8 * size - 1);
  return give(out, static_cast<std::int64_t>((n ^ sign) - sign));
}

// As in Node, wrong UTF-8 becomes U+FFFD.
inline outcome reader::read_string(std::uint64_t size, value& out) {
  std::string_view text;
  if (size > rest_.size() || !take(static_cast<std::size_t>(size), text)) return outcome::bad;
  return give(out, unicode::is_utf8(text) ? std::string(text) : unicode::to_valid_utf8(text));
}

inline outcome reader::read_binary(std::uint64_t size, value& out) {
  std::string_view bytes;
  if (size > rest_.size() || !take(static_cast<std::size_t>(size), bytes)) return outcome::bad;
  return give(out, bytes.empty() ? binary() : binary(bytes.data(), bytes.size()));
}

// An undefined element is null, as in JSON.
inline outcome reader::read_array(std::uint64_t size, value& out) {
  if (size > rest_.size() || ++depth_ > max_depth_) return outcome::bad;
  array elements;
  elements.reserve(std::min<std::size_t>(static_cast<std::size_t>(size), most_reserved));
  for (; size != 0; --size) {
    elements.emplace_back();
    if (read(elements.back()) == outcome::bad) return outcome::bad;
  }
  --depth_;
  return give(out, std::move(elements));
}

// An undefined member is left out, as in JSON.
inline outcome reader::read_map(std::uint64_t size, value& out) {
  if (size > rest_.size() / 2 || ++depth_ > max_depth_) return outcome::bad;
  std::vector<object::member> members;
  members.reserve(std::min<std::size_t>(static_cast<std::size_t>(size), most_reserved));
  for (; size != 0; --size) {
    object::member m;
    if (read_key(m.first) == outcome::bad) return outcome::bad;
    const outcome what = read(m.second);
    if (what == outcome::bad) return outcome::bad;
    if (what == outcome::fine) members.push_back(std::move(m));
  }
  --depth_;
  return give(out, object::from_members(std::move(members)));
}

// An integer is a name, too, as every key in JS is a text.
inline outcome reader::read_key(std::string& out) {
  value key;
  if (read(key) != outcome::fine) return outcome::bad;
  if (std::string* text = key.if_string()) return out = std::move(*text), outcome::fine;
  const std::int64_t* number = key.if_integer();
  return number ? (out = std::to_string(*number), outcome::fine) : outcome::bad;
}

inline std::int64_t signed_number(std::string_view bytes) noexcept {
  std::uint64_t n = 0;
  for (const char c : bytes) n = n << 8 | static_cast<unsigned char>(c);
  return static_cast<std::int64_t>(n);
}

// A point in time comes as the text that JSON has for it, or null if no JS Date holds it.
inline outcome give_time(value& out, std::int64_t ms) {
  const std::optional<std::string> text = calendar::to_iso(ms);
  return give(out, text ? value(*text) : value());
}

// MessagePack's own timestamp: seconds; 30 bits of nanoseconds, 34 of seconds; or both apart.
inline outcome give_timestamp(value& out, std::string_view bytes) {
  constexpr std::int64_t too_late = calendar::latest_ms / 1000 + 1;
  std::int64_t seconds = signed_number(bytes), nanoseconds = 0;
  if (bytes.size() == 8) {
    nanoseconds = static_cast<std::int64_t>(static_cast<std::uint64_t>(seconds) >> 34);
    seconds &= (std::int64_t{1} << 34) - 1;
  } else if (bytes.size() == 12) {
    nanoseconds = signed_number(bytes.substr(0, 4));
    seconds = signed_number(bytes.substr(4));
  }
  return give_time(out, std::clamp(seconds, -too_late, too_late) * 1000 + nanoseconds / 1'000'000);
}

// Of type 0, notepack's own: undefined, a Date, an ArrayBuffer. Others come as [type, binary], as notepack gives them.
inline outcome reader::read_extension(std::uint64_t size, bool fixed, value& out) {
  std::uint64_t type;
  std::string_view bytes;
  if (!take_number(1, type) || size > rest_.size() || !take(static_cast<std::size_t>(size), bytes)) return outcome::bad;
  if (type == 0 && fixed && size == 1) return out = value(), outcome::undefined;
  if (type == 0 && fixed && size == 8) return give_time(out, signed_number(bytes));
  if (type == 0 && !fixed) return give(out, binary(bytes.data(), bytes.size()));
  if (type == 0xff && (size == 4 || size == 8 || size == 12)) return give_timestamp(out, bytes);
  const auto number = static_cast<std::int64_t>(type ^ 0x80) - 0x80;
  return give(out, array{value(number), value(binary(bytes.data(), bytes.size()))});
}

}  // namespace detail

/// The one thing that `bytes` are, all of them; nothing if they are something else, or if its arrays and maps nest
/// deeper than `max_depth`.
inline std::optional<value> read(std::string_view bytes, std::size_t max_depth) {
  std::optional<value> out(std::in_place);
  detail::reader in(bytes, max_depth);
  if (in.read(*out) == detail::outcome::bad || !in.at_end()) out.reset();
  return out;
}

}  // namespace msgpack
}  // namespace SIO_ABI
}  // namespace sio
