// A stream in memory: a test gives the bytes of the peer, sees what is written, and lets any operation fail.
#pragma once

#include <sio/net/stream.hpp>

#include <asio/error.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace scripted {

/// Which operation of all streams that share it goes wrong, and how.
struct fault {
  enum class kind { breaks, would_block, is_short, ends };
  static constexpr std::size_t never = std::numeric_limits<std::size_t>::max();

  kind how = kind::breaks;
  std::size_t at = never;
  std::size_t done = 0;

  bool now() { return done++ == at; }
};

/// One connection, as both ends see it. It outlives its stream.
struct wire {
  wire(asio::io_context& c, std::shared_ptr<scripted::fault> f) : context(c), fault(std::move(f)) {}

  using owner = sio::net::stream::owner;

  void give(std::string_view bytes) {
    in.append(bytes);
    tell_reader();
  }
  void end() {
    in_ended = true;
    tell_reader();
  }
  void tell_reader() {
    if (reader && (!in.empty() || in_ended || broken)) tell(std::exchange(reader, nullptr), true, {});
  }
  /// Never at once: as a reactor does.
  void tell(std::shared_ptr<owner> who, bool readable, const std::error_code& ec) {
    asio::post(context,
               [who = std::move(who), readable, ec] { readable ? who->on_readable(ec) : who->on_writable(ec); });
  }

  asio::io_context& context;
  std::shared_ptr<scripted::fault> fault;
  std::string in, out;
  std::shared_ptr<owner> reader, writer;
  bool in_ended = false, out_ended = false, broken = false, closed = false;
  bool full = false;  ///< the peer reads nothing any more
};

class stream final : public sio::net::stream {
 public:
  explicit stream(std::shared_ptr<scripted::wire> w) : wire_(std::move(w)) {}
  ~stream() override { close(); }

  std::size_t read_some(char* data, std::size_t size, std::error_code& ec) override {
    if (goes_wrong(ec)) return 0;
    if (wire_->in.empty()) return ec = wire_->in_ended ? asio::error::make_error_code(asio::error::eof) : blocked(), 0;
    const std::size_t n = std::min(size, wire_->in.size());
    std::memcpy(data, wire_->in.data(), n);
    wire_->in.erase(0, n);
    return n;
  }

  std::size_t write_some(const asio::const_buffer* parts, std::size_t count, std::error_code& ec) override {
    const bool is_short = wire_->fault->how == fault::kind::is_short && wire_->fault->done == wire_->fault->at;
    if (goes_wrong(ec)) return 0;
    if (wire_->full) return ec = blocked(), 0;
    std::size_t n = 0;
    for (std::size_t i = 0; i != count && !(is_short && n != 0); ++i) {
      const std::string_view part(static_cast<const char*>(parts[i].data()), parts[i].size());
      wire_->out.append(part.substr(0, is_short ? 1 : part.size()));
      n += is_short ? std::min<std::size_t>(1, part.size()) : part.size();
    }
    return n;
  }

  void wait_readable(std::shared_ptr<owner> who) override {
    std::error_code ec;
    const bool wrong = goes_wrong(ec);
    if (wrong || !wire_->in.empty() || wire_->in_ended) return wire_->tell(std::move(who), true, spurious(ec));
    wire_->reader = std::move(who);
  }

  void wait_writable(std::shared_ptr<owner> who) override {
    std::error_code ec;
    const bool wrong = goes_wrong(ec);
    if (wire_->full && !wrong) return void(wire_->writer = std::move(who));
    wire_->tell(std::move(who), false, spurious(ec));
  }

  void end_output() noexcept override { wire_->out_ended = true; }

  void close() noexcept override {
    wire_->closed = true;
    if (wire_->reader) wire_->tell(std::exchange(wire_->reader, nullptr), true, asio::error::operation_aborted);
    if (wire_->writer) wire_->tell(std::exchange(wire_->writer, nullptr), false, asio::error::operation_aborted);
  }

  std::string remote_address() const override { return "10.0.0.1"; }

 private:
  static std::error_code blocked() { return asio::error::would_block; }
  // A wait that "would block" is one that rings for nothing.
  static std::error_code spurious(const std::error_code& ec) { return ec == blocked() ? std::error_code() : ec; }

  bool goes_wrong(std::error_code& ec) {
    if (wire_->broken) return ec = asio::error::connection_reset, true;
    if (!wire_->fault->now()) return false;
    switch (wire_->fault->how) {
      case fault::kind::breaks: wire_->broken = true; return ec = asio::error::connection_reset, true;
      case fault::kind::would_block: return ec = blocked(), true;
      case fault::kind::ends: wire_->in.clear(), wire_->in_ended = true; return false;
      case fault::kind::is_short: return false;
    }
    return false;
  }

  std::shared_ptr<scripted::wire> wire_;
};

}  // namespace scripted
