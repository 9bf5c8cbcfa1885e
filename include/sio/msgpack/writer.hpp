// Values as MessagePack, byte for byte as notepack.io writes them: the shortest integer, doubles, str, bin, array, map.
#pragma once

#include <sio/config.hpp>
#include <sio/unicode/utf8.hpp>
#include <sio/value.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace msgpack {

inline constexpr std::size_t max_written_depth = 1000;

namespace detail {

template <class Unsigned>
void append_big_endian(std::string& out, Unsigned n) {
  for (std::size_t i = sizeof n; i-- != 0;) out += static_cast<char>(n >> (8 * i) & 0xff);
}

template <class Unsigned>
void append_tagged(std::string& out, unsigned char tag, std::uint64_t n) {
  out += static_cast<char>(tag);
  append_big_endian(out, static_cast<Unsigned>(n));
}

inline void write_unsigned(std::string& out, std::uint64_t n) {
  if (n < 0x80) return out += static_cast<char>(n), void();
  if (n <= 0xff) return append_tagged<std::uint8_t>(out, 0xcc, n);
  if (n <= 0xffff) return append_tagged<std::uint16_t>(out, 0xcd, n);
  if (n <= 0xffff'ffff) return append_tagged<std::uint32_t>(out, 0xce, n);
  append_tagged<std::uint64_t>(out, 0xcf, n);
}

inline void write_integer(std::string& out, std::int64_t n) {
  const auto bits = static_cast<std::uint64_t>(n);
  if (n >= 0) return write_unsigned(out, bits);
  if (n >= -0x20) return out += static_cast<char>(n), void();
  if (n >= INT8_MIN) return append_tagged<std::uint8_t>(out, 0xd0, bits);
  if (n >= INT16_MIN) return append_tagged<std::uint16_t>(out, 0xd1, bits);
  if (n >= INT32_MIN) return append_tagged<std::uint32_t>(out, 0xd2, bits);
  append_tagged<std::uint64_t>(out, 0xd3, bits);
}

// JS has one kind of number: what is whole goes as an integer. notepack writes nonsense for those past 64 bits.
inline void write_number(std::string& out, double d) {
  constexpr double two_63 = 9223372036854775808.0, two_64 = 2 * two_63;
  const bool whole = std::floor(d) == d;
  if (whole && d >= -two_63 && d < two_63) return write_integer(out, static_cast<std::int64_t>(d));
  if (whole && d >= two_63 && d < two_64) return write_unsigned(out, static_cast<std::uint64_t>(d));
  std::uint64_t bits = 0x7ff8'0000'0000'0000;  // the one NaN of JS
  if (d == d) std::memcpy(&bits, &d, sizeof bits);
  append_tagged<std::uint64_t>(out, 0xcb, bits);
}

// The tags of one kind of thing with a length: inside the tag, in one byte, in two, in four; 0: not for this kind.
struct length_tags {
  unsigned char inside, limit, one, two, four;
};
inline constexpr length_tags str_tags{0xa0, 0x20, 0xd9, 0xda, 0xdb};
inline constexpr length_tags bin_tags{0, 0, 0xc4, 0xc5, 0xc6};
inline constexpr length_tags array_tags{0x90, 0x10, 0, 0xdc, 0xdd};
inline constexpr length_tags map_tags{0x80, 0x10, 0, 0xde, 0xdf};

inline void write_length(std::string& out, const length_tags& tags, std::size_t n) {
  if (n < tags.limit) return out += static_cast<char>(tags.inside | n), void();
  if (n <= 0xff && tags.one) return append_tagged<std::uint8_t>(out, tags.one, n);
  if (n <= 0xffff) return append_tagged<std::uint16_t>(out, tags.two, n);
  if (n > 0xffff'ffff) throw std::length_error("sio: a text, binary, list or object too long for MessagePack");
  append_tagged<std::uint32_t>(out, tags.four, n);
}

}  // namespace detail

/// A str; of text that is no UTF-8 the wrong bytes become U+FFFD.
inline void write_string(std::string& out, std::string_view text) {
  if (!unicode::is_utf8(text)) return write_string(out, unicode::to_valid_utf8(text));
  detail::write_length(out, detail::str_tags, text.size());
  out += text;
}

/// Appends `v` to `out`. Throws `std::length_error` for a value deeper than `max_written_depth`, or with a part longer
/// than 2^32 - 1; `out` then ends somewhere inside it.
inline void write(std::string& out, const value& v, std::size_t depth = 0) {
  if (depth > max_written_depth) throw std::length_error("sio: a value nests deeper than 1000 levels");
  switch (v.type()) {
    case value::kind::null: out += '\xc0'; return;
    case value::kind::boolean: out += *v.if_bool() ? '\xc3' : '\xc2'; return;
    case value::kind::integer: return detail::write_integer(out, *v.if_integer());
    case value::kind::number: return detail::write_number(out, *v.if_number());
    case value::kind::string: return write_string(out, *v.if_string());
    case value::kind::binary:
      detail::write_length(out, detail::bin_tags, v.if_binary()->size());
      out += v.if_binary()->view();
      return;
    case value::kind::array:
      detail::write_length(out, detail::array_tags, v.if_array()->size());
      for (const value& element : *v.if_array()) write(out, element, depth + 1);
      return;
    case value::kind::object:
      detail::write_length(out, detail::map_tags, v.if_object()->size());
      for (const object::member& m : *v.if_object()) write_string(out, m.first), write(out, m.second, depth + 1);
      return;
  }
}

}  // namespace msgpack
}  // namespace SIO_ABI
}  // namespace sio
