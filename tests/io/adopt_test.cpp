// Connections that the host accepts: sockets of any executor, TLS of its own, streams of its own.
#include <sio/stream.hpp>
#include <support/catch.hpp>
#include <support/early_request.hpp>
#include <support/raw_client.hpp>
#include <support/served.hpp>

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/local/connect_pair.hpp>
#include <asio/post.hpp>
#include <asio/read.hpp>
#include <asio/strand.hpp>

#if defined(SIO_WITH_TLS)
#include <asio/ssl.hpp>
#include <support/tls_client.hpp>
#endif

#include <atomic>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

using asio::ip::tcp;
using namespace early_request;
using namespace std::chrono_literals;

namespace {

// A stream of a host's own: all that it shares with Asio's is how it reads and writes.
class counted {
 public:
  using executor_type = tcp::socket::executor_type;
  counted(tcp::socket s, std::shared_ptr<std::atomic<int>> reads) : socket_(std::move(s)), reads_(std::move(reads)) {}
  executor_type get_executor() { return socket_.get_executor(); }
  template <class Buffers, class Token>
  auto async_read_some(const Buffers& to, Token&& token) {
    ++*reads_;
    return socket_.async_read_some(to, std::forward<Token>(token));
  }
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& from, Token&& token) {
    return socket_.async_write_some(from, std::forward<Token>(token));
  }
  void close() { socket_.close(); }

 private:
  tcp::socket socket_;
  std::shared_ptr<std::atomic<int>> reads_;
};

// Both ends of a connection: the host's on that context, and a client's.
std::pair<tcp::socket, raw::client> connect(asio::io_context& context) {
  tcp::acceptor acceptor(context, {asio::ip::make_address("127.0.0.1"), 0});
  raw::client client(acceptor.local_endpoint().port());
  return {acceptor.accept(), std::move(client)};
}

}  // namespace

TEST_CASE("a host's socket is served with the bytes that the host has read") {
  served::host h;
  served::notes seen;
  sio::server io(h.context.get_executor(), served::quiet());
  answer(io, seen);
  auto [socket, client] = connect(h.context);
  io.adopt(std::move(socket), early);
  try_out(client);
  CHECK(served::eventually([&] { return seen.size() == 2; }));
  CHECK(seen.all().front() == "127.0.0.1");
}

TEST_CASE("a socket of another context is served as well") {
  served::host h;
  served::notes seen;
  served::own_loop x;
  answer(*x.io, seen);
  x.start();
  auto [socket, client] = connect(h.context);
  x.io->adopt(std::move(socket), early);
  try_out(client);
}

TEST_CASE("a local socket is served, and its client has no address") {
  served::host h;
  served::notes seen;
  sio::server io(h.context.get_executor(), served::quiet());
  answer(io, seen);
  asio::local::stream_protocol::socket ours(h.context), theirs(h.context);
  asio::local::connect_pair(ours, theirs);
  raw::client client = raw::client::over(theirs.release());
  io.adopt(std::move(ours), early);
  try_out(client);
  CHECK(served::eventually([&] { return seen.size() == 2; }));
  CHECK(seen.all().front().empty());
}

TEST_CASE("any stream that reads and writes as Asio's do is served") {
  served::host h;
  served::notes seen;
  sio::server io(h.context.get_executor(), served::quiet());
  answer(io, seen);
  const auto reads = std::make_shared<std::atomic<int>>(0);
  auto [socket, client] = connect(h.context);
  io.adopt(counted(std::move(socket), reads), early);
  try_out(client);
  CHECK(*reads > 1);
  CHECK(served::eventually([&] { return reads.use_count() == 1; }));
  auto [another, silent] = connect(h.context);
  io.adopt(counted(std::move(another), reads));
  io.close();
  CHECK(silent.ended());
  CHECK(served::eventually([&] { return reads.use_count() == 1; }));
}

#if defined(SIO_WITH_TLS)

TEST_CASE("TLS of the host's own is served as secure") {
  served::host h;
  served::notes seen;
  sio::server io(h.context.get_executor(), served::quiet());
  io.on("connection", [&seen](sio::socket s) {
    seen.add(s.handshake().address + (s.handshake().secure ? " secure" : " plain"));
    s.on("echo", [s](sio::value v) { s.emit("echo", std::move(v)); });
  });
  const certificates::pair own = certificates::make("host");
  asio::ssl::context tls(asio::ssl::context::tls_server);
  SSL_CTX_use_certificate(tls.native_handle(), own.certificate.get());
  SSL_CTX_use_PrivateKey(tls.native_handle(), own.key.get());
  tcp::acceptor acceptor(h.context, {asio::ip::make_address("127.0.0.1"), 0});
  std::thread accepts([&] {
    asio::ssl::stream<tcp::socket> stream(acceptor.accept(), tls);
    stream.handshake(asio::ssl::stream_base::server);
    std::string bytes(early.size(), ' ');
    asio::read(stream, asio::buffer(bytes));
    io.adopt(std::move(stream), bytes);
  });
  tls_test::client c(acceptor.local_endpoint().port());
  c.send(early);
  accepts.join();
  try_out(c);
  CHECK(c.engine().heard_goodbye());
  CHECK(seen.has("127.0.0.1 secure"));
}

#endif

TEST_CASE("a stream of another context is refused, unless it is a socket") {
  served::host h;
  served::own_loop x;
  auto [socket, client] = connect(h.context);
  counted foreign(std::move(socket), std::make_shared<std::atomic<int>>(0));
  CHECK_THROWS_AS(x.io->adopt(std::move(foreign)), std::invalid_argument);
}

TEST_CASE("what is adopted by a server that was closed is closed") {
  served::host h;
  sio::server io(h.context.get_executor(), served::quiet());
  std::promise<void> closed;
  io.close([&] { closed.set_value(); });
  closed.get_future().wait();
  auto [socket, client] = connect(h.context);
  io.adopt(std::move(socket), early);
  CHECK(client.ended());
}

TEST_CASE("a server wants what is below its path") {
  sio::server_options o = served::quiet();
  sio::server plain(o);
  CHECK(plain.wants("/socket.io/?EIO=4&transport=polling"));
  CHECK(plain.wants("/socket.io/socket.io.min.js"));
  CHECK_FALSE(plain.wants("/"));
  CHECK_FALSE(plain.wants("/socket.ioo/"));
  o.path = "/chat/";
  sio::server other(o);
  CHECK(other.wants("/chat/?EIO=4"));
  CHECK_FALSE(other.wants("/socket.io/"));
}

TEST_CASE("on a strand of many threads, adopted and accepted clients are served one at a time") {
  served::host h(4);
  const auto strand = asio::make_strand(h.context);
  sio::server io(strand, served::quiet());
  int inside = 0, served_events = 0;  // no lock: the strand keeps them
  io.on("connection", [&](sio::socket s) {
    s.on("echo", [&, s](sio::value v) {
      ++inside;
      ++served_events;
      s.emit("echo", std::move(v));
      CHECK(inside-- == 1);
    });
  });
  io.listen("127.0.0.1", 0);
  std::vector<std::thread> clients;
  std::atomic<int> echoes{0};
  const auto reads = std::make_shared<std::atomic<int>>(0);
  for (int i = 0; i != 6; ++i)
    clients.emplace_back([&, i] {
      raw::client c;
      if (i % 2 == 0) {
        c = raw::client(io.port());
        c.send(early);
      } else {
        auto made = connect(h.context);
        c = std::move(made.second);
        if (i % 3 == 0)
          io.adopt(std::move(made.first), early);
        else
          io.adopt(counted(tcp::socket(std::move(made.first)), reads), early);
      }
      c.read_answer();
      c.read_text();
      c.send_text("40");
      c.read_text();
      for (int n = 0; n != 50; ++n) {
        c.send_text("42[\"echo\",1]");
        if (c.read_text() == "42[\"echo\",1]") ++echoes;
      }
    });
  for (std::thread& t : clients) t.join();
  CHECK(echoes == 300);
  std::promise<void> closed;
  io.close([&] { closed.set_value(); });
  closed.get_future().wait();
  CHECK(served_events == 300);
}
