// OpenSSL's way to the stream below: it reads and writes there directly, so that an idle connection holds no buffer.
#pragma once

#if defined(SIO_WITH_TLS)

#include <sio/net/stream.hpp>
#include <sio/net/tls_pem.hpp>

#include <new>
#include <system_error>

namespace sio {
inline namespace SIO_ABI {
namespace net {
namespace tls {

/// The stream below, and what its last operation said.
struct lower_end {
  net::stream& stream;
  std::error_code ec;

  static BIO* make_bio(lower_end* end) {
    BIO* const made = BIO_new(method());
    if (!made) throw std::bad_alloc();
    BIO_set_data(made, end);
    BIO_set_init(made, 1);
    return made;
  }

 private:
  static lower_end& of(BIO* bio) noexcept { return *static_cast<lower_end*>(BIO_get_data(bio)); }

  static int read(BIO* bio, char* data, int size) noexcept {
    lower_end& end = of(bio);
    BIO_clear_retry_flags(bio);
    const std::size_t n = end.stream.read_some(data, static_cast<std::size_t>(size), end.ec = {});
    if (n == 0 && is_blocked(end.ec)) BIO_set_retry_read(bio);
    return n != 0 ? static_cast<int>(n) : -1;
  }

  static int write(BIO* bio, const char* data, int size) noexcept {
    lower_end& end = of(bio);
    BIO_clear_retry_flags(bio);
    const asio::const_buffer part(data, static_cast<std::size_t>(size));
    const std::size_t n = end.stream.write_some(&part, 1, end.ec = {});
    if (n == 0 && is_blocked(end.ec)) BIO_set_retry_write(bio);
    return n != 0 ? static_cast<int>(n) : -1;
  }

  static long control(BIO*, int command, long, void*) noexcept { return command == BIO_CTRL_FLUSH ? 1 : 0; }

  static const BIO_METHOD* method() {
    static BIO_METHOD* const made = [] {
      BIO_METHOD* const m = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "sio stream");
      if (!m) throw std::bad_alloc();
      BIO_meth_set_read(m, &lower_end::read);
      BIO_meth_set_write(m, &lower_end::write);
      BIO_meth_set_ctrl(m, &lower_end::control);
      return m;
    }();
    return made;
  }
};

}  // namespace tls
}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio

#endif
