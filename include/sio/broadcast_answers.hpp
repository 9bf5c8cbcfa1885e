// What comes back when a broadcast asks for answers: who answered what, and who did not in time.
#pragma once

#include <sio/completion.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {

/// The answers to one broadcast.
struct broadcast_answers {
  struct answer {
    std::string id;  ///< of the socket; empty if another server did not tell
    value first;     ///< the first argument of what its client answered; null if there was none
  };

  std::vector<answer> answers;       ///< as they came
  std::vector<std::string> missing;  ///< the ids of those who were waited for in vain, as far as they are known
  std::size_t asked = 0;             ///< how many clients got the event

  /// The answers without their senders.
  array values() const {
    array all;
    for (const answer& a : answers) all.push_back(a.first);
    return all;
  }
};

/// The receiver of a broadcast's answers.
using answers_handler = std::function<std::optional<std::string>(error_code, broadcast_answers&)>;

namespace detail {

template <class T>
std::optional<T> take_answers(broadcast_answers& all, std::string& why_not) {
  if constexpr (std::is_same_v<T, broadcast_answers>) {
    return std::move(all);
  } else {
    mismatch why;
    std::optional<T> out = convert<T>::from(value(all.values()), why);
    if (!out) why_not = "answer " + why.path + ": expected " + why.expected;
    return out;
  }
}

inline std::optional<std::string> some(std::string why_not) {
  if (why_not.empty()) return std::nullopt;
  return why_not;
}

template <class... P>
struct answers_signature {
  static constexpr bool later = false;
  static constexpr bool check() {
    static_assert(never<answers_signature>,
                  "sio: the receiver of a broadcast's answers takes (sio::error_code, answers) or (answers), as a "
                  "std::vector, a sio::array or a sio::broadcast_answers");
    return false;
  }
};

// (T): runs only if everybody answered, and all answers fit.
template <class T>
struct answers_signature<T> {
  static constexpr bool later = false;
  static constexpr bool check() { return check_parameters<T>(); }

  template <class F>
  static std::optional<std::string> run(F& f, error_code ec, broadcast_answers& all) {
    std::string why_not;
    if (ec) return std::nullopt;
    if (auto taken = take_answers<std::decay_t<T>>(all, why_not)) f(std::move(*taken));
    return some(std::move(why_not));
  }
};

// (error_code, T): always runs, with those that came.
template <class T>
struct answers_signature<error_code, T> {
  static constexpr bool later = false;
  static constexpr bool check() {
    constexpr bool makeable = std::is_default_constructible_v<std::decay_t<T>>;
    static_assert(makeable, "sio: after an error_code an answer's parameters need a default constructor");
    return makeable && check_parameters<T>();
  }

  template <class F>
  static std::optional<std::string> run(F& f, error_code ec, broadcast_answers& all) {
    std::string why_not;
    auto taken = take_answers<std::decay_t<T>>(all, why_not);
    if (!taken && !ec) ec = errc::unexpected_answer;
    f(ec, taken ? std::move(*taken) : std::decay_t<T>());
    return some(std::move(why_not));
  }
};
template <class T>
struct answers_signature<const error_code&, T> : answers_signature<error_code, T> {};

template <class F>
answers_handler make_answers_handler(F f) {
  if constexpr (check_receiver<F>())
    return bind_signature<typename signature<F>::template apply_parameters<answers_signature>, answers_handler>(
        std::move(f));
  else
    return {};
}

/// Like `ack_completion`, of all answers.
template <class Signature>
struct answers_completion;
template <class T>
struct answers_completion<void(error_code, T)> {
  using signature = void(error_code, T);
  using answers = broadcast_answers;

  template <class Handler>
  static answers_handler make(Handler&& h, asio::any_io_executor fallback) {
    const auto done = make_completion(std::forward<Handler>(h), std::move(fallback));
    return [done](error_code ec, broadcast_answers& all) {
      const auto pass = [&](error_code e, T taken) { done->complete(e, std::tuple<T>(std::move(taken))); };
      return answers_signature<error_code, T>::run(pass, ec, all);
    };
  }
};

}  // namespace detail
}  // namespace SIO_ABI
}  // namespace sio
