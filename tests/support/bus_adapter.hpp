// An adapter that joins servers of one loop to a cluster: enough to see that all calls reach all of them.
#pragma once

#include <sio/adapter.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace bus {

class adapter;
/// The adapters of one namespace; one list per cluster.
using members = std::vector<adapter*>;

class adapter final : public sio::memory_adapter {
 public:
  adapter(sio::adapter_host& host, std::shared_ptr<members> all) : memory_adapter(host), all_(std::move(all)) {}
  ~adapter() override { leave(); }

  void init() override { all_->push_back(this); }
  void close() override { leave(); }
  void server_count(callback<sio::error_code, std::size_t> done) override { done({}, all_->size()); }

  void broadcast(sio::event_packet packet, const sio::broadcast_options& to) override {
    for_each(to, [&](adapter& a) { a.memory_adapter::broadcast(packet, to); });
  }
  void broadcast_with_ack(sio::event_packet packet, const sio::broadcast_options& to,
                          std::shared_ptr<sio::answer_collector> answers) override {
    for_each(to, [&](adapter& a) { a.memory_adapter::broadcast_with_ack(packet, to, answers); });
  }
  void add_sockets(const sio::broadcast_options& whom, const std::vector<std::string>& rooms) override {
    for_each(whom, [&](adapter& a) { a.memory_adapter::add_sockets(whom, rooms); });
  }
  void del_sockets(const sio::broadcast_options& whom, const std::vector<std::string>& rooms) override {
    for_each(whom, [&](adapter& a) { a.memory_adapter::del_sockets(whom, rooms); });
  }
  void disconnect_sockets(const sio::broadcast_options& whom, bool close) override {
    for_each(whom, [&](adapter& a) { a.memory_adapter::disconnect_sockets(whom, close); });
  }
  void fetch_sockets(const sio::broadcast_options& whom,
                     callback<sio::error_code, std::vector<sio::socket_record>> done) override {
    std::vector<sio::socket_record> found;
    for_each(whom, [&](adapter& a) {
      a.memory_adapter::fetch_sockets(whom, [&](sio::error_code, std::vector<sio::socket_record> some) {
        std::move(some.begin(), some.end(), std::back_inserter(found));
      });
    });
    done({}, std::move(found));
  }
  void all_rooms(callback<sio::error_code, std::vector<std::string>> done) override {
    std::vector<std::string> names;
    for_each({}, [&](adapter& a) {
      a.memory_adapter::all_rooms([&](sio::error_code, std::vector<std::string> some) {
        std::move(some.begin(), some.end(), std::back_inserter(names));
      });
    });
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    done({}, std::move(names));
  }
  /// Done when all others have answered.
  void server_side_emit(sio::array event, callback<sio::error_code, sio::array> done) override {
    const auto answers = std::make_shared<sio::array>();
    const std::size_t expected = all_->size() - 1;
    for_each({}, [&](adapter& a) {
      if (&a == this) return;
      const auto give = [answers, expected, done](sio::array one) {
        answers->push_back(one.empty() ? sio::value() : one.front());
        if (answers->size() == expected) done({}, *answers);
      };
      a.host().receive(event, done ? sio::ack(give) : sio::ack());
    });
  }

 private:
  template <class F>
  void for_each(const sio::broadcast_options& whom, F&& f) {
    if (whom.flags.local) return f(*this);
    for (adapter* a : members(*all_)) f(*a);
  }
  void leave() { all_->erase(std::remove(all_->begin(), all_->end(), this), all_->end()); }

  std::shared_ptr<members> all_;
};

}  // namespace bus
