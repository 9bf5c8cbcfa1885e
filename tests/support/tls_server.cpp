// What the tests with TLS clients talk to: `tls_server DIRECTORY [none|optional|required] PORT` with the certificates
// of that directory, on a TLS port and at the path sio.sock. SIGHUP reads the certificates again.
#include <sio/sio.hpp>

#include <support/test_server.hpp>

#include <asio/signal_set.hpp>

#include <csignal>
#include <cstdio>
#include <stdexcept>
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

  test::server_host host;
  asio::signal_set renews(host.loop, SIGHUP);
  sio::server io(host.loop.get_executor());
  io.on("connection", [](sio::socket s) {
    const sio::handshake& h = s.handshake();
    s.emit("hello", h.secure, h.client_certificate ? h.client_certificate->common_name : "", h.address);
    s.on("echo", [](sio::value v) { return v; });
  });
  io.on_request("/", [](const sio::request&) {
    return sio::response{
        200, {{"Content-Type", "text/html"}}, "<!doctype html><script src=/socket.io/socket.io.js></script>"};
  });
  renews.async_wait([&](sio::error_code ec, int) {
    if (!ec) io.reload_tls(), std::puts("renewed"), std::fflush(stdout);
  });
  io.listen("127.0.0.1", port, tls);
  io.listen_unix(file("sio.sock"));
  host.run(io, [&renews] { renews.cancel(); });
}

}  // namespace

int main(int argc, char** argv) {
  return test::run_program("tls_server", [&] {
    if (argc < 4) throw std::runtime_error("tls_server DIRECTORY none|optional|required PORT");
    serve(argv[1], argv[2], test::port_of(argc, argv));
  });
}
