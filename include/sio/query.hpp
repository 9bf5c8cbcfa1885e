// What is asked of a server, or of several, and answered later: a completion token, or a lambda, hears it.
#pragma once

#include <sio/completion.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/async_result.hpp>

#include <functional>
#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace detail {

template <class T>
using answer_to_query = std::function<void(error_code, T)>;

/// How a query begins that a token waits for.
template <class T>
class query_initiation {
 public:
  using executor_type = asio::any_io_executor;
  using begin = std::function<void(answer_to_query<T>)>;

  query_initiation(executor_type home, begin f) : home_(never_empty(std::move(home))), begin_(std::move(f)) {}

  executor_type get_executor() const { return home_; }

  template <class Handler>
  void operator()(Handler&& h) const {
    begin_([done = make_completion(std::forward<Handler>(h), home_)](error_code ec, T answer) {
      done->complete(ec, std::tuple<T>(std::move(answer)));
    });
  }

 private:
  executor_type home_;
  begin begin_;
};

// A lambda is called where the answer is, and what it throws is caught there. One that takes no error_code runs only
// when there was no error.
template <class T, class Token>
inline constexpr bool takes_answer = is_ack_receiver<Token> &&
                                     (std::is_invocable_v<std::decay_t<Token>&, T> ||
                                      std::is_invocable_v<std::decay_t<Token>&, error_code, T>);

template <class T, class F>
answer_to_query<T> make_answer(F&& f) {
  return [f = std::make_shared<std::decay_t<F>>(std::forward<F>(f))](error_code ec, T answer) {
    if constexpr (std::is_invocable_v<std::decay_t<F>&, error_code, T>)
      (*f)(ec, std::move(answer));
    else if (!ec)
      (*f)(std::move(answer));
  };
}

template <class T, class Token, bool = takes_answer<T, Token>>
struct query_of {
  using result = void;
};
template <class T, class Token>
struct query_of<T, Token, false> {
  using result = decltype(asio::async_initiate<Token, void(error_code, T)>(
      std::declval<query_initiation<T>>(), std::declval<std::remove_reference_t<Token>&>()));
};

template <class T, class Token>
using query_result = typename query_of<T, Token>::result;

template <class T, class Token>
auto query(asio::any_io_executor home, typename query_initiation<T>::begin f, Token&& token) -> query_result<T, Token> {
  if constexpr (takes_answer<T, Token>)
    f(make_answer<T>(std::forward<Token>(token)));
  else
    return asio::async_initiate<Token, void(error_code, T)>(query_initiation<T>(std::move(home), std::move(f)), token);
}

}  // namespace detail
}  // namespace SIO_ABI
}  // namespace sio
