// The cookies that a server gave a client and wants to see again, as engine.io-client keeps them.
//
//   Set-Cookie: io=mLAw; Path=/; Max-Age=60   -> Cookie: io=mLAw, for a minute
#pragma once

#include <sio/http/cookie_date.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace http {

/// Belongs to one server: of the attributes only Max-Age and Expires count, the last of them. One that is unreadable,
/// or past, deletes the cookie.
class cookie_jar {
 public:
  using time_point = std::chrono::system_clock::time_point;
  static constexpr std::size_t max_cookies = 50;     ///< those beyond are not taken
  static constexpr std::size_t max_size = 4 * 1024;  ///< bytes of a name and its value; larger ones are not taken

  /// The value of one Set-Cookie.
  void take(std::string_view set_cookie, time_point now);
  /// The value of Cookie, in the order in which they came: "a=1; b=2". Empty: nothing is to be sent.
  std::string header(time_point now);
  bool empty() const noexcept { return cookies_.empty(); }

 private:
  struct cookie {
    std::string name, value;
    std::optional<time_point> expires;
  };

  void keep(cookie one);
  void drop_expired(time_point now);

  std::vector<cookie> cookies_;
};

// ---- bodies

namespace detail {

/// The text before `mark`, and what follows it is left in `rest`.
inline std::string_view take_until(std::string_view& rest, std::string_view mark) noexcept {
  const std::size_t end = std::min(rest.find(mark), rest.size());
  const std::string_view taken = rest.substr(0, end);
  rest.remove_prefix(std::min(end + mark.size(), rest.size()));
  return taken;
}

// JS: parseInt, so "60 seconds" is 60. What is unreadable is as good as zero.
inline std::chrono::seconds read_max_age(std::string_view text) noexcept {
  constexpr std::size_t most_digits = 9;  // thirty years: as good as forever, and no clock overflows
  std::size_t end = 0;
  while (end != text.size() && text[end] >= '0' && text[end] <= '9') ++end;
  const std::string_view digits = text.substr(0, end);
  if (digits.size() > most_digits) return std::chrono::seconds(999'999'999);
  return std::chrono::seconds(to_number(digits).value_or(0));
}

inline std::optional<cookie_jar::time_point> read_expiry(std::string_view attribute, cookie_jar::time_point now) {
  constexpr cookie_jar::time_point long_ago{};
  const std::size_t equals = attribute.find('=');
  if (equals == std::string_view::npos || attribute.find('=', equals + 1) != std::string_view::npos)
    return std::nullopt;
  const std::string_view name = trimmed(attribute.substr(0, equals)), value = trimmed(attribute.substr(equals + 1));
  if (same_letters(name, "expires")) return parse_cookie_date(value).value_or(long_ago);
  if (!same_letters(name, "max-age")) return std::nullopt;
  const std::chrono::seconds age = read_max_age(value);
  return age.count() <= 0 ? long_ago : now + age;
}

// "a" -> a
inline std::string_view without_quotes(std::string_view value) noexcept {
  if (value.empty() || value.front() != '"') return value;
  return value.substr(1, value.size() < 2 ? 0 : value.size() - 2);
}

}  // namespace detail

inline void cookie_jar::take(std::string_view set_cookie, time_point now) {
  std::string_view rest = set_cookie;
  const std::string_view pair = detail::take_until(rest, "; ");
  const std::size_t equals = pair.find('=');
  if (equals == std::string_view::npos || !is_field_text(set_cookie)) return;
  const std::string_view name = trimmed(pair.substr(0, equals));
  const std::string_view value = detail::without_quotes(trimmed(pair.substr(equals + 1)));
  if (name.empty() || name.size() + value.size() > max_size) return;
  cookie made{std::string(name), std::string(value), std::nullopt};
  while (!rest.empty())
    if (const auto expires = detail::read_expiry(detail::take_until(rest, "; "), now)) made.expires = expires;
  keep(std::move(made));
  drop_expired(now);
}

// A name that is known keeps its place, as in a JS Map.
inline void cookie_jar::keep(cookie one) {
  for (cookie& known : cookies_)
    if (known.name == one.name) return void(known = std::move(one));
  if (cookies_.size() < max_cookies) cookies_.push_back(std::move(one));
}

inline void cookie_jar::drop_expired(time_point now) {
  const auto past = [now](const cookie& c) { return c.expires && *c.expires <= now; };
  cookies_.erase(std::remove_if(cookies_.begin(), cookies_.end(), past), cookies_.end());
}

inline std::string cookie_jar::header(time_point now) {
  drop_expired(now);
  std::string out;
  for (const cookie& c : cookies_) (out.append(out.empty() ? "" : "; ") += c.name + '=').append(c.value);
  return out;
}

}  // namespace http
}  // namespace SIO_ABI
}  // namespace sio
