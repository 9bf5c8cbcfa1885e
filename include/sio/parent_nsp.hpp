// Namespaces that are made when a client asks for them: which may be, and what they begin with.
#pragma once

#include <sio/nsp.hpp>
#include <sio/pattern.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {

namespace srv {
class parent;
}

/// Decides whether a namespace may be made: call it once, now or later, from any thread. Of several calls the first
/// counts.
class allow {
 public:
  explicit allow(std::function<void(bool)> decide) : decide_(std::move(decide)) {}

  void operator()(bool allowed) const { decide_(allowed); }

 private:
  std::function<void(bool)> decide_;
};

/// One of the two: a rule that knows by the name alone may be asked on any thread, the other one on the loop.
struct namespace_rule {
  std::function<bool(const std::string& name)> by_name;
  std::function<void(const std::string& name, const value& auth, const allow& decide)> by_asking;
};

namespace detail {

// std::regex, whose header only its users include: their `regex_search` is found where this is instantiated.
template <class R, class = void>
inline constexpr bool is_regex = false;
template <class R>
inline constexpr bool
    is_regex<R, std::void_t<typename R::flag_type, typename R::locale_type, decltype(std::declval<R>().mark_count())>> =
        true;

// A regex takes a frame of the stack per character.
inline constexpr std::size_t longest_for_regex = 256;

template <class F>
namespace_rule make_namespace_rule(F f) {
  if constexpr (std::is_same_v<F, pattern>)
    return {[f = std::move(f)](const std::string& name) { return f.matches(name); }, {}};
  else if constexpr (is_regex<F>)
    return {[f = std::move(f)](const std::string& name) {
              return name.size() <= longest_for_regex && regex_search(name, f);
            },
            {}};
  else if constexpr (std::is_invocable_v<F&, std::string, value, allow>)
    return {{}, std::move(f)};
  else if constexpr (std::is_invocable_r_v<bool, F&, std::string, value>)
    return {{}, [f = std::move(f)](const std::string& name, const value& auth, const allow& decide) mutable {
              decide(f(name, auth));
            }};
  else if constexpr (std::is_invocable_r_v<bool, F&, std::string>)
    return {{}, [f = std::move(f)](const std::string& name, const value&, const allow& decide) mutable {
              decide(f(name));
            }};
  else
    static_assert(never<F>,
                  "sio: dynamic namespaces are named by a sio::pattern, a std::regex, or a lambda: (std::string name) "
                  "or (std::string name, sio::value auth) returning bool, or (…, sio::allow)");
}

}  // namespace detail

/// Stands for all namespaces that one rule allows (JS: ParentNamespace); a handle, like `nsp`. Middlewares and
/// "connection" listeners are handed on to the namespaces that are made after they were added; all those share one
/// lambda, and lead a life of their own otherwise. What is emitted reaches the sockets of all of them.
class parent_nsp : public emitter<parent_nsp> {
 public:
  parent_nsp() = default;

  /// "/_0", "/_1" …
  const std::string& name() const noexcept { return all_.name(); }
  /// Those that there are now.
  std::vector<nsp> children() const;

  template <class F>
  const parent_nsp& use(F&& f) const {
    add_middleware(detail::make_middleware(std::decay_t<F>(std::forward<F>(f))));
    return *this;
  }

  template <class... A>
  void emit(std::string_view event, A&&... a) const {
    all_.emit(event, std::forward<A>(a)...);
  }
  template <class... A>
  void send(A&&... a) const {
    all_.send(std::forward<A>(a)...);
  }
  broadcast to(const room_list& rooms) const { return all_.to(rooms); }
  broadcast in(const room_list& rooms) const { return all_.to(rooms); }
  broadcast except(const room_list& rooms) const { return all_.except(rooms); }
  broadcast volatile_() const { return all_.volatile_(); }

  void sockets_join(const room_list& rooms) const { all_.sockets_join(rooms); }
  void sockets_leave(const room_list& rooms) const { all_.sockets_leave(rooms); }
  void disconnect_sockets(bool close = false) const { all_.disconnect_sockets(close); }

  void off(std::string_view event) const;
  void off(std::string_view event, listener_id id) const;
  void off() const;

  /// For the library: the handle of what it stands for.
  explicit parent_nsp(std::shared_ptr<srv::parent> impl);

 private:
  friend class emitter<parent_nsp>;
  /// Throws `std::invalid_argument` for another event than "connection" and "connect".
  listener_id add_listener(std::string_view event, handler run, bool once) const;
  void add_middleware(middleware m) const;

  std::shared_ptr<srv::parent> impl_;
  nsp all_;
};

}  // namespace SIO_ABI
}  // namespace sio
