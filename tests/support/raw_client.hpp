// A client of one TCP connection that blocks, with a deadline: HTTP by hand, then WebSocket frames by hand.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace raw {

/// What came back: `status` 0 means that the connection ended instead.
struct answer {
  int status = 0;
  std::string head, body;
};

struct frame {
  unsigned opcode = 0;
  std::string payload;
  bool compressed = false;
};

/// A frame from a client, masked with a key of zeros: its payload is readable.
inline std::string masked(unsigned opcode, std::string_view payload, bool compressed = false) {
  std::string out(1, static_cast<char>(0x80 | (compressed ? 0x40 : 0) | opcode));
  const std::size_t extra = payload.size() < 126 ? 0 : payload.size() < 65536 ? 2 : 8;
  out += static_cast<char>(0x80 | (extra == 0 ? payload.size() : extra == 2 ? 126 : 127));
  for (std::size_t i = extra; i-- != 0;) out += static_cast<char>(payload.size() >> (8 * i) & 0xff);
  return out.append(4, '\0').append(payload);
}

class client {
 public:
  static constexpr std::chrono::seconds patience{20};

  client() = default;
  explicit client(unsigned short port, int receive_buffer = 0) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    if (fd_ < 0) fail("socket");
    if (receive_buffer) ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) close(), fail("connect");
  }
  /// Over a descriptor that is connected already.
  static client over(int descriptor) {
    client made;
    made.fd_ = descriptor;
    return made;
  }
  client(client&& other) noexcept : fd_(std::exchange(other.fd_, -1)), in_(std::move(other.in_)) {}
  client& operator=(client&& other) noexcept {
    close();
    fd_ = std::exchange(other.fd_, -1);
    in_ = std::move(other.in_);
    return *this;
  }
  virtual ~client() { close(); }

  void close() noexcept {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }
  /// Closes with a reset instead of an end.
  void reset() noexcept {
    const linger now{1, 0};
    if (fd_ >= 0) ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close();
  }
  /// Sends no more, but still reads.
  void end_output() noexcept { ::shutdown(fd_, SHUT_WR); }

  /// False if the peer takes nothing any more, for so long.
  bool send(std::string_view bytes, std::chrono::milliseconds most = patience) {
    while (!bytes.empty()) {
      if (!wait(POLLOUT, most)) return false;
      const ssize_t n = put(bytes.data(), bytes.size());
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }

  /// Whether the peer ended the connection; what it says before is dropped.
  bool ended() {
    while (more()) in_.clear();
    return over_;
  }

  // ---- HTTP

  answer get(const std::string& target, const std::string& fields = {}) {
    send("GET " + target + " HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n");
    return read_answer();
  }
  answer post(const std::string& target, const std::string& body) {
    send("POST " + target + " HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain;charset=UTF-8\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body);
    return read_answer();
  }
  answer read_answer() {
    answer out;
    std::size_t end;
    while ((end = in_.find("\r\n\r\n")) == std::string::npos)
      if (!more()) return out;
    out.head = in_.substr(0, end + 2);
    in_.erase(0, end + 4);
    const std::size_t length = out.head.find("\r\nContent-Length: ");
    const std::size_t size = length == std::string::npos ? 0 : std::stoul(out.head.substr(length + 18));
    while (in_.size() < size)
      if (!more()) return out;
    out.body = in_.substr(0, size);
    in_.erase(0, size);
    out.status = std::stoi(out.head.substr(9, 3));
    return out;
  }

  // ---- WebSocket

  answer upgrade(const std::string& target, const std::string& fields = {}) {
    return get(target,
               "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
                   fields);
  }
  bool send_text(std::string_view text) { return send(masked(1, text)); }
  bool send_close() { return send(masked(8, {})); }
  /// The next frame; opcode 8 also when the connection ended without one.
  frame read_frame() {
    if (!at_least(2)) return {8, {}};
    const auto byte = [this](std::size_t i) { return static_cast<std::uint64_t>(static_cast<unsigned char>(in_[i])); };
    std::size_t header = 2;
    std::uint64_t size = byte(1) & 0x7f;
    const std::size_t extra = size == 126 ? 2 : size == 127 ? 8 : 0;
    if (!at_least(header + extra)) return {8, {}};
    if (extra) size = 0;
    for (std::size_t i = 0; i != extra; ++i) size = size << 8 | byte(header++);
    if (!at_least(header + size)) return {8, {}};
    frame out{static_cast<unsigned>(byte(0) & 0x0f), in_.substr(header, size), (byte(0) & 0x40) != 0};
    in_.erase(0, header + size);
    return out;
  }
  /// The next text that is not an Engine.IO ping (which is answered); empty when the connection ended.
  std::string read_text() {
    for (;;) {
      frame f = read_frame();
      if (f.opcode == 8) return {};
      if (f.payload != "2") return std::move(f.payload);
      send_text("3");
    }
  }

 protected:
  // What lies below: another layer may come between.
  virtual ssize_t fetch(char* to, std::size_t size) {
    if (!wait(POLLIN, patience)) throw std::runtime_error("raw client: waited in vain");
    return ::recv(fd_, to, size, 0);
  }
  virtual ssize_t put(const char* from, std::size_t size) { return ::send(fd_, from, size, MSG_NOSIGNAL); }

 private:
  [[noreturn]] static void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

  bool wait(short what, std::chrono::milliseconds most) {
    if (fd_ < 0) return false;
    pollfd p{fd_, what, 0};
    return ::poll(&p, 1, static_cast<int>(most.count())) != 0;
  }
  bool more() {
    if (over_ || fd_ < 0) return false;
    char buffer[65536];
    const ssize_t n = fetch(buffer, sizeof buffer);
    if (n <= 0) return over_ = true, false;
    in_.append(buffer, static_cast<std::size_t>(n));
    return true;
  }
  bool at_least(std::size_t size) {
    while (in_.size() < size)
      if (!more()) return false;
    return true;
  }

  int fd_ = -1;
  std::string in_;
  bool over_ = false;
};

inline const std::string path = "/socket.io/?EIO=4&transport=";

/// The text between `"sid":"` and the next quote.
inline std::string sid_of(std::string_view open) {
  const std::size_t begin = open.find("\"sid\":\"");
  if (begin == std::string_view::npos) return {};
  open.remove_prefix(begin + 7);
  return std::string(open.substr(0, open.find('"')));
}

/// A WebSocket whose session is open, in no namespace yet.
inline client open_websocket(unsigned short port, int receive_buffer = 0) {
  client c(port, receive_buffer);
  if (c.upgrade(path + "websocket").status != 101 || c.read_text().substr(0, 1) != "0")
    throw std::runtime_error("raw client: no WebSocket");
  return c;
}

/// A WebSocket in the namespace "/".
inline client join_by_websocket(unsigned short port, int receive_buffer = 0) {
  client c = open_websocket(port, receive_buffer);
  c.send_text("40");
  if (c.read_text().substr(0, 2) != "40") throw std::runtime_error("raw client: not let in");
  return c;
}

/// Opens a session by polling; its sid.
inline std::string open_by_polling(client& c) { return sid_of(c.get(path + "polling").body); }

}  // namespace raw
