// An HTTP request and its response, as the host's own routes and the `allow_request` hook see them.
#pragma once

#include <sio/config.hpp>
#include <sio/tls.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {

/// Header fields in their order of arrival; names compare without regard to case (RFC 9110 §5.1).
class headers {
 public:
  using field = std::pair<std::string, std::string>;

  headers() = default;
  headers(std::initializer_list<field> fields) : fields_(fields) {}

  /// The first field of that name, or null (the pointer).
  const std::string* find(std::string_view name) const noexcept;
  /// The first field of that name, or an empty text.
  std::string_view operator[](std::string_view name) const noexcept;
  void add(std::string name, std::string text) { fields_.emplace_back(std::move(name), std::move(text)); }
  /// Replaces all fields of that name by one.
  void set(std::string name, std::string text);
  void erase(std::string_view name);

  bool empty() const noexcept { return fields_.empty(); }
  std::size_t size() const noexcept { return fields_.size(); }
  auto begin() const noexcept { return fields_.begin(); }
  auto end() const noexcept { return fields_.end(); }

 private:
  std::vector<field> fields_;
};

/// Decoded query parameters in their order of arrival; of a name given twice the last one counts in `operator[]`.
class query {
 public:
  using parameter = std::pair<std::string, std::string>;

  const std::string* find(std::string_view name) const noexcept;
  std::string_view operator[](std::string_view name) const noexcept;
  void add(std::string name, std::string text) { parameters_.emplace_back(std::move(name), std::move(text)); }

  bool empty() const noexcept { return parameters_.empty(); }
  std::size_t size() const noexcept { return parameters_.size(); }
  auto begin() const noexcept { return parameters_.begin(); }
  auto end() const noexcept { return parameters_.end(); }

 private:
  std::vector<parameter> parameters_;
};

/// One HTTP request, complete with its body.
struct request {
  std::string method;  ///< "GET", "POST" …
  std::string url;     ///< the request target as sent: path and query, not decoded
  std::string path;    ///< its path, percent-decoded
  sio::query query;    ///< its query, decoded
  sio::headers headers;
  std::string body;
  std::string address;                                    ///< the peer's IP address; empty over a Unix-domain socket
  bool secure = false;                                    ///< over TLS
  std::shared_ptr<const certificate> client_certificate;  ///< null if the client gave none
};

/// The answer of a host's route. Content-Length, Date and Connection are added by the server.
struct response {
  int status = 200;
  sio::headers headers;
  std::string body;
};

// ---- bodies

namespace detail {

inline bool same_letters(std::string_view a, std::string_view b) noexcept {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i != a.size(); ++i)
    if (lower(a[i]) != lower(b[i])) return false;
  return true;
}

}  // namespace detail

inline const std::string* headers::find(std::string_view name) const noexcept {
  for (const field& f : fields_)
    if (detail::same_letters(f.first, name)) return &f.second;
  return nullptr;
}

inline std::string_view headers::operator[](std::string_view name) const noexcept {
  const std::string* found = find(name);
  return found ? std::string_view(*found) : std::string_view();
}

inline void headers::erase(std::string_view name) {
  std::vector<field> kept;
  for (field& f : fields_)
    if (!detail::same_letters(f.first, name)) kept.push_back(std::move(f));
  fields_ = std::move(kept);
}

inline void headers::set(std::string name, std::string text) {
  erase(name);
  add(std::move(name), std::move(text));
}

inline const std::string* query::find(std::string_view name) const noexcept {
  for (auto it = parameters_.rbegin(); it != parameters_.rend(); ++it)
    if (it->first == name) return &it->second;
  return nullptr;
}

inline std::string_view query::operator[](std::string_view name) const noexcept {
  const std::string* found = find(name);
  return found ? std::string_view(*found) : std::string_view();
}

}  // namespace SIO_ABI
}  // namespace sio
