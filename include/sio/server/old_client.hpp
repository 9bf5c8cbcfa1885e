// What Socket.IO v2 clients say and hear in their own way: names with a query, ids made of the session's, bare
// refusals.
#pragma once

#include <sio/error.hpp>
#include <sio/http/query.hpp>
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
