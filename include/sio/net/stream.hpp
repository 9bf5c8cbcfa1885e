// A byte stream as a connection sees it: non-blocking reads and writes, and waits for readiness.
#pragma once

#include <sio/config.hpp>
#include <sio/tls.hpp>

#include <asio/buffer.hpp>
#include <asio/error.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace net {

/// What a read or write says that has to wait.
inline bool is_blocked(const std::error_code& ec) noexcept {
  return ec == asio::error::would_block || ec == asio::error::try_again;
}

class stream {
 public:
  /// Whom a stream tells that it is ready; a wait keeps its owner alive.
  class owner {
   public:
    virtual ~owner() = default;
    virtual void on_readable(const std::error_code& ec) = 0;
    virtual void on_writable(const std::error_code& ec) = 0;
  };

  virtual ~stream() = default;

  /// Never blocks: `asio::error::would_block` when there is nothing; `asio::error::eof` at the end.
  virtual std::size_t read_some(char* data, std::size_t size, std::error_code& ec) = 0;
  /// One gathered write; never blocks.
  virtual std::size_t write_some(const asio::const_buffer* parts, std::size_t count, std::error_code& ec) = 0;
  virtual void wait_readable(std::shared_ptr<owner> who) = 0;
  virtual void wait_writable(std::shared_ptr<owner> who) = 0;
  /// Tells the peer that nothing more will come.
  virtual void end_output() noexcept = 0;
  virtual void close() noexcept = 0;

  virtual std::string remote_address() const = 0;
  virtual bool secure() const noexcept { return false; }
  /// Null if it gave none.
  virtual std::shared_ptr<const certificate> client_certificate() const { return nullptr; }

  /// Keeps `what` for as long as this stream is.
  void keep(std::shared_ptr<void> what) noexcept { kept_ = std::move(what); }

 private:
  std::shared_ptr<void> kept_;
};

}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio
