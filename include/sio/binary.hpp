// Bytes that travel in an event: shared, immutable, cheap to copy.
#pragma once

#include <sio/config.hpp>

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {

/// Bytes, shared and immutable: copying one copies a pointer. May stand anywhere in an event's arguments.
class binary {
 public:
  binary() = default;
  explicit binary(std::string bytes) : bytes_(std::make_shared<const std::string>(std::move(bytes))) {}
  binary(const void* data, std::size_t size) : binary(size ? std::string(static_cast<const char*>(data), size) : "") {}
  binary(std::initializer_list<unsigned char> bytes) : binary(bytes.begin(), bytes.size()) {}

  const unsigned char* data() const noexcept { return reinterpret_cast<const unsigned char*>(view().data()); }
  std::size_t size() const noexcept { return view().size(); }
  bool empty() const noexcept { return size() == 0; }
  const unsigned char* begin() const noexcept { return data(); }
  const unsigned char* end() const noexcept { return data() + size(); }
  unsigned char operator[](std::size_t i) const noexcept { return data()[i]; }
  /// The bytes as a view; valid while any copy of this binary lives.
  std::string_view view() const noexcept { return bytes_ ? std::string_view(*bytes_) : std::string_view(); }
  /// The shared buffer itself; null when empty by default construction.
  const std::shared_ptr<const std::string>& shared() const noexcept { return bytes_; }

  friend bool operator==(const binary& a, const binary& b) noexcept { return a.view() == b.view(); }
  friend bool operator!=(const binary& a, const binary& b) noexcept { return !(a == b); }

 private:
  std::shared_ptr<const std::string> bytes_;
};

}  // namespace SIO_ABI
}  // namespace sio
