// The namespaces of a server, by name, and those who may make more.
#pragma once

#include <sio/server/nsp.hpp>
#include <sio/server/parent.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

struct child_rules {
  bool cleanup;      ///< one without sockets goes
  std::size_t most;  ///< that clients may make
};

using parent_list = std::shared_ptr<const std::vector<std::shared_ptr<parent>>>;

/// For any thread.
class namespaces : public std::enable_shared_from_this<namespaces> {
 public:
  namespaces(nsp_rules rules, child_rules children) : rules_(std::move(rules)), child_rules_(children) {}

  /// The one of that name, made when first asked for: by the first parent that knows the name, if one does.
  std::shared_ptr<nsp> of(std::string name);
  /// The one of exactly that name, or null.
  std::shared_ptr<nsp> find(const std::string& name) const;
  std::vector<std::shared_ptr<nsp>> all() const;

  std::shared_ptr<parent> add_parent(namespace_rule rule);
  parent_list parents() const;
  /// What `by` may make for a client; null if there are too many.
  std::shared_ptr<nsp> make_for_client(const std::shared_ptr<parent>& by, const std::string& name);

  /// Lets go of everybody's lambdas.
  void drop() noexcept;

 private:
  std::shared_ptr<nsp> add(const std::string& name, const std::shared_ptr<parent>& by);
  void remove(const std::shared_ptr<nsp>& child, const std::shared_ptr<parent>& by);
  std::size_t children() const;

  nsp_rules rules_;
  child_rules child_rules_;
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<nsp>> all_;
  parent_list parents_ = std::make_shared<const std::vector<std::shared_ptr<parent>>>();
  std::size_t children_ = 0;
};

// ---- bodies

inline std::shared_ptr<nsp> namespaces::of(std::string name) {
  if (name.empty() || name.front() != '/') name.insert(0, "/");
  if (auto found = find(name)) return found;
  for (const auto& p : *parents())
    if (p->rule->by_name && p->rule->by_name(name)) return add(name, p);
  return add(name, nullptr);
}

inline std::shared_ptr<nsp> namespaces::find(const std::string& name) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = all_.find(name);
  return found == all_.end() ? nullptr : found->second;
}

inline std::vector<std::shared_ptr<nsp>> namespaces::all() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<std::shared_ptr<nsp>> out;
  for (const auto& [name, n] : all_) out.push_back(n);
  for (const auto& p : *parents_) out.push_back(p->face());
  return out;
}

inline parent_list namespaces::parents() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return parents_;
}

inline std::size_t namespaces::children() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return children_;
}

// Copied on write: a client's search goes through those that there were when it came.
inline std::shared_ptr<parent> namespaces::add_parent(namespace_rule rule) {
  const std::lock_guard<std::mutex> lock(mutex_);
  auto more = std::make_shared<std::vector<std::shared_ptr<parent>>>(*parents_);
  more->push_back(std::make_shared<parent>("/_" + std::to_string(more->size()), std::move(rule), rules_));
  parents_ = more;
  return more->back();
}

inline std::shared_ptr<nsp> namespaces::make_for_client(const std::shared_ptr<parent>& by, const std::string& name) {
  if (auto found = find(name)) return found;
  if (children() < child_rules_.most) return add(name, by);
  (*rules_.log)(log_level::warning, name + ": not made: there are max_child_namespaces already");
  return nullptr;
}

// An adapter is made, and "new_namespace" told, without the lock: that is the user's code.
inline std::shared_ptr<nsp> namespaces::add(const std::string& name, const std::shared_ptr<parent>& by) {
  const auto made = std::make_shared<nsp>(name, rules_);
  if (by && child_rules_.cleanup)
    made->when_empty([weak = weak_from_this(), by](const std::shared_ptr<nsp>& child) {
      if (const auto self = weak.lock()) self->remove(child, by);
    });
  std::shared_ptr<nsp> root;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto [there, inserted] = all_.emplace(name, made);
    if (!inserted) return there->second;
    if (by) by->adopt(made), ++children_;
    if (name != "/") root = all_["/"];
  }
  if (rules_.make_adapter) made->begin();
  if (root) root->announce(made);
  return made;
}

inline void namespaces::remove(const std::shared_ptr<nsp>& child, const std::shared_ptr<parent>& by) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = all_.find(child->name());
    if (found == all_.end() || found->second != child) return;
    all_.erase(found);
    by->children()->remove(child);
    --children_;
  }
  child->close();
}

inline void namespaces::drop() noexcept {
  for (const auto& p : *parents()) p->drop();
  for (const auto& n : all()) n->drop();
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
