// Bodies of metrics.hpp.
#pragma once

#include <sio/metrics.hpp>

#include <initializer_list>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace detail {

//   # HELP sio_upgrades_total From polling to WebSocket.
//   # TYPE sio_upgrades_total counter
//   sio_upgrades_total 12
class prometheus_text {
 public:
  void family(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    out_.append("# HELP ").append(name).append(" ").append(help).append("\n");
    out_.append("# TYPE ").append(name).append(" ").append(type).append("\n");
  }
  void sample(const std::string& number) { out_.append(name_).append(" ").append(number).append("\n"); }
  void sample(std::string_view label, std::string_view text, const std::string& number) {
    out_.append(name_).append("{").append(label).append("=\"");
    append_escaped(text);
    out_.append("\"} ").append(number).append("\n");
  }
  std::string take() { return std::move(out_); }

 private:
  void append_escaped(std::string_view text) {
    for (const char c : text) {
      if (c == '\\' || c == '"') out_ += '\\';
      c == '\n' ? out_.append("\\n") : out_.append(1, c);
    }
  }

  std::string out_, name_;
};

inline std::string in_seconds(std::chrono::microseconds time) {
  const std::string whole = std::to_string(time.count() / 1'000'000);
  const std::string part = std::to_string(1'000'000 + time.count() % 1'000'000);
  return whole + "." + part.substr(1);
}

inline void append_gauges(prometheus_text& out, const metrics& m) {
  const auto gauge = [&](std::string_view name, std::string_view help, const std::string& number) {
    out.family(name, "gauge", help);
    out.sample(number);
  };
  gauge("sio_streams", "Open connections, whatever they carry.", std::to_string(m.streams));
  out.family("sio_sessions", "gauge", "Clients by what carries them.");
  out.sample("transport", "polling", std::to_string(m.polling_sessions));
  out.sample("transport", "websocket", std::to_string(m.websocket_sessions));
  out.family("sio_sockets", "gauge", "Sockets by namespace.");
  for (const auto& n : m.namespaces) out.sample("namespace", n.name, std::to_string(n.sockets));
  out.family("sio_rooms", "gauge", "Rooms by namespace, each socket's own among them.");
  for (const auto& n : m.namespaces) out.sample("namespace", n.name, std::to_string(n.rooms));
  gauge("sio_acks_pending", "Questions to clients that are not answered yet.", std::to_string(m.acks_pending));
  gauge("sio_buffered_bytes", "Bytes that wait for all clients together.", std::to_string(m.buffered_bytes));
  gauge("sio_loop_lag_seconds", "How late the last probe of the event loop came.", in_seconds(m.loop_lag));
  gauge("sio_loop_lag_max_seconds", "How late the latest probe of the event loop came.", in_seconds(m.loop_lag_max));
}

inline void append_counters(prometheus_text& out, const metrics& m) {
  const auto counter = [&](std::string_view name, std::string_view help, std::uint64_t number) {
    out.family(name, "counter", help);
    out.sample(std::to_string(number));
  };
  counter("sio_streams_accepted_total", "Connections taken.", m.streams_accepted);
  counter("sio_sessions_opened_total", "Clients that came.", m.sessions_opened);
  counter("sio_sessions_closed_total", "Clients that went.", m.sessions_closed);
  counter("sio_upgrades_total", "Clients that went from polling to WebSocket.", m.upgrades);
  counter("sio_packets_in_total", "Engine.IO packets from clients.", m.packets_in);
  counter("sio_packets_out_total", "Engine.IO packets to clients.", m.packets_out);
  counter("sio_bytes_in_total", "Bytes of those packets from clients.", m.bytes_in);
  counter("sio_bytes_out_total", "Bytes of those packets to clients.", m.bytes_out);
  counter("sio_events_in_total", "Events from clients.", m.events_in);
  counter("sio_handler_errors_total", "Handlers that threw, or that the arguments did not fit.", m.handler_errors);
  counter("sio_acks_timed_out_total", "Questions to clients that were not answered in time.", m.acks_timed_out);
  counter("sio_volatile_dropped_total", "Volatile events that could not leave at once.", m.volatile_dropped);
  out.family("sio_refusals_total", "counter", "Peers, requests and packets turned away, by cause.");
  for (std::size_t i = 0; i != refusal_causes; ++i)
    out.sample("cause", to_string(static_cast<refusal>(i)), std::to_string(m.refusals[i]));
}

}  // namespace detail

SIO_DECL std::string_view to_string(refusal cause) noexcept {
  static constexpr std::string_view names[] = {"unknown_transport",
                                               "unknown_sid",
                                               "bad_handshake_method",
                                               "bad_request",
                                               "forbidden",
                                               "unsupported_version",
                                               "bad_http",
                                               "bad_tls",
                                               "bad_websocket",
                                               "bad_packet",
                                               "invalid_namespace",
                                               "middleware",
                                               "too_many_connections",
                                               "too_fast",
                                               "slow_reader"};
  static_assert(sizeof names / sizeof names[0] == refusal_causes, "each cause has a name");
  const auto at = static_cast<std::size_t>(cause);
  return at < refusal_causes ? names[at] : std::string_view("unknown");
}

SIO_DECL std::string to_prometheus(const metrics& m) {
  detail::prometheus_text out;
  detail::append_gauges(out, m);
  detail::append_counters(out, m);
  return out.take();
}

}  // namespace SIO_ABI
}  // namespace sio
