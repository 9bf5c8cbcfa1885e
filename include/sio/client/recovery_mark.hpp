// Where a client was when its connection broke, for a server that can take it back there.
#pragma once

#include <sio/value.hpp>

#include <optional>
#include <string>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace cln {

class recovery_mark {
 public:
  /// The server's answer to CONNECT: whether it goes on where it was.
  bool accept(const value& answer) {
    const std::string* pid = answer["pid"].if_string();
    const bool recovered = pid && !pid->empty() && *pid == pid_;
    pid_ = pid ? *pid : std::string();
    return recovered;
  }

  /// An event came; from a server that recovers connections its last argument is an offset.
  void pass(const array& event) {
    if (pid_.empty() || event.size() < 2) return;
    if (const std::string* last = event.back().if_string()) offset_ = *last;
  }

  /// What CONNECT carries: {"pid":…,"offset":…,"token":"abc"}, of which the user's part may replace the others.
  std::optional<value> payload(const value& shown) const {
    if (pid_.empty()) return shown.is_null() ? std::nullopt : std::optional(shown);
    object data{{"pid", pid_}};
    if (!offset_.empty()) data.set("offset", offset_);
    if (const object* own = shown.if_object())
      for (const auto& [name, part] : *own) data.set(name, part);
    return value(std::move(data));
  }

 private:
  std::string pid_, offset_;
};

}  // namespace cln
}  // namespace SIO_ABI
}  // namespace sio
