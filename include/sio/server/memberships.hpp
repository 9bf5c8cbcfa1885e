// Which namespaces a client looks for, enters, and is in.
#pragma once

#include <sio/server/socket.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

class memberships {
 public:
  using sockets = std::map<std::string, std::shared_ptr<socket>>;  // by namespace

  bool has(const std::string& nsp) const {
    return joined_.count(nsp) + joining_.count(nsp) + searching_.count(nsp) != 0;
  }
  std::size_t size() const noexcept { return joined_.size() + joining_.size() + searching_.size(); }

  // ---- looking for a namespace that there was not

  /// A ticket for `found`.
  std::uint64_t search(const std::string& nsp) { return searching_[nsp] = ++last_ticket_; }
  /// False if that search was given up in the meantime.
  bool found(const std::string& nsp, std::uint64_t ticket) {
    const auto it = searching_.find(nsp);
    if (it == searching_.end() || it->second != ticket) return false;
    searching_.erase(it);
    return true;
  }
  /// Whether it was looked for.
  bool give_up(const std::string& nsp) { return searching_.erase(nsp) != 0; }

  // ---- entering

  /// Null while the session of the one that enters is looked for.
  void enter(const std::string& nsp, std::shared_ptr<socket> s) { joining_[nsp] = std::move(s); }
  bool enters(const std::string& nsp) const { return joining_.count(nsp) != 0; }
  bool enters(const std::string& nsp, const std::shared_ptr<socket>& s) const {
    const auto it = joining_.find(nsp);
    return it != joining_.end() && it->second == s;
  }
  /// The one that entered, no longer.
  std::shared_ptr<socket> turn_back(const std::string& nsp) {
    const auto node = joining_.extract(nsp);
    return node ? node.mapped() : nullptr;
  }
  /// All that entered, no longer; and nothing is looked for.
  sockets turn_all_back() noexcept {
    searching_.clear();
    return std::exchange(joining_, {});
  }

  // ---- being in

  void let_in(const std::string& nsp, const std::shared_ptr<socket>& s) {
    joining_.erase(nsp);
    joined_[nsp] = s;
  }
  void leave(const std::string& nsp) { joined_.erase(nsp); }
  /// Null if it is not in there.
  std::shared_ptr<socket> at(const std::string& nsp) const {
    const auto it = joined_.find(nsp);
    return it != joined_.end() ? it->second : nullptr;
  }
  bool nowhere() const noexcept { return joined_.empty(); }
  /// A copy: what is done with them may make them leave.
  sockets all() const { return joined_; }
  sockets leave_all() noexcept { return std::exchange(joined_, {}); }

 private:
  sockets joined_, joining_;
  std::map<std::string, std::uint64_t> searching_;
  std::uint64_t last_ticket_ = 0;
};

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
