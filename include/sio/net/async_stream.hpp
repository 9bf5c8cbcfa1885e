// A stream over anything that reads and writes as Asio's streams do: `asio::ssl::stream`, a proxy's, a test's.
#pragma once

#include <sio/net/socket_stream.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/bind_executor.hpp>
#include <asio/buffer.hpp>
#include <asio/error.hpp>
#include <asio/post.hpp>
#include <asio/write.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace net {

namespace detail {

template <class S, class = void>
inline constexpr bool has_lowest_layer = false;
template <class S>
inline constexpr bool has_lowest_layer<S, std::void_t<decltype(std::declval<S&>().lowest_layer().close())>> = true;

template <class S, class = void>
inline constexpr bool has_close = false;
template <class S>
inline constexpr bool has_close<S, std::void_t<decltype(std::declval<S&>().close())>> = true;

template <class S, class = void>
inline constexpr bool has_shutdown = false;
template <class S>
inline constexpr bool has_shutdown<
    S, std::void_t<decltype(std::declval<S&>().lowest_layer().shutdown(asio::socket_base::shutdown_send))>> = true;

// A TLS stream says goodbye before it ends.
template <class S, class = void>
inline constexpr bool is_tls = false;
template <class S>
inline constexpr bool is_tls<S, std::void_t<typename S::handshake_type>> = true;

template <class S, class = void>
inline constexpr bool has_address = false;
template <class S>
inline constexpr bool has_address<S, std::void_t<decltype(address_text(std::declval<S&>().lowest_layer()))>> = true;

}  // namespace detail

template <class S>
class async_stream final : public stream {
 public:
  async_stream(S s, asio::any_io_executor loop) : core_(std::make_shared<core>(std::move(s), std::move(loop))) {
    static_assert(detail::has_lowest_layer<S> || detail::has_close<S>,
                  "sio: a stream to adopt must have close() or lowest_layer().close()");
    if constexpr (detail::has_address<S>) address_ = address_text(core_->next.lowest_layer());
  }

  std::size_t read_some(char* data, std::size_t size, std::error_code& ec) override {
    return core_->take(data, size, ec);
  }
  std::size_t write_some(const asio::const_buffer* parts, std::size_t count, std::error_code& ec) override {
    return core_->give(parts, count, ec);
  }
  void wait_readable(std::shared_ptr<owner> who) override {
    if (core_->begin != core_->end || core_->read_error) return core_->soon([who] { who->on_readable({}); });
    core_->reader = std::move(who);
    if (!core_->reading) core_->read();
  }
  void wait_writable(std::shared_ptr<owner> who) override {
    if (!core_->writing) return core_->soon([who] { who->on_writable({}); });
    core_->writer = std::move(who);
  }
  void end_output() noexcept override { core_->end_output(); }
  void close() noexcept override { core_->close(); }

  std::string remote_address() const override { return address_; }
  bool secure() const noexcept override { return detail::is_tls<S>; }

 private:
  struct core;
  std::shared_ptr<core> core_;  // what is under way holds it as well
  std::string address_;
};

// ---- bodies

template <class S>
struct async_stream<S>::core : std::enable_shared_from_this<core> {
  static constexpr std::size_t most_read = 8 * 1024, most_written = 64 * 1024;

  core(S s, asio::any_io_executor l) : next(std::move(s)), loop(std::move(l)) {}

  template <class F>
  void soon(F f) {
    asio::post(loop, std::move(f));
  }

  void read() {
    reading = true;
    in.resize(most_read);
    next.async_read_some(asio::buffer(in),
                         asio::bind_executor(loop, [self = this->shared_from_this()](
                                                       std::error_code ec, std::size_t n) { self->has_read(ec, n); }));
  }

  void has_read(const std::error_code& ec, std::size_t n) {
    reading = false;
    begin = 0;
    end = n;
    if (n == 0) read_error = ec;
    if (const auto who = std::exchange(reader, nullptr)) who->on_readable({});
  }

  std::size_t take(char* data, std::size_t size, std::error_code& ec) {
    if (begin == end) return ec = read_error ? read_error : asio::error::would_block, 0;
    const std::size_t n = std::min(size, end - begin);
    std::copy_n(in.data() + begin, n, data);
    begin += n;
    return n;
  }

  // Bytes count as written once they are: until then the caller keeps them, and gives them again.
  std::size_t give(const asio::const_buffer* parts, std::size_t count, std::error_code& ec) {
    if (written != 0) return std::exchange(written, 0);
    if (write_error) return ec = write_error, 0;
    if (!writing) write(parts, count);
    return ec = asio::error::would_block, 0;
  }

  void write(const asio::const_buffer* parts, std::size_t count) {
    for (; count != 0 && out.size() != most_written; ++parts, --count)
      out.append(static_cast<const char*>(parts->data()), std::min(parts->size(), most_written - out.size()));
    writing = true;
    asio::async_write(
        next, asio::buffer(out),
        asio::bind_executor(loop, [self = this->shared_from_this()](const std::error_code& ec, std::size_t n) {
          self->has_written(ec, n);
        }));
  }

  void has_written(const std::error_code& ec, std::size_t n) {
    writing = false;
    written = n;
    write_error = ec;
    out = {};
    if (const auto who = std::exchange(writer, nullptr)) who->on_writable({});
  }

  void end_output() noexcept {
    std::error_code ignored;
    if constexpr (detail::is_tls<S>)
      next.async_shutdown(asio::bind_executor(loop, [self = this->shared_from_this()](const std::error_code&) {}));
    else if constexpr (detail::has_shutdown<S>)
      next.lowest_layer().shutdown(asio::socket_base::shutdown_send, ignored);
    else
      close_next();  // it cannot be half closed
  }

  void close() noexcept {
    reader = writer = nullptr;
    close_next();
  }

  void close_next() noexcept {
    try {
      if constexpr (detail::has_lowest_layer<S>)
        next.lowest_layer().close();
      else
        next.close();
    } catch (const std::exception&) {  // it is closed all the same
    }
  }

  S next;
  asio::any_io_executor loop;
  std::string in, out;
  std::size_t begin = 0, end = 0;  ///< what of `in` was read and not yet taken
  std::size_t written = 0;         ///< of what was given, and not yet reported
  std::error_code read_error, write_error;
  std::shared_ptr<owner> reader, writer;
  bool reading = false, writing = false;
};

}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio
