// What a request to the engine says of itself, and what its answer will carry.
#pragma once

#include <sio/http/query.hpp>
#include <sio/options.hpp>
#include <sio/server/http_service.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

class engine_request {
 public:
  /// As long as the head is there.
  explicit engine_request(const http::head& h)
      : query(http::parse_query(http::split_target(h.target).query)), origin(http::joined(h, "Origin")),
        upgrade(h.upgrade_websocket), head_(&h) {
    find_transport();
  }
  /// As long as you like.
  engine_request(std::shared_ptr<const request> whole, bool is_upgrade, headers carried)
      : query(whole->query), origin(whole->headers["Origin"]), fields(std::move(carried)), upgrade(is_upgrade),
        whole_(std::move(whole)) {
    find_transport();
  }

  std::string_view method() const noexcept { return head_ ? std::string_view(head_->method) : whole_->method; }
  std::string_view operator[](std::string_view field) const { return head_ ? (*head_)[field] : whole_->headers[field]; }
  /// The session that is meant; null (the pointer) for a handshake. An empty sid names none, as in JS.
  const std::string* sid() const noexcept {
    const std::string* named = query.find("sid");
    return named && !named->empty() ? named : nullptr;
  }
  /// All of it but its body, unless the body was kept.
  std::shared_ptr<const request> whole(net::connection& from) const {
    return whole_ ? whole_ : std::make_shared<const request>(to_request(from, *head_, {}));
  }
  /// The same, to be kept; `all` of it is `whole`.
  engine_request kept(std::shared_ptr<const request> all) const { return {std::move(all), upgrade, fields}; }

  sio::query query;
  std::string origin;
  headers fields;  ///< for the answer: cross-origin ones, and those of middlewares
  std::optional<sio::transport> transport;
  bool upgrade;

 private:
  void find_transport() {
    const std::string_view name = query["transport"];
    if (name == "polling") transport = sio::transport::polling;
    if (name == "websocket") transport = sio::transport::websocket;
  }

  const http::head* head_ = nullptr;
  std::shared_ptr<const request> whole_;
};

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
