// A client wants a namespace that there is not: each parent is asked in turn, and may answer later.
#pragma once

#include <sio/server/namespaces.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

class namespace_search : public std::enable_shared_from_this<namespace_search> {
 public:
  /// Hears of the namespace, or of null, once.
  using found = std::function<void(const std::shared_ptr<nsp>&)>;

  namespace_search(std::shared_ptr<namespaces> all, nsp_rules rules, std::string name, value auth, found done)
      : all_(std::move(all)), rules_(std::move(rules)), parents_(all_->parents()), name_(std::move(name)),
        auth_(std::move(auth)), done_(std::move(done)) {}

  void start() { ask_next(); }

 private:
  void ask_next() {
    if (at_ == parents_->size()) return end(nullptr);
    const std::size_t step = at_;
    const allow decide([self = shared_from_this(), step](bool allowed) {
      self->rules_.loop->run([self, step, allowed] { self->after(step, allowed); });
    });
    const auto why_not = events::run_user_code([&] { return ask(*(*parents_)[step]->rule, decide); });
    if (!why_not) return;
    (*rules_.log)(log_level::warning, name_ + ": who was asked whether it may be: " + *why_not);
    after(step, false);
  }

  std::optional<std::string> ask(const namespace_rule& rule, const allow& decide) const {
    rule.by_name ? decide(rule.by_name(name_)) : rule.by_asking(name_, auth_, decide);
    return std::nullopt;
  }

  void after(std::size_t step, bool allowed) {
    if (step != at_ || !done_) return;  // of several answers the first counts
    ++at_;
    allowed ? end((*parents_)[step]) : ask_next();
  }

  // Nobody keeps the new one yet: it goes again if the client went meanwhile.
  void end(const std::shared_ptr<parent>& by) {
    const found done = std::exchange(done_, nullptr);
    std::shared_ptr<nsp> made;
    const auto why_not = events::run_user_code([&]() -> std::optional<std::string> {
      if (by) made = all_->make_for_client(by, name_);
      return std::nullopt;
    });
    if (why_not) (*rules_.log)(log_level::error, name_ + ": it could not be made: " + *why_not);
    const auto place = made ? made->place() : nullptr;
    done(made);
  }

  std::shared_ptr<namespaces> all_;
  nsp_rules rules_;
  parent_list parents_;
  std::string name_;
  value auth_;
  found done_;
  std::size_t at_ = 0;
};

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
