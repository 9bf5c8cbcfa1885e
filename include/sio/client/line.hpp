// One engine of a manager: it is listened to while it is the manager's, and kept until it has closed.
#pragma once

#include <sio/client/engine.hpp>

#include <memory>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace cln {

class line final : public engine_user, public net::resource, public std::enable_shared_from_this<line> {
 public:
  /// `user` is never called after `leave`.
  static std::shared_ptr<line> make(const std::shared_ptr<net::loop>& l, engine_options o,
                                    std::weak_ptr<engine_user> user) {
    const auto made = std::make_shared<line>();
    made->loop_ = l;
    made->user_ = std::move(user);
    made->engine_ = std::make_shared<cln::engine>(l, std::move(o), made->weak_from_this());
    return made;
  }

  cln::engine& engine() const noexcept { return *engine_; }

  /// What was sent leaves yet; then the engine closes and goes. One that has ended already goes now.
  void leave() {
    user_.reset();
    loop_->bury(shared_from_this());
    if (over_) return;
    self_ = shared_from_this();
    loop_->resources().add(this);
    engine_->close();
  }
  /// It goes at once.
  void abort() noexcept {
    user_.reset();
    engine_->abort();
    loop_->bury(engine_);
    self_.reset();
  }

 private:
  void abandon() noexcept override { abort(); }
  template <class F>
  void tell(F&& f) {
    if (const auto user = user_.lock()) f(*user);
  }
  void on_open() override {
    tell([](engine_user& u) { u.on_open(); });
  }
  void on_message(std::string_view message, bool binary) override {
    tell([&](engine_user& u) { u.on_message(message, binary); });
  }
  void on_ping() override {
    tell([](engine_user& u) { u.on_ping(); });
  }
  void on_upgrade(transport to) override {
    tell([&](engine_user& u) { u.on_upgrade(to); });
  }
  void on_upgrade_error(const engine_error& why) override {
    tell([&](engine_user& u) { u.on_upgrade_error(why); });
  }
  void on_error(const engine_error& why) override {
    tell([&](engine_user& u) { u.on_error(why); });
  }
  void on_close(reason why, std::string_view description) override {
    over_ = true;
    loop_->resources().remove(this);
    loop_->bury(std::exchange(self_, nullptr));
    tell([&](engine_user& u) { u.on_close(why, description); });
  }

  std::shared_ptr<net::loop> loop_;
  std::weak_ptr<engine_user> user_;
  std::shared_ptr<cln::engine> engine_;
  std::shared_ptr<line> self_;  // while nobody else holds it
  bool over_ = false;           // the engine tells nothing more
};

}  // namespace cln
}  // namespace SIO_ABI
}  // namespace sio
