// sio listen: events, one per line.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>

#include "inbox.hpp"
#include "invocation.hpp"
#include "printer.hpp"
#include "setup.hpp"

namespace tool {

inline int run_listen(const invocation& i, printer& out) {
  inbox ends;
  std::size_t shown = 0;
  const sio::client io(url_of(i), options_of(i, std::chrono::milliseconds(0)));
  watch_failures(io, out, ends, i.reconnect);
  io.on_any([&](std::string event, sio::array arguments, sio::ack asks) {
    const bool wanted = i.events.empty() || std::find(i.events.begin(), i.events.end(), event) != i.events.end();
    if (!wanted || (i.count != 0 && shown == i.count)) return;
    out.event(event, arguments, static_cast<bool>(asks));
    if (++shown == i.count) ends.end(success);
  });
  io.on("connect", [&](sio::client me) { out.state("connected", {{"id", me.id()}}); });
  io.on("disconnect", [&](std::string reason) {
    out.state("disconnected", {{"reason", reason}});
    if (reason == "io server disconnect") ends.end(refused);
    if (!i.reconnect) ends.end(network);
  });
  io.connect();
  return ends.wait_for_end(i.timeout, timed_out);
}

}  // namespace tool
