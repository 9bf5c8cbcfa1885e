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
  explicit namespaces(nsp_rules rules) : rules_(std::move(rules)) {}

  /// The one of that name, made when first asked for.
  std::shared_ptr<nsp> of(std::string name) {
    if (name.empty() || name.front() != '/') name.insert(0, "/");
    if (auto found = find(name)) return found;
    const auto made = std::make_shared<nsp>(name, rules_);  // not under the lock: it makes an adapter
    std::unique_lock<std::mutex> lock(mutex_);
    const auto [there, inserted] = all_.emplace(std::move(name), made);
    const std::shared_ptr<nsp> kept = there->second;
    lock.unlock();
    if (inserted && rules_.make_adapter) kept->begin();
    return kept;
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
  nsp_rules rules_;
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<nsp>> all_;
};

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
