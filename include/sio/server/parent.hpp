// What a `sio::parent_nsp` stands for: a rule, the namespaces that were made by it, and what the next one begins with.
#pragma once

#include <sio/parent_nsp.hpp>
#include <sio/server/nsp.hpp>

#include <algorithm>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

/// The namespaces that one parent made. For any thread.
class child_list {
 public:
  void add(std::shared_ptr<nsp> n) {
    const std::lock_guard<std::mutex> lock(mutex_);
    all_.insert(std::move(n));
  }
  void remove(const std::shared_ptr<nsp>& n) {
    const std::lock_guard<std::mutex> lock(mutex_);
    all_.erase(n);
  }
  std::vector<std::shared_ptr<nsp>> all() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return {all_.begin(), all_.end()};
  }

 private:
  mutable std::mutex mutex_;
  std::set<std::shared_ptr<nsp>> all_;
};

/// Behind a parent there are no sockets: what is done to them is done to those of its children.
class parent_adapter final : public memory_adapter {
 public:
  parent_adapter(adapter_host& host, std::shared_ptr<const child_list> children)
      : memory_adapter(host), children_(std::move(children)) {}

  // Each namespace has bytes of its own: its name is in them.
  void broadcast(event_packet packet, const broadcast_options& to) override {
    packet.keep(nullptr);
    for_each([&](sio::adapter& a) { a.broadcast(packet, to); });
  }
  void add_sockets(const broadcast_options& whom, const std::vector<std::string>& rooms) override {
    for_each([&](sio::adapter& a) { a.add_sockets(whom, rooms); });
  }
  void del_sockets(const broadcast_options& whom, const std::vector<std::string>& rooms) override {
    for_each([&](sio::adapter& a) { a.del_sockets(whom, rooms); });
  }
  void disconnect_sockets(const broadcast_options& whom, bool close) override {
    for_each([&](sio::adapter& a) { a.disconnect_sockets(whom, close); });
  }
  void fetch_sockets(const broadcast_options&, callback<error_code, std::vector<socket_record>> done) override {
    done(errc::unsupported, {});
  }

 private:
  template <class F>
  void for_each(F&& f) {
    for (const auto& child : children_->all()) f(child->adapter());
  }

  std::shared_ptr<const child_list> children_;
};

/// For any thread: a namespace may be made on one, while another adds a middleware.
class parent {
 public:
  parent(const std::string& name, namespace_rule r, nsp_rules rules)
      : rule(std::make_shared<const namespace_rule>(std::move(r))) {
    rules.make_adapter = [all = children_](adapter_host& host) { return std::make_unique<parent_adapter>(host, all); };
    face_ = std::make_shared<nsp>(name, rules);
  }

  const std::shared_ptr<const namespace_rule> rule;
  const std::shared_ptr<nsp>& face() const noexcept { return face_; }
  const std::shared_ptr<child_list>& children() const noexcept { return children_; }

  void use(middleware m);
  void add_listener(connection_listener l);
  /// Empty: of each event.
  void off(std::string_view event, std::optional<listener_id> id);
  /// Takes one in that nobody knows yet.
  void adopt(const std::shared_ptr<nsp>& child);
  void drop();

 private:
  std::shared_ptr<child_list> children_ = std::make_shared<child_list>();
  std::shared_ptr<nsp> face_;
  std::mutex mutex_;
  middleware_list middlewares_;
  std::vector<connection_listener> listeners_;
};

// ---- bodies

inline void parent::use(middleware m) {
  const std::lock_guard<std::mutex> lock(mutex_);
  middlewares_ = with_one_more(middlewares_, std::move(m));
}

// All children call one lambda.
inline void parent::add_listener(connection_listener l) {
  l.run = [one = std::make_shared<handler>(std::move(l.run))](event_call& call) { return (*one)(call); };
  const std::lock_guard<std::mutex> lock(mutex_);
  listeners_.push_back(std::move(l));
}

inline void parent::off(std::string_view event, std::optional<listener_id> id) {
  std::vector<connection_listener> dead;  // what a lambda holds may call anything as it goes
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto remains = [&](const connection_listener& l) {
    return (!event.empty() && l.event != event) || (id && l.id != *id);
  };
  const auto first_dead = std::stable_partition(listeners_.begin(), listeners_.end(), remains);
  dead.assign(std::make_move_iterator(first_dead), std::make_move_iterator(listeners_.end()));
  listeners_.erase(first_dead, listeners_.end());
}

inline void parent::adopt(const std::shared_ptr<nsp>& child) {
  const std::lock_guard<std::mutex> lock(mutex_);
  child->inherit(middlewares_, listeners_);
  children_->add(child);
}

inline void parent::drop() {
  off({}, std::nullopt);
  middleware_list dead;
  const std::lock_guard<std::mutex> lock(mutex_);
  dead.swap(middlewares_);
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
