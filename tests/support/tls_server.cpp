// What the tests with TLS clients talk to: `tls_server DIRECTORY [none|optional|required] PORT` with the certificates
// of that directory, on a TLS port and at the path sio.sock. SIGHUP reads the certificates again.
#include <sio/sio.hpp>

#include <support/signals.hpp>

#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>

namespace {

using sio::client_certificates;

void serve(const std::string& directory, const std::string& ask, unsigned short port) {
  const auto file = [&](const char* name) { return directory + "/" + name; };
  sio::tls_options tls;
  tls.certificate.chain_file = file("localhost.pem");
  tls.certificate.key_file = file("localhost.key");
  tls.hosts = {{"*.example.com", {file("example.pem"), file("example.key"), {}, {}, {}}}};
  tls.ca_file = file("authority.pem");
  if (ask == "optional") tls.client_certificates = client_certificates::optional;
  if (ask == "required") tls.client_certificates = client_certificates::required;

  asio::io_context loop;
  asio::signal_set ends(loop, SIGTERM, SIGINT), renews(loop, SIGHUP);
  sio::server io(loop.get_executor());
  io.on("connection", [](sio::socket s) {
    const sio::handshake& h = s.handshake();
    s.emit("hello", h.secure, h.client_certificate ? h.client_certificate->common_name : "", h.address);
    s.on("echo", [](sio::value v) { return v; });
  });
  io.on_request("/", [](const sio::request&) {
    return sio::response{
        200, {{"Content-Type", "text/html"}}, "<!doctype html><script src=/socket.io/socket.io.js></script>"};
  });
  ends.async_wait([&](sio::error_code ec, int) {
    if (!ec) renews.cancel(), io.close();
  });
  renews.async_wait([&](sio::error_code ec, int) {
    if (!ec) io.reload_tls(), std::puts("renewed"), std::fflush(stdout);
  });
  io.listen("127.0.0.1", port, tls);
  io.listen_unix(file("sio.sock"));
  std::printf("ready %d\n", int{io.port()});
  std::fflush(stdout);
  loop.run();
  hold_signals();
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 4) throw std::runtime_error("tls_server DIRECTORY none|optional|required PORT");
  serve(argv[1], argv[2], static_cast<unsigned short>(std::atoi(argv[3])));
} catch (const std::exception& e) {
  std::fprintf(stderr, "tls_server: %s\n", e.what());
  return 1;
}
