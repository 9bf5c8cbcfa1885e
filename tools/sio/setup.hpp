// A client as the command line wants it, and what is told of its connection.
#pragma once

#include <sio/client.hpp>
#include <sio/manager.hpp>
#include <sio/parser.hpp>

#include <asio/post.hpp>

#include <chrono>
#include <cstddef>
#include <future>
#include <string>
#include <thread>

#include "inbox.hpp"
#include "invocation.hpp"
#include "printer.hpp"

namespace tool {

/// With --namespace in the place of the path: http://host/chat?a=b -> http://host/admin?a=b
inline std::string url_of(const invocation& i) {
  if (i.nsp.empty()) return i.url;
  const std::size_t path = i.url.find_first_of("/?", i.url.find("://") + 3);
  const std::size_t query = i.url.find('?', i.url.find("://") + 3);
  return i.url.substr(0, path) + i.nsp + (query == std::string::npos ? "" : i.url.substr(query));
}

inline sio::client_options options_of(const invocation& i, std::chrono::milliseconds linger) {
  sio::client_options o;
  if (!i.path.empty()) o.path = i.path;
  for (const auto& [name, text] : i.query) o.query.push_back({name, text});
  for (const auto& [name, text] : i.headers) o.extra_headers.set(name, text);
  if (i.auth) o.auth = *i.auth;
  if (!i.transports.empty()) o.transports.clear();
  for (const std::string& name : i.transports)
    o.transports.push_back(name == "polling" ? sio::transport::polling : sio::transport::websocket);
  if (i.msgpack) o.parser = sio::msgpack_parser();
  if (!i.proxy.empty()) o.proxy.url = i.proxy;
  o.tls.ca_file = i.ca_file;
  o.tls.certificate.chain_file = i.certificate_file;
  o.tls.certificate.key_file = i.key_file;
  o.tls.insecure = i.insecure;
  o.reconnection = i.reconnect && i.command != emitting;
  o.linger = linger;
  return o;
}

/// Tells of each failure; one that is final ends the program: a refusal, or any if nobody tries again.
inline void watch_failures(const sio::client& io, printer& out, inbox& ends, bool again) {
  io.manager().on("error", [&out](std::string, sio::value why) {
    if (why.is_string()) out.note(*why.if_string());
  });
  io.on("connect_error", [&out, &ends, again](sio::client me, std::string message, sio::value data) {
    const bool by_server = !me.active();
    sio::object more{{"message", message}};
    if (!data.is_null()) more.set("data", data);
    out.state(by_server ? "refused" : "no connection", more);
    if (by_server || !again) ends.end(by_server ? refused : network);
  });
}

/// Waits until all that was emitted has left, and then a little: official servers forget the events that they read
/// together with a farewell. False if it took too long.
inline bool let_it_arrive(const sio::client& io, inbox::clock::time_point deadline) {
  using namespace std::chrono_literals;
  const sio::manager connection = io.manager();
  for (std::size_t left = 1; left != 0;) {
    if (inbox::clock::now() > deadline) return false;
    std::promise<std::size_t> bytes;
    asio::post(io.get_executor(), [&] { bytes.set_value(connection.buffered_bytes()); });
    left = bytes.get_future().get();
    std::this_thread::sleep_for(left == 0 ? 100ms : 5ms);
  }
  return true;
}

}  // namespace tool
