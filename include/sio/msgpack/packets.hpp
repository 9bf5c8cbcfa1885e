// Packets as npm socket.io-msgpack-parser has them: a map in one binary message.  {"type":2,"nsp":"/","data":["hi"]}
#pragma once

#include <sio/config.hpp>
#include <sio/msgpack/reader.hpp>
#include <sio/msgpack/writer.hpp>
#include <sio/parser.hpp>
#include <sio/parser/packet.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace msgpack {

/// In the order of the JS encoder's vectors: type, nsp, data, id.
inline std::string encode(const packet& p) {
  std::string out;
  detail::write_length(out, detail::map_tags, 2u + (p.data ? 1u : 0u) + (p.id ? 1u : 0u));
  write_string(out, "type");
  detail::write_unsigned(out, static_cast<std::uint64_t>(parser::without_binary(p.type)));
  write_string(out, "nsp");
  write_string(out, p.nsp);
  if (p.data) write_string(out, "data"), write(out, *p.data);
  if (p.id) write_string(out, "id"), detail::write_unsigned(out, *p.id);
  return out;
}

namespace detail {

inline std::optional<std::int64_t> whole_number(const value& v, std::int64_t most) noexcept {
  const std::optional<double> d = v.if_number();
  if (!d || !(*d >= 0 && *d <= static_cast<double>(most)) || std::floor(*d) != *d) return std::nullopt;
  return static_cast<std::int64_t>(*d);
}

inline bool take_id(const value* from, packet& out) noexcept {
  if (!from) return true;
  const auto id = whole_number(*from, 9'007'199'254'740'991);  // 2^53 - 1: a JS number holds no larger one
  if (id) out.id = static_cast<std::uint64_t>(*id);
  return id.has_value();
}

// Only `connect` and `disconnect` can do without data. Unlike the JS decoder this one looks at an event's name.
inline bool take_data(value* from, packet& out) {
  if (!from) return out.type == packet_type::connect || out.type == packet_type::disconnect;
  if (!parser::fits(out.type, *from)) return false;
  out.data = std::move(*from);
  return true;
}

}  // namespace detail

/// The packet that these bytes are; otherwise `error` says why not, in the words of the JS decoder.
inline std::optional<packet> decode(std::string_view bytes, std::size_t max_depth, std::string& error) {
  const auto fail = [&](const char* why) { return error = why, std::nullopt; };
  std::optional<value> whole = read(bytes, max_depth + 1);  // the packet itself is a map
  if (!whole) return fail("Could not parse");
  object* o = whole->if_object();
  const value* type = o ? o->find("type") : nullptr;
  const auto digit = type ? detail::whole_number(*type, 4) : std::nullopt;
  if (!digit) return fail("invalid packet type");
  packet out;
  out.type = static_cast<packet_type>(*digit);
  value* nsp = o->find("nsp");
  if (!nsp || !nsp->is_string()) return fail("invalid namespace");
  out.nsp = std::move(*nsp->if_string());
  if (!detail::take_data(o->find("data"), out)) return fail("invalid payload");
  if (!detail::take_id(o->find("id"), out)) return fail("invalid packet id");
  return out;
}

class decoder final : public packet_decoder {
 public:
  explicit decoder(const decoder_limits& limits) : max_depth_(limits.max_json_depth) {}

  std::optional<packet> add(std::string_view message, bool is_binary, std::string& error) override {
    if (!is_binary) return error = "got text where MessagePack was expected", std::nullopt;
    return decode(message, max_depth_, error);
  }

 private:
  std::size_t max_depth_;
};

class packet_format final : public packet_parser {
 public:
  std::vector<message> encode(const packet& p) const override { return {message(binary(msgpack::encode(p)))}; }
  std::unique_ptr<packet_decoder> make_decoder(const decoder_limits& limits) const override {
    return std::make_unique<decoder>(limits);
  }
};

}  // namespace msgpack
}  // namespace SIO_ABI
}  // namespace sio
