// The HTTP half of a server: middlewares, ids of sessions, headers of answers, and who was refused.
#pragma once

#include <sio/request.hpp>
#include <sio/value.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace sio {
inline namespace SIO_ABI {

namespace srv {
class engine;
}

/// What an HTTP middleware decided: at most one of `answer` and `failure` is there.
struct http_step {
  sio::headers headers;                ///< what the answer to the request will carry, too
  std::optional<response> answer;      ///< the middleware's own answer
  std::optional<std::string> failure;  ///< why the request is refused; only the log hears of it
};

/// Ends an HTTP middleware: call it once, now or later, from any thread. Of several calls the first counts; if the
/// last copy goes without a call, or `request_timeout` passes, the request is refused.
class http_next {
 public:
  explicit http_next(std::function<void(http_step)> tell) : tell_(std::move(tell)) {}

  /// The request goes on, to the next middleware at first; its answer will carry these fields, too.
  void operator()(headers fields = {}) const { tell_({std::move(fields), std::nullopt, std::nullopt}); }
  /// Answers the request; nobody else sees it.
  void answer(response r) const { tell_({{}, std::move(r), std::nullopt}); }
  /// Refuses the request: 400 and code 3, `connection_error` with MIDDLEWARE_FAILURE.
  void fail(std::string why = "refused") const { tell_({{}, std::nullopt, std::move(why)}); }

 private:
  std::function<void(http_step)> tell_;
};

/// Both may be kept: the request lives as long as a copy of its `next`.
using http_middleware = std::function<void(const request&, const http_next&)>;

/// Gives a session its id; call it once, now or later, from any thread.
using id_decision = std::function<void(std::string id)>;
using id_maker = std::function<void(const request&, const id_decision&)>;

/// Who got no session, or could not reach one (JS: `connection_error`).
struct connection_failure {
  int code = 0;          ///< 0 to 5, as in the answer
  std::string message;   ///< "Transport unknown" …
  object context;        ///< what exactly: `{"name": "INVALID_ORIGIN", "origin": …}`; the names are those of JS
  sio::request request;  ///< without its body
};

namespace detail {

// A middleware that takes no `next` lets the request go on when it returns, unless it threw.
template <class F>
http_middleware make_http_middleware(F f) {
  constexpr bool fits = std::is_invocable_v<F&, const request&, http_next> || std::is_invocable_v<F&, const request&>;
  static_assert(fits, "sio: an HTTP middleware takes (const sio::request&) and may throw, or (…, sio::http_next)");
  if constexpr (std::is_invocable_v<F&, const request&, http_next>)
    return http_middleware(std::move(f));
  else
    return [f = std::move(f)](const request& asked, const http_next& go_on) mutable {
      f(asked);
      go_on();
    };
}

template <class F>
id_maker make_id_maker(F f) {
  constexpr bool fits =
      std::is_invocable_v<F&, const request&, id_decision> || std::is_invocable_r_v<std::string, F&, const request&>;
  static_assert(fits, "sio: ids are made by (const sio::request&) -> std::string, or (…, sio::id_decision)");
  if constexpr (std::is_invocable_v<F&, const request&, id_decision>)
    return id_maker(std::move(f));
  else
    return [f = std::move(f)](const request& asked, const id_decision& give) mutable { give(f(asked)); };
}

}  // namespace detail

/// A handle, like `server`. Calls may be made from any thread; what is set is asked on the server's loop, in the order
/// of the calls, and stays for the server's life.
class engine {
 public:
  /// Runs `f(request)` or `f(request, next)` for every request of Socket.IO and every upgrade, before it is looked at;
  /// cross-origin preflights and the client bundle are answered before. What it throws refuses the request: 400 and
  /// code 3. Once there is one, requests are seen by it when their body has come.
  template <class F>
  const engine& use(F&& f) const {
    add(detail::make_http_middleware(std::decay_t<F>(std::forward<F>(f))));
    return *this;
  }

  /// The ids of sessions from now on: `f(request)` returns one, or `f(request, give)` gives it later. An id has 1 to
  /// 128 letters, digits and `-._~`, and no session has it. One that is not, an exception, or none within
  /// `request_timeout` refuses the handshake: 400 and code 3, `connection_error` with ID_GENERATION_ERROR.
  template <class F>
  const engine& generate_id(F&& f) const {
    set(detail::make_id_maker(std::decay_t<F>(std::forward<F>(f))));
    return *this;
  }

  /// Sessions that are open now.
  std::size_t clients_count() const noexcept;

  /// Calls `f` whenever a request is refused with one of the codes.
  const engine& on_connection_error(std::function<void(const connection_failure&)> f) const;
  /// Calls `f` for the first answer of a session (a poll, or the 101 of a WebSocket); it may add and set fields.
  const engine& on_initial_headers(std::function<void(headers&, const request&)> f) const;
  /// Calls `f` for every answer to a poll and to a POST of a session, and every 101.
  const engine& on_headers(std::function<void(headers&, const request&)> f) const;

  /// For the library: the handle of what it stands for.
  explicit engine(std::shared_ptr<srv::engine> impl) noexcept : impl_(std::move(impl)) {}

 private:
  void add(http_middleware m) const;
  void set(id_maker m) const;

  std::shared_ptr<srv::engine> impl_;
};

}  // namespace SIO_ABI
}  // namespace sio
