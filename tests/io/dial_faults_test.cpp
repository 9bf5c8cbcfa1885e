// Steps of a dial in bad weather: every operation of the stream below goes wrong once, and each step still reports
// once.
#include <support/catch.hpp>

#include <sio/net/proxy_tunnel.hpp>
#include <sio/net/tls_handshake.hpp>
#include <support/scripted_stream.hpp>

#include <asio/io_context.hpp>

#if defined(SIO_WITH_TLS)
#include <sio/net/tls_context.hpp>
#include <support/tls_options.hpp>
#endif

#include <memory>
#include <string>
#include <utility>

using scripted::fault;
using sio::net::dialled;

namespace {

// One step over a wire in memory, with its report.
struct stage {
  explicit stage(const fault& plan) : wire(std::make_shared<scripted::wire>(context, std::make_shared<fault>(plan))) {}

  std::unique_ptr<sio::net::stream> stream() { return std::make_unique<scripted::stream>(wire); }
  sio::net::dial_step::report report() {
    return [this](dialled how) {
      ++reports;
      out = std::move(how);
    };
  }
  void turn() {
    context.restart();
    context.poll();
  }
  // The peer goes if nothing else happens; whatever happens, nothing is left.
  void finish(sio::net::dial_step& step) {
    if (reports == 0) wire->end(), turn();
    CHECK(reports == 1);
    CHECK((out.stream != nullptr) == out.error.empty());
    if (out.stream) out.stream->close();
    step.cancel();
    CHECK(wire->closed);
  }

  asio::io_context context;
  std::shared_ptr<sio::net::loop> loop = sio::net::loop::make(context.get_executor());
  std::shared_ptr<scripted::wire> wire;
  int reports = 0;
  dialled out;
};

// `act(plan)` plays one dial and tells how many operations it took; plays until none is left to go wrong.
template <class Act>
void with_every_fault(Act act) {
  for (const auto how : {fault::kind::breaks, fault::kind::would_block, fault::kind::is_short, fault::kind::ends}) {
    CAPTURE(static_cast<int>(how));
    for (std::size_t n = 0, done = 1; n < done; ++n) {
      CAPTURE(n);
      done = act(fault{how, n, 0});
    }
  }
}

}  // namespace

TEST_CASE("whichever operation below a tunnel goes wrong, it reports once") {
  with_every_fault([](const fault& plan) {
    stage s(plan);
    const auto step = std::make_shared<sio::net::proxy_tunnel>(
        s.loop, s.stream(), sio::http::proxy_address{"proxy", 3128, "a:b", {}}, "a.example:80", s.report());
    s.loop->run([&] { step->start(); });
    s.turn();
    s.wire->give("HTTP/1.1 200 ok\r\n\r\n");
    s.turn();
    s.finish(*step);
    if (plan.how == fault::kind::would_block || plan.how == fault::kind::is_short) CHECK(s.out.stream);
    return s.wire->fault->done;
  });
}

#if defined(SIO_WITH_TLS)

TEST_CASE("whichever operation below a handshake goes wrong, it reports once") {
  const certificates::pair own = certificates::make("a.example");
  const auto shown = std::make_shared<const sio::net::tls::context>(certificates::options_of(own));
  sio::client_tls_options o;
  o.system_ca = false;
  o.ca = own.chain_pem();
  const auto rules = std::make_shared<sio::net::tls::client_context>(o);
  with_every_fault([&](const fault& plan) {
    stage s(plan);
    const auto far_wire = std::make_shared<scripted::wire>(s.context, std::make_shared<fault>());
    sio::net::tls_stream server(std::make_unique<scripted::stream>(far_wire), s.loop, shown, [](auto&, auto&) {});
    const auto step =
        std::make_shared<sio::net::tls_handshake>(s.loop, s.stream(), *rules, "a.example", "a.example:443", s.report());
    s.loop->run([&] { step->start(); });
    for (int i = 0; i != 6; ++i) {
      s.turn();
      far_wire->give(std::exchange(s.wire->out, {}));
      char text[16];
      std::error_code ec;
      server.read_some(text, sizeof text, ec);
      s.wire->give(std::exchange(far_wire->out, {}));
    }
    s.turn();
    s.finish(*step);
    if (plan.how == fault::kind::would_block || plan.how == fault::kind::is_short) CHECK(s.out.stream);
    return s.wire->fault->done;
  });
}

#endif
