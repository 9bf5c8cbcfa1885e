// What Socket.IO v2 clients say and hear in their own way: names with a query, the session's id, bare refusals.
#pragma once

#include <sio/eio/packet.hpp>
#include <sio/error.hpp>
#include <sio/http/query.hpp>
#include <sio/parser/encoder.hpp>
#include <sio/parser/packet.hpp>
#include <sio/value.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace srv {
namespace old_client {

/// Takes the query off a namespace's name, and makes it what a CONNECT carries: 40/admin?token=abc,
inline void split_name(parser::packet& p) {
  p.nsp.resize(std::min(p.nsp.size(), p.nsp.find('#')));
  const std::size_t end = std::min(p.nsp.size(), p.nsp.find('?'));
  if (p.type == parser::packet_type::connect) {
    std::vector<object::member> auth;
    const std::string_view query = end == p.nsp.size() ? std::string_view() : std::string_view(p.nsp).substr(end + 1);
    for (const auto& [name, text] : http::parse_query(query)) auth.push_back({name, text});
    p.data = object::from_members(std::move(auth));
  }
  p.nsp.resize(end);
}

/// Its id in the main namespace is the session's: `/admin#<sid>` in another one.
inline std::string socket_id(const std::string& nsp, const std::string& sid) {
  return nsp == "/" ? sid : nsp + '#' + sid;
}

/// What a socket that was let in hears: an old client knows its id. 40/admin,
template <class Audience, class Link, class Recoverable>
parser::encoded welcome(const Audience& where, const Link& to, const std::string& id, const Recoverable* r) {
  if (to.protocol() == eio::protocol::v3)
    return where.codec().encode(packet_type::connect, where.nsp(), std::nullopt, std::nullopt);
  return where.codec().connect(where.nsp(), id, r ? r->pid() : std::string());
}

// What `if (data)` means in JS.
inline bool says_something(const value& data) {
  if (const bool* flag = data.if_bool()) return *flag;
  if (const std::string* text = data.if_string()) return !text->empty();
  if (const auto number = data.if_number()) return *number != 0 && *number == *number;
  return !data.is_null();
}

/// What a middleware's refusal is to it: 44/admin,"not authorized"
inline value refusal(const connect_error& why) {
  return why.data() && says_something(*why.data()) ? *why.data() : value(why.message());
}

}  // namespace old_client
}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
