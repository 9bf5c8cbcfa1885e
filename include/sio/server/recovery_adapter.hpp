// The adapter of a server that is alone and lets clients go on where they were (JS: SessionAwareAdapter).
#pragma once

#include <sio/adapter.hpp>
#include <sio/net/loop.hpp>
#include <sio/server/audience.hpp>
#include <sio/server/recovery.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

class recovery_adapter final : public memory_adapter {
 public:
  recovery_adapter(adapter_host& host, std::shared_ptr<net::loop> l, const recovery_rules& rules)
      : memory_adapter(host), loop_(std::move(l)), rules_(rules), kept_(rules_, now_in_microseconds()),
        sweep_timer_(loop_->timers(), [this] { sweep(); }) {}

  void close() override;
  /// Keeps nothing more, and no host's loop alive.
  void stop() noexcept {
    closed_ = true;
    sweep_timer_.cancel();
  }

  void add_all(local_socket& who, const std::vector<std::string>& rooms) override;
  void del(local_socket& who, const std::string& room) override;
  void del_all(local_socket& who) override;
  void broadcast(event_packet packet, const broadcast_options& to) override;
  void persist_session(session_record session) override;
  void restore_session(const std::string& pid, const std::string& last,
                       callback<std::optional<restored_session>> done) override;

 private:
  using places = std::map<std::string, kept_session, std::less<>>;

  static packet_offset now_in_microseconds() {
    using namespace std::chrono;
    return static_cast<packet_offset>(duration_cast<microseconds>(system_clock::now().time_since_epoch()).count());
  }
  void encode(event_packet& packet, packet_offset at) const;
  restored_session describe(const kept_session& s) const;
  void expect_sweep();
  void sweep();

  std::shared_ptr<net::loop> loop_;
  recovery_rules rules_;
  recovery kept_;
  places here_;  // by id: those who are in rooms; without a pid until they leave
  net::timer sweep_timer_;
  bool sweep_expected_ = false, closed_ = false;
};

// ---- bodies

inline void recovery_adapter::close() {
  stop();
  kept_ = recovery(rules_, kept_.log().last());
}

// A socket is born when it enters the room of its id; one that came back was born long ago.
inline void recovery_adapter::add_all(local_socket& who, const std::vector<std::string>& rooms) {
  kept_session& s = here_[who.id()];
  for (const std::string& room : rooms) {
    const auto place = std::lower_bound(s.rooms.begin(), s.rooms.end(), room,
                                        [](const stay& old, const std::string& name) { return old.room < name; });
    if (place == s.rooms.end() || place->room != room) s.rooms.insert(place, stay{room, kept_.log().last()});
    if (room != who.id() || s.connected) continue;
    if (s.since == 0) s.since = kept_.log().last();
    s.welcomed_at = loop_->now();
    s.connected = true;
  }
  memory_adapter::add_all(who, rooms);
}

inline void recovery_adapter::del(local_socket& who, const std::string& room) {
  if (const auto found = here_.find(who.id()); found != here_.end()) {
    stays& rooms = found->second.rooms;
    rooms.erase(std::remove_if(rooms.begin(), rooms.end(), [&](const stay& s) { return s.room == room; }), rooms.end());
  }
  memory_adapter::del(who, room);
}

inline void recovery_adapter::del_all(local_socket& who) {
  here_.erase(who.id());
  memory_adapter::del_all(who);
}

// ---- packets

// The next argument behind the event's own: 42["news",1,"0NKh9-dzF"]
inline void recovery_adapter::encode(event_packet& packet, packet_offset at) const {
  const std::shared_ptr<srv::audience>& all = host().audience();
  packet.keep(std::make_shared<const parser::encoded>(
      all->codec().event(all->nsp(), std::nullopt, packet.event(), packet.arguments(), to_text(at))));
}

// JS clients take a text at the end of any event for an offset: so a volatile event that ends with one names the place
// where it stands, and nobody's offset is overwritten.
inline bool ends_with_text(const event_packet& packet) {
  return packet.arguments().empty() || packet.arguments().back().is_string();
}

inline void recovery_adapter::broadcast(event_packet packet, const broadcast_options& to) {
  if (to.flags.is_volatile) {
    if (ends_with_text(packet)) encode(packet, kept_.log().last());
  } else {
    encode(packet, kept_.log().last() + 1);
    if (packet.encoded()->head.shared() && !closed_) {
      kept_.log().append({to.rooms, to.except}, packet.encoded(), loop_->now());
      expect_sweep();
    }
  }
  memory_adapter::broadcast(std::move(packet), to);
}

// ---- sessions

// One that came back and was not let in is as it was.
inline void recovery_adapter::persist_session(session_record session) {
  const auto found = here_.find(session.id);
  if (found == here_.end() || closed_) return;
  kept_session& s = found->second;
  if (s.connected) s.left_at = loop_->now();
  kept_session away = s;
  if (!s.connected) here_.erase(found);
  away.sid = std::move(session.id);
  away.pid = std::move(session.pid);
  away.data = std::move(session.local);
  away.connected = false;
  kept_.sessions().put(std::move(away));
  expect_sweep();
}

inline void recovery_adapter::restore_session(const std::string& pid, const std::string& last,
                                              callback<std::optional<restored_session>> done) {
  std::optional<kept_session> s = kept_.take(pid, last, loop_->now());
  if (!s) return done(std::nullopt);
  restored_session back = describe(*s);
  here_[s->sid] = std::move(*s);
  done(std::move(back));
}

inline restored_session recovery_adapter::describe(const kept_session& s) const {
  restored_session out{{s.pid, s.sid, {}, {}, s.data}, {}};
  for (const stay& room : s.rooms) out.session.rooms.push_back(room.room);
  const auto missed = kept_.missed(s);
  for (const kept_packet& p : *missed) out.missed.emplace_back(std::string(), array()), out.missed.back().keep(p);
  return out;
}

inline void recovery_adapter::expect_sweep() {
  if (closed_ || std::exchange(sweep_expected_, true)) return;
  sweep_timer_.expires_at(std::max(kept_.deadline(), loop_->now()) + std::chrono::seconds(1));
}

inline void recovery_adapter::sweep() {
  sweep_expected_ = false;
  kept_.sweep(loop_->now());
  if (kept_.deadline() != time_point::max()) expect_sweep();
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
