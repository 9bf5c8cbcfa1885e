// Coroutines (C++20) as handlers and middlewares, and `co_await s.emit_with_ack<int>("question", 6, 7)`.
#pragma once

#include <sio/client_handle.hpp>
#include <sio/server.hpp>

#if defined(ASIO_HAS_CO_AWAIT)

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/use_awaitable.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace detail {

template <class... A>
struct default_token<last_of<A...>> {
  using type = asio::use_awaitable_t<>;
};

inline std::string what_of(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& e) {
    return e.what();
  } catch (...) {
    return "something that is no std::exception was thrown";
  }
}

// The whole call lives in this frame, and with it what the handler's references refer to.
inline void refer(event_call& call, const socket& self) { call.self = &self; }
inline void refer(event_call& call, const client& self) { call.at = &self; }

template <class T, class Parameters, class F, class Self>
asio::awaitable<void> run_coroutine(std::shared_ptr<F> f, Self self, event_call call) {
  refer(call, self);
  argument_reader in{call.args, &call.done, call.self, nullptr, call.at};
  Parameters taken;
  if (!taken.read(in)) throw std::invalid_argument(in.why_not);
  if constexpr (std::is_void_v<T>) {
    co_await taken.call(*f);
  } else {
    T result = co_await taken.call(*f);
    answer<T>::give(call, std::move(result));
  }
}

template <class T, class Parameters, class F, class Self>
asio::awaitable<void> run_and_answer(std::shared_ptr<F> f, Self self, event_call call) {
  const ack done = call.done;
  try {
    co_await run_coroutine<T, Parameters>(std::move(f), std::move(self), std::move(call));
  } catch (const ack_error& e) {
    if (!done) throw;
    done.fail(e);
  }
}

template <class Call>
asio::awaitable<void> run_middleware(Call call, next go_on) {
  std::optional<connect_error> refusal;
  try {
    co_await call();
  } catch (const connect_error& e) {
    refusal = e;
  } catch (const std::exception& e) {
    refusal.emplace(e.what());
  } catch (...) {
    refusal.emplace("refused by a middleware");
  }
  refusal ? go_on(*refusal) : go_on();
}

}  // namespace detail

/// A coroutine answers when it has ended, with what it `co_return`s. It begins at once, on the loop of its socket or
/// client, and goes on there; a client with `delivery::poll` has no place for it, and reports that. Its parameters, its
/// lambda and what they hold live until it has ended, references included. What it throws is reported like what other
/// handlers throw. Of several events the coroutines run interleaved.
template <class T>
struct answer<asio::awaitable<T>> {
  static constexpr bool by_return = !std::is_void_v<T>;
  static constexpr bool later = true;

  template <class Parameters, class F>
  static std::optional<std::string> start(const std::shared_ptr<F>& f, event_call& call) {
    if (call.self) return start_on<Parameters>(*call.self, call.self->get_executor(), f, call);
    if (call.at) return start_on<Parameters>(*call.at, detail::coroutine_executor(*call.at), f, call);
    return "a coroutine needs an event of a socket or a client";
  }

 private:
  template <class Parameters, class Self, class F>
  static std::optional<std::string> start_on(Self self, const asio::any_io_executor& on, const std::shared_ptr<F>& f,
                                             event_call& call) {
    if (!on) return "there is no loop for a coroutine to run on";
    const auto ended = [self, event = std::string(call.event)](const std::exception_ptr& thrown) {
      if (thrown) detail::report_error(self, event + ": " + detail::what_of(thrown));
    };
    asio::co_spawn(on, detail::run_and_answer<T, Parameters>(f, self, std::move(call)), ended);
    return std::nullopt;
  }
};

/// A middleware that is a coroutine goes on when it has ended.
template <>
struct ending<asio::awaitable<void>> {
  template <class Call>
  static void run(Call call, const socket& s, const next& go_on) {
    const asio::any_io_executor on = s.get_executor();
    if (on) asio::co_spawn(on, detail::run_middleware(std::move(call), go_on), [](const std::exception_ptr&) {});
  }
};

}  // namespace SIO_ABI
}  // namespace sio

#endif
