// A loop without a network, turned by hand, and a route whose connections are streams in memory.
#pragma once

#include <sio/net/route.hpp>
#include <support/scripted_stream.hpp>

#include <asio/error.hpp>
#include <asio/io_context.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace scripted {

class stage {
 public:
  explicit stage(fault how = {})
      : plan(std::make_shared<fault>(how)), loop(sio::net::loop::make(context.get_executor())) {}
  ~stage() { loop->abandon(); }

  /// Each dial brings a new wire, unless it `refuses`.
  sio::net::route route() {
    return [this](sio::net::dialing::report done) {
      loop->post([this, done = std::move(done)] {
        if (refuses) return done(sio::net::dialled::failed("cannot connect", asio::error::connection_refused));
        wires.push_back(std::make_shared<wire>(context, plan));
        done({std::make_unique<stream>(wires.back()), {}, {}});
      });
      return nullptr;
    };
  }

  void turn() {
    context.restart();
    context.poll();
  }
  /// On the loop, and then what follows from it.
  template <class F>
  void run(F f) {
    loop->run(std::move(f));
    turn();
  }
  /// The server's bytes, `piece` at a time.
  void give(std::size_t number, std::string_view bytes, std::size_t piece = std::string_view::npos) {
    for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
      wires.at(number)->give(bytes.substr(0, piece));
      turn();
    }
  }
  void end(std::size_t number) {
    wires.at(number)->end();
    turn();
  }
  void let_pass(std::chrono::milliseconds time) {
    loop->let_pass(time);
    turn();
  }
  /// What the client has sent there since the last look.
  std::string sent(std::size_t number) { return std::exchange(wires.at(number)->out, {}); }
  bool closed(std::size_t number) const { return wires.at(number)->closed; }
  bool all_closed() const {
    return std::all_of(wires.begin(), wires.end(), [](const auto& w) { return w->closed; });
  }

  asio::io_context context;
  std::shared_ptr<fault> plan;
  std::shared_ptr<sio::net::loop> loop;
  std::vector<std::shared_ptr<wire>> wires;
  bool refuses = false;
};

}  // namespace scripted
