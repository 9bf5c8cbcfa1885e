// What stands behind the rooms of a namespace, and what must be done to reach the sockets of other servers.
#pragma once

#include <sio/emitter.hpp>
#include <sio/error.hpp>
#include <sio/options.hpp>
#include <sio/socket_data.hpp>
#include <sio/value.hpp>

#include <asio/any_io_executor.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {

namespace parser {
struct encoded;
}
namespace srv {
class audience;
}

/// Whom a broadcast is for, and how it travels: the union of `rooms` (none named: everybody), less who is in a room
/// of `except`.
struct broadcast_options {
  std::vector<std::string> rooms;
  std::vector<std::string> except;
  emit_flags flags;
};

/// An event for many. Its bytes are made once, and all who receive it share them.
class event_packet {
 public:
  event_packet(std::string event, array arguments) : event_(std::move(event)), arguments_(std::move(arguments)) {}

  const std::string& event() const noexcept { return event_; }
  const array& arguments() const noexcept { return arguments_; }
  /// One more argument, behind the others; its bytes are made anew.
  void append(value last) {
    arguments_.push_back(std::move(last));
    encoded_ = nullptr;
  }

  /// For the library: its bytes, if they were made.
  const std::shared_ptr<const parser::encoded>& encoded() const noexcept { return encoded_; }
  void keep(std::shared_ptr<const parser::encoded> bytes) noexcept { encoded_ = std::move(bytes); }

 private:
  std::string event_;
  array arguments_;
  std::shared_ptr<const parser::encoded> encoded_;
};

/// A socket of this server, as its adapter sees it; gone when `adapter::del_all` has returned.
class local_socket {
 public:
  virtual const std::string& id() const noexcept = 0;

 protected:
  ~local_socket() = default;
};

/// What one server tells another about a socket.
struct socket_record {
  std::string id;
  sio::handshake handshake;
  std::vector<std::string> rooms;
  value data;
};

/// What is kept of a socket that may come back (connection state recovery).
struct session_record {
  std::string pid;  ///< known to the client and to nobody else
  std::string id;
  std::vector<std::string> rooms;
  value data;
  std::shared_ptr<socket_data> local;  ///< what `socket::data` holds; for this process alone
};

/// One that came back, and what it missed, in order; each ends with its offset.
struct restored_session {
  session_record session;
  std::vector<event_packet> missed;
};

/// How rooms come, fill, empty and go. A room is created before its first socket joins, removed after its last left.
struct room_change {
  enum class kind : std::uint8_t { create, join, leave, remove };
  kind what;
  std::string room;
  std::string id;  ///< of the socket; empty for `create` and `remove`
};

/// The namespace that an adapter works for; it outlives the adapter.
class adapter_host {
 public:
  virtual ~adapter_host() = default;
  /// "/" or "/admin".
  virtual const std::string& name() const noexcept = 0;
  /// Where the adapter's functions are called, and where it must call this.
  virtual asio::any_io_executor executor() const = 0;
  /// Another server said this with `server_side_emit`: the event's name, its arguments, and where the answer goes.
  virtual void receive(array event, ack done) = 0;
  /// `f` hears of each change of this server's rooms. Without such a one nobody makes note of changes.
  virtual void watch_rooms(std::function<void(const room_change&)> f) = 0;
  virtual void log(log_level level, std::string_view line) const noexcept = 0;
  /// For the library: the sockets of this server and their rooms.
  virtual const std::shared_ptr<srv::audience>& audience() const noexcept = 0;
};

/// Hears what becomes of a broadcast that asks for answers.
class answer_collector {
 public:
  virtual ~answer_collector() = default;
  /// Called once per server that takes part: how many clients it asked, and their ids if it knows them.
  virtual void asked(std::size_t count, std::vector<std::string> ids) = 0;
  /// Called once per client that answers within `flags.timeout`: the first argument of its answer.
  virtual void answered(const std::string& id, value first) = 0;
  /// One that was asked has left: it will not answer.
  virtual void left(const std::string& id) = 0;
};

/// What stands behind a namespace's rooms (JS: Adapter); one per namespace, made by `server_options::adapter`. An
/// adapter that reaches other servers derives from `memory_adapter`, which serves this server's sockets, and does its
/// own part before or after it. All calls come on the server's loop; what an adapter is given to call must be called
/// there, too, at once or later, and unless it says otherwise, once. Nothing may throw but the making of one.
class adapter {
 public:
  template <class... A>
  using callback = std::function<void(A...)>;

  virtual ~adapter() = default;

  /// Before anything else is called.
  virtual void init() = 0;
  /// The namespace ends: its sockets have left.
  virtual void close() = 0;
  /// How many servers there are, this one among them.
  virtual void server_count(callback<error_code, std::size_t> done) = 0;

  // ---- this server's sockets

  virtual void add_all(local_socket& who, const std::vector<std::string>& rooms) = 0;
  virtual void del(local_socket& who, const std::string& room) = 0;
  virtual void del_all(local_socket& who) = 0;
  /// The rooms of that socket; nothing if this server has no such socket.
  virtual std::optional<std::vector<std::string>> socket_rooms(const std::string& id) const = 0;

  // ---- all servers' sockets, or this one's if `flags.local`

  virtual void broadcast(event_packet packet, const broadcast_options& to) = 0;
  virtual void broadcast_with_ack(event_packet packet, const broadcast_options& to,
                                  std::shared_ptr<answer_collector> answers) = 0;
  /// The ids of those who are in one of `rooms` (none named: all).
  virtual void sockets(const std::vector<std::string>& rooms, callback<error_code, std::vector<std::string>> done) = 0;
  virtual void all_rooms(callback<error_code, std::vector<std::string>> done) = 0;
  virtual void fetch_sockets(const broadcast_options& whom, callback<error_code, std::vector<socket_record>> done) = 0;
  virtual void add_sockets(const broadcast_options& whom, const std::vector<std::string>& rooms) = 0;
  virtual void del_sockets(const broadcast_options& whom, const std::vector<std::string>& rooms) = 0;
  virtual void disconnect_sockets(const broadcast_options& whom, bool close) = 0;

  // ---- other servers

  /// The event's name and its arguments, for the other servers' `adapter_host::receive`. `done`, if it is not empty,
  /// gets their answers, one of each; an error and those that came, if some did not.
  virtual void server_side_emit(array event, callback<error_code, array> done) = 0;

  // ---- sockets that may come back

  virtual void persist_session(session_record session) = 0;
  /// Nothing if that session is unknown or its time has passed, or if the offset is unknown. An empty offset: the
  /// client has received nothing yet that could be recovered. A session is restored once; it is persisted again if its
  /// socket is not let in.
  virtual void restore_session(const std::string& pid, const std::string& offset,
                               callback<std::optional<restored_session>> done) = 0;
};

/// The adapter of a server that is alone: the default. Broadcasts are encoded once and walked once.
class memory_adapter : public adapter {
 public:
  explicit memory_adapter(adapter_host& host) : host_(host) {}

  void init() override {}
  void close() override {}
  void server_count(callback<error_code, std::size_t> done) override { done({}, 1); }

  void add_all(local_socket& who, const std::vector<std::string>& rooms) override;
  void del(local_socket& who, const std::string& room) override;
  void del_all(local_socket& who) override;
  std::optional<std::vector<std::string>> socket_rooms(const std::string& id) const override;

  void broadcast(event_packet packet, const broadcast_options& to) override;
  void broadcast_with_ack(event_packet packet, const broadcast_options& to,
                          std::shared_ptr<answer_collector> answers) override;
  void sockets(const std::vector<std::string>& rooms, callback<error_code, std::vector<std::string>> done) override;
  void all_rooms(callback<error_code, std::vector<std::string>> done) override;
  void fetch_sockets(const broadcast_options& whom, callback<error_code, std::vector<socket_record>> done) override;
  void add_sockets(const broadcast_options& whom, const std::vector<std::string>& rooms) override;
  void del_sockets(const broadcast_options& whom, const std::vector<std::string>& rooms) override;
  void disconnect_sockets(const broadcast_options& whom, bool close) override;

  /// Nobody else is there: `done` gets no answers.
  void server_side_emit(array event, callback<error_code, array> done) override;

  /// Keeps nothing.
  void persist_session(session_record) override {}
  void restore_session(const std::string&, const std::string&,
                       callback<std::optional<restored_session>> done) override {
    done(std::nullopt);
  }

 protected:
  adapter_host& host() const noexcept { return host_; }

 private:
  adapter_host& host_;
};

}  // namespace SIO_ABI
}  // namespace sio
