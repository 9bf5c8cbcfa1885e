// The namespaces of a server, by name.
#pragma once

#include <sio/server/log.hpp>
#include <sio/server/nsp.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

/// For any thread.
class namespaces {
 public:
  namespaces(std::shared_ptr<net::loop> l, std::shared_ptr<const srv::log> lg, std::shared_ptr<const srv::codec> c)
      : loop_(std::move(l)), log_(std::move(lg)), codec_(std::move(c)) {}

  /// The one of that name, made when first asked for.
  std::shared_ptr<nsp> of(std::string name) {
    if (name.empty() || name.front() != '/') name.insert(0, "/");
    const std::lock_guard<std::mutex> lock(mutex_);
    std::shared_ptr<nsp>& found = all_[name];
    if (!found) found = std::make_shared<nsp>(name, loop_, log_, codec_);
    return found;
  }

  /// The one of exactly that name, or null.
  std::shared_ptr<nsp> find(const std::string& name) const {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = all_.find(name);
    return found == all_.end() ? nullptr : found->second;
  }

  std::vector<std::shared_ptr<nsp>> all() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::vector<std::shared_ptr<nsp>> out;
    for (const auto& [name, n] : all_) out.push_back(n);
    return out;
  }

 private:
  std::shared_ptr<net::loop> loop_;
  std::shared_ptr<const srv::log> log_;
  std::shared_ptr<const srv::codec> codec_;
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<nsp>> all_;
};

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
