// The options, with what they do and how --help explains them: one table for both.
#pragma once

#include <sio/json/reader.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "invocation.hpp"
#include "words.hpp"

namespace tool {

struct option {
  std::string_view name;
  std::string_view operand;  ///< empty: it stands alone
  unsigned commands;
  std::string_view help;
  void (*apply)(invocation& i, const std::string& operand);
};

namespace detail {

inline std::size_t to_count(const std::string& option, const std::string& text) {
  const std::optional<sio::value> v = sio::json::parse(text);
  if (!v || !v->is_integer() || *v->if_integer() < 0) throw usage_error(option + " wants a number, not " + text);
  return static_cast<std::size_t>(*v->if_integer());
}

inline std::chrono::milliseconds to_seconds(const std::string& text) {
  const std::optional<sio::value> v = sio::json::parse(text);
  const double seconds = v && v->is_number() ? *v->if_number() : 0;
  if (!(seconds > 0 && seconds < 1e6)) throw usage_error("--timeout wants seconds, such as 2.5, not " + text);
  return std::chrono::milliseconds(static_cast<long long>(seconds * 1000));
}

inline std::pair<std::string, std::string> halves(const std::string& option, const std::string& text, char between,
                                                  const char* example) {
  const std::size_t at = text.find(between);
  if (at == 0 || at == std::string::npos) throw usage_error(option + " wants " + example + ", not " + text);
  const std::size_t second = text.find_first_not_of(' ', at + 1);
  return {text.substr(0, at), second == std::string::npos ? "" : text.substr(second)};
}

inline void add_transports(invocation& i, const std::string& text) {
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    const std::string name = text.substr(at, end - at);
    if (name != "polling" && name != "websocket")
      throw usage_error("--transport wants polling or websocket, not " + name);
    i.transports.push_back(name);
    at = end + 1;
  }
}

}  // namespace detail

inline const std::vector<option>& all_options() {
  using text = const std::string&;
  static const std::vector<option> table{
      {"--ack", "", emitting, "wait for the server's acknowledgement, and print it",
       [](invocation& i, text) { i.ack = true; }},
      {"--event", "NAME", listening, "show only this event; may be given several times",
       [](invocation& i, text v) { i.events.push_back(v); }},
      {"--count", "N", listening, "end with success after so many events",
       [](invocation& i, text v) { i.count = detail::to_count("--count", v); }},
      {"--timeout", "SECONDS", emitting | listening,
       "end with 4 when this is over: emit waits 10 seconds at most unless told, listen for ever",
       [](invocation& i, text v) { i.timeout = detail::to_seconds(v); }},
      {"--json", "", every_command, "print one JSON object per line", [](invocation& i, text) { i.json = true; }},
      {"--namespace", "NSP", every_command, "join this namespace; without it, the one in the URL's path",
       [](invocation& i, text v) { i.nsp = v.rfind('/', 0) == 0 ? v : "/" + v; }},
      {"--auth", "JSON", every_command, "what the server's middlewares get to see: an object",
       [](invocation& i, text v) { i.auth = to_object("--auth", v); }},
      {"--query", "K=V", every_command, "add to the query of every request; may be given several times",
       [](invocation& i, text v) { i.query.push_back(detail::halves("--query", v, '=', "name=value")); }},
      {"--header", "\"K: V\"", every_command, "add to the header of every request; may be given several times",
       [](invocation& i, text v) { i.headers.push_back(detail::halves("--header", v, ':', "\"Name: value\"")); }},
      {"--transport", "LIST", every_command, "polling, websocket, or the order to try them in: polling,websocket",
       [](invocation& i, text v) { detail::add_transports(i, v); }},
      {"--path", "PATH", every_command, "where the server has Socket.IO; without it /socket.io/",
       [](invocation& i, text v) { i.path = v; }},
      {"--msgpack", "", every_command, "the server speaks MessagePack (socket.io-msgpack-parser)",
       [](invocation& i, text) { i.msgpack = true; }},
      {"--no-reconnect", "", connecting | listening, "end with 5 when the connection cannot be made, or is lost",
       [](invocation& i, text) { i.reconnect = false; }},
      {"--proxy", "URL", every_command, "go through this HTTP proxy; without it, what http_proxy … say",
       [](invocation& i, text v) { i.proxy = v; }},
      {"--ca", "FILE", every_command, "trust the certificates in this file (PEM)",
       [](invocation& i, text v) { i.ca_file = v; }},
      {"--cert", "FILE", every_command, "show the server this certificate (PEM); its key is in --key",
       [](invocation& i, text v) { i.certificate_file = v; }},
      {"--key", "FILE", every_command, "the certificate's key (PEM)", [](invocation& i, text v) { i.key_file = v; }},
      {"--insecure", "", every_command, "take any certificate: whoever is between can read and change everything",
       [](invocation& i, text) { i.insecure = true; }},
  };
  return table;
}

}  // namespace tool
