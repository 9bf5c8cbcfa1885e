// What turns the plain streams of a listener into TLS streams; its certificates may be renewed while it works.
#pragma once

#include <sio/net/loop.hpp>
#include <sio/net/stream.hpp>
#include <sio/tls.hpp>

#if defined(SIO_WITH_TLS)
#include <sio/net/tls_context.hpp>
#include <sio/net/tls_stream.hpp>
#endif

#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace net {

#if defined(SIO_WITH_TLS)

class tls_gate {
 public:
  using context = std::shared_ptr<const tls::context>;

  /// Throws std::invalid_argument with a sentence for what cannot be.
  tls_gate(tls_options options, std::function<void(const std::string&)> report)
      : options_(std::move(options)),
        failed_([report = std::move(report)](const std::string& peer, const std::string& why) {
          report("TLS handshake with " + peer + " failed: " + why);
        }),
        context_(prepare(options_)) {}

  /// What the files say now.
  static context prepare(const tls_options& options) { return std::make_shared<const tls::context>(options); }
  tls_options options() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return options_;
  }
  /// From now on new connections see these; those that exist go on with theirs. From any thread.
  void renew(tls_options options, context prepared) {
    const std::lock_guard<std::mutex> lock(mutex_);
    options_ = std::move(options);
    context_.swap(prepared);
  }

  std::unique_ptr<stream> pass(std::unique_ptr<stream> s, const std::shared_ptr<loop>& l) const {
    return std::make_unique<tls_stream>(std::move(s), l, now(), failed_);
  }

 private:
  context now() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return context_;
  }

  mutable std::mutex mutex_;
  tls_options options_;
  tls_stream::report failed_;
  context context_;
};

#else

/// This build has no TLS, and says so.
class tls_gate {
 public:
  struct context {};

  tls_gate(const tls_options& options, const std::function<void(const std::string&)>&) { prepare(options); }
  static context prepare(const tls_options&) {
    throw std::invalid_argument("sio: this build has no TLS: build it with SIO_WITH_TLS and OpenSSL");
  }
  tls_options options() const { return {}; }
  void renew(const tls_options&, context) {}
  std::unique_ptr<stream> pass(std::unique_ptr<stream> s, const std::shared_ptr<loop>&) const { return s; }
};

#endif

}  // namespace net
}  // namespace SIO_ABI
}  // namespace sio
