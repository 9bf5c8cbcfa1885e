// An HTTP proxy of few words, on a thread of its own: it answers CONNECT as it is told, and carries bytes if it said
// yes.
#pragma once

#include <asio/buffer.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read_until.hpp>
#include <asio/write.hpp>

#include <poll.h>

#include <array>
#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace test {

class tiny_proxy {
 public:
  using tcp = asio::ip::tcp;

  static constexpr char yes[] = "HTTP/1.1 200 Connection established\r\n\r\n";

  /// After any answer but `yes` it closes. Whatever name is asked for, it reaches 127.0.0.1.
  explicit tiny_proxy(std::string answer = yes)
      : answer_(std::move(answer)), acceptor_(context_, {asio::ip::address_v4::loopback(), 0}),
        thread_([this] { work(); }) {}
  ~tiny_proxy() {
    over_ = true;
    std::error_code ignored;
    tcp::socket wake(context_);
    wake.connect(acceptor_.local_endpoint(), ignored);
    thread_.join();
  }

  unsigned short port() const { return acceptor_.local_endpoint().port(); }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port()); }
  /// The heads of all requests.
  std::vector<std::string> asked() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return asked_;
  }

 private:
  void work() {
    for (;;) {
      std::error_code ec;
      tcp::socket client = acceptor_.accept(ec);
      if (over_) return;
      if (!ec) serve(client, ec);
      if (!ec) client.shutdown(tcp::socket::shutdown_send, ec);
      for (char rest[1024]; !ec;) client.read_some(asio::buffer(rest), ec);
    }
  }

  void serve(tcp::socket& client, std::error_code& ec) {
    std::string head;
    asio::read_until(client, asio::dynamic_buffer(head), "\r\n\r\n", ec);
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      asked_.push_back(head);
    }
    if (ec || answer_ != yes) return static_cast<void>(asio::write(client, asio::buffer(answer_), ec));
    const std::string target = head.substr(8, head.find(" HTTP/") - 8);
    const auto port = static_cast<unsigned short>(std::stoi(target.substr(target.rfind(':') + 1)));
    tcp::socket server(context_);
    server.connect({asio::ip::address_v4::loopback(), port}, ec);
    if (!ec) asio::write(client, asio::buffer(answer_), ec);
    if (!ec) carry(client, server, ec);
  }

  void carry(tcp::socket& a, tcp::socket& b, std::error_code& ec) {
    while (!over_ && !ec) {
      std::array<pollfd, 2> both = {{{a.native_handle(), POLLIN, 0}, {b.native_handle(), POLLIN, 0}}};
      ::poll(both.data(), both.size(), 100);
      if (both[0].revents) pass(a, b, ec);
      if (both[1].revents && !ec) pass(b, a, ec);
    }
  }

  static void pass(tcp::socket& from, tcp::socket& to, std::error_code& ec) {
    char bytes[4096];
    const std::size_t n = from.read_some(asio::buffer(bytes), ec);
    if (!ec) asio::write(to, asio::buffer(bytes, n), ec);
  }

  std::string answer_;
  asio::io_context context_;
  tcp::acceptor acceptor_;
  mutable std::mutex mutex_;
  std::vector<std::string> asked_;
  std::atomic<bool> over_{false};
  std::thread thread_;
};

}  // namespace test
