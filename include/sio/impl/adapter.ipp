// Bodies of adapter.hpp: the audience of this server does the work.
#pragma once

#include <sio/adapter.hpp>
#include <sio/server/audience.hpp>

namespace sio {
inline namespace SIO_ABI {

namespace detail {

// Every local socket is one.
inline srv::receiver& as_receiver(local_socket& who) noexcept { return static_cast<srv::receiver&>(who); }

}  // namespace detail

SIO_DECL void memory_adapter::add_all(local_socket& who, const std::vector<std::string>& rooms) {
  host_.audience()->join(detail::as_receiver(who), rooms);
}

SIO_DECL void memory_adapter::del(local_socket& who, const std::string& room) {
  host_.audience()->leave(detail::as_receiver(who), {room});
}

SIO_DECL void memory_adapter::del_all(local_socket& who) { host_.audience()->leave_all(detail::as_receiver(who)); }

SIO_DECL std::optional<std::vector<std::string>> memory_adapter::socket_rooms(const std::string& id) const {
  const srv::receiver* who = host_.audience()->find(id);
  if (!who) return std::nullopt;
  return host_.audience()->rooms().of(*who);
}

SIO_DECL void memory_adapter::broadcast(event_packet packet, const broadcast_options& to) {
  host_.audience()->broadcast(std::move(packet), to);
}

SIO_DECL void memory_adapter::broadcast_with_ack(event_packet packet, const broadcast_options& to,
                                                 std::shared_ptr<answer_collector> answers) {
  host_.audience()->ask(packet, to, answers);
}

SIO_DECL void memory_adapter::sockets(const std::vector<std::string>& rooms,
                                      callback<error_code, std::vector<std::string>> done) {
  std::vector<std::string> ids;
  for (const auto& who : host_.audience()->meant({rooms, {}, {}})) ids.push_back(who->id());
  done({}, std::move(ids));
}

SIO_DECL void memory_adapter::all_rooms(callback<error_code, std::vector<std::string>> done) {
  std::vector<std::string> names;
  host_.audience()->rooms().for_each([&](const std::string& name, std::size_t) { names.push_back(name); });
  done({}, std::move(names));
}

SIO_DECL void memory_adapter::fetch_sockets(const broadcast_options& whom,
                                            callback<error_code, std::vector<socket_record>> done) {
  std::vector<socket_record> records;
  for (const auto& who : host_.audience()->meant(whom)) records.push_back(who->describe());
  done({}, std::move(records));
}

SIO_DECL void memory_adapter::add_sockets(const broadcast_options& whom, const std::vector<std::string>& rooms) {
  for (const auto& who : host_.audience()->meant(whom)) who->join(rooms);
}

SIO_DECL void memory_adapter::del_sockets(const broadcast_options& whom, const std::vector<std::string>& rooms) {
  for (const auto& who : host_.audience()->meant(whom))
    for (const std::string& room : rooms) who->leave(room);
}

SIO_DECL void memory_adapter::disconnect_sockets(const broadcast_options& whom, bool close) {
  for (const auto& who : host_.audience()->meant(whom)) who->disconnect(close);
}

SIO_DECL void memory_adapter::server_side_emit(array, callback<error_code, array> done) {
  if (done) done({}, {});
}

}  // namespace SIO_ABI
}  // namespace sio
