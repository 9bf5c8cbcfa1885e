// Dials of a test: a loop turned by hand, and servers that say nothing or take nobody.
#pragma once

#include <sio/net/dialer.hpp>

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>

#include <sys/socket.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace test {

using tcp = asio::ip::tcp;

/// Not what the machine of the test has set.
inline sio::net::dialer_options without_proxy() {
  sio::net::dialer_options o;
  o.proxy.from_environment = false;
  return o;
}

inline sio::net::dialer_options by_proxy(const std::string& url) {
  sio::net::dialer_options o = without_proxy();
  o.proxy.url = url;
  return o;
}

inline sio::net::destination at(unsigned short port, std::string host = "127.0.0.1") {
  return {std::move(host), port, false, {}};
}

inline std::string text(unsigned short port) { return std::to_string(port); }

struct dials {
  explicit dials(sio::net::dialer_options options = without_proxy())
      : context(std::make_unique<asio::io_context>()), loop(sio::net::loop::make(context->get_executor())),
        dialer(std::make_shared<sio::net::dialer>(loop, std::move(options))) {}

  std::shared_ptr<sio::net::dialing> start(sio::net::destination to) {
    return dialer->dial(std::move(to), [this](sio::net::dialled how) { out = std::move(how); });
  }
  /// Turns the loop until then; false if that takes too long.
  template <class Condition>
  bool turn_until(Condition condition) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > until) return false;
      context->restart();
      context->run_one_for(std::chrono::milliseconds(20));
    }
    return true;
  }
  /// How a dial comes out: the peer's address, or the sentence.
  std::string dial(sio::net::destination to) {
    out.reset();
    start(std::move(to));
    if (out) return "called back at once";
    if (!turn_until([&] { return out.has_value(); })) return "never called back";
    return out->stream ? out->stream->remote_address() : out->error;
  }
  /// What the stream brings, so many bytes, or until its end.
  std::string read(std::size_t size) {
    std::string all;
    turn_until([&] {
      char byte;
      std::error_code ec;
      while (all.size() != size && !ec) all.append(&byte, out->stream->read_some(&byte, 1, ec));
      return all.size() == size || !sio::net::is_blocked(ec);
    });
    return all;
  }
  void write(const std::string& text) {
    const asio::const_buffer part = asio::buffer(text);
    std::error_code ec;
    out->stream->write_some(&part, 1, ec);
  }

  std::unique_ptr<asio::io_context> context;
  std::shared_ptr<sio::net::loop> loop;
  std::shared_ptr<sio::net::dialer> dialer;
  std::optional<sio::net::dialled> out;
};

/// A port where connections wait to be accepted.
struct quiet_port {
  explicit quiet_port(const asio::ip::address& at = asio::ip::address_v4::loopback())
      : acceptor(context, tcp::endpoint(at, 0)), peer(context), port(acceptor.local_endpoint().port()) {
    acceptor.non_blocking(true);
  }
  /// Whether a client came and said something.
  bool heard() {
    std::error_code ec;
    if (!peer.is_open()) acceptor.accept(peer, ec);
    return peer.is_open() && peer.available(ec) != 0;
  }

  asio::io_context context;
  tcp::acceptor acceptor;
  tcp::socket peer;
  unsigned short port;
};

/// A port whose queue is full: whoever connects there waits for ever.
struct full_port {
  full_port() : acceptor(context, tcp::v4()) {
    acceptor.bind({asio::ip::address_v4::loopback(), 0});
    acceptor.listen(0);
    port = acceptor.local_endpoint().port();
    for (int i = 0; i != 4; ++i) {
      queue.emplace_back(context, tcp::v4());
      queue.back().non_blocking(true);
      const auto to = acceptor.local_endpoint();
      ::connect(queue.back().native_handle(), to.data(), static_cast<socklen_t>(to.size()));  // Asio's would wait
    }
  }

  asio::io_context context;
  tcp::acceptor acceptor;
  std::vector<tcp::socket> queue;
  unsigned short port = 0;
};

/// A port where nobody listens.
inline unsigned short closed_port() { return quiet_port().port; }

}  // namespace test
