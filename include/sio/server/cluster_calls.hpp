// What concerns the sockets of all servers of a namespace, and these servers themselves.
#pragma once

#include <sio/remote_socket.hpp>
#include <sio/server/nsp.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

/// Gives `done` the answer of an adapter: what the user's code throws is caught there.
template <class T, class Done>
std::function<void(error_code, T)> guarded(const std::shared_ptr<nsp>& n, const char* call, Done done) {
  return [n, call, done = std::move(done)](error_code ec, T answer) {
    const auto why_not = events::run_user_code([&]() -> std::optional<std::string> {
      done(ec, std::move(answer));
      return std::nullopt;
    });
    if (why_not) n->log(log_level::warning, n->name() + ": " + call + ": " + *why_not);
  };
}

inline void fetch(const std::shared_ptr<nsp>& n, broadcast everybody, broadcast_options whom,
                  std::function<void(error_code, std::vector<remote_socket>)> done) {
  n->post([whom = std::move(whom), everybody = std::move(everybody), done = std::move(done)](nsp& at) {
    auto answer = guarded<std::vector<remote_socket>>(at.shared_from_this(), "fetch_sockets", std::move(done));
    at.adapter().fetch_sockets(
        whom, [everybody, answer = std::move(answer)](error_code ec, std::vector<socket_record> records) {
          std::vector<remote_socket> all;
          for (socket_record& r : records) all.emplace_back(everybody, std::move(r));
          answer(ec, std::move(all));
        });
  });
}

inline void fetch_rooms(const std::shared_ptr<nsp>& n, std::function<void(error_code, std::vector<std::string>)> done) {
  n->post([done = std::move(done)](nsp& at) {
    at.adapter().all_rooms(guarded<std::vector<std::string>>(at.shared_from_this(), "all_rooms", std::move(done)));
  });
}

/// Throws where JS does: these events are a namespace's own.
inline void check_server_side_event(std::string_view event) {
  if (owns_event(event)) throw std::invalid_argument("\"" + std::string(event) + "\" is a reserved event name");
}

inline void server_side_emit(const std::shared_ptr<nsp>& n, std::string_view event, array arguments,
                             answers_handler done) {
  arguments.insert(arguments.begin(), value(event));
  n->post([all = std::move(arguments), done = std::move(done)](nsp& at) mutable {
    if (!done) return at.adapter().server_side_emit(std::move(all), {});
    const auto gather = [done = std::move(done)](error_code ec, array answers) {
      broadcast_answers given;
      given.asked = answers.size();
      for (value& v : answers) given.answers.push_back({{}, std::move(v)});
      if (const auto why_not = done(ec, given)) throw std::invalid_argument(*why_not);
    };
    at.adapter().server_side_emit(std::move(all), guarded<array>(at.shared_from_this(), "server_side_emit", gather));
  });
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
