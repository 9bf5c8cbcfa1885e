// sio emit: one event, and perhaps its acknowledgement.
#pragma once

#include <chrono>

#include "inbox.hpp"
#include "invocation.hpp"
#include "printer.hpp"
#include "setup.hpp"

namespace tool {

inline int run_emit(const invocation& i, printer& out) {
  const std::chrono::milliseconds patience = i.timeout.value_or(std::chrono::seconds(10));
  inbox ends;
  const sio::client io(url_of(i), options_of(i, patience));
  watch_failures(io, out, ends, false);
  const auto answered = [&](sio::error_code ec, const sio::array& answer) {
    if (!ec) out.values(answer);
    if (ec == sio::errc::disconnected) out.state("disconnected");
    if (ec != sio::errc::timed_out) ends.end(ec ? network : success);
  };
  io.on("connect", [&](sio::client me) {
    if (i.ack) return me.emit_array(i.event, i.arguments, answered);
    me.emit_array(i.event, i.arguments);
    ends.end(success);
  });
  io.connect();
  const auto begin = inbox::clock::now();
  int code = ends.wait_for_end(patience, timed_out);
  if (code == success && !i.ack && !let_it_arrive(io, begin + patience)) code = timed_out;
  if (code == timed_out) out.state("timeout", {{"seconds", std::chrono::duration<double>(patience).count()}});
  return code;
}

}  // namespace tool
