// Bodies of server.hpp.
#pragma once

#include <sio/server.hpp>
#include <sio/server/server.hpp>
#include <sio/stream.hpp>

namespace sio {
inline namespace SIO_ABI {

namespace detail {

// What the handles share: when the last one goes, the server is stopped, whoever else still holds it.
inline std::shared_ptr<srv::server> make_server(asio::any_io_executor executor, server_options options) {
  auto made = std::make_shared<srv::server>(std::move(executor), std::move(options));
  srv::server* const raw = made.get();
  return {raw, [made = std::move(made)](srv::server*) { made->life()->release(); }};
}

}  // namespace detail

SIO_DECL server::server(server_options options) : impl_(detail::make_server({}, std::move(options))) {}

SIO_DECL server::server(asio::any_io_executor executor, server_options options)
    : impl_(detail::make_server(std::move(executor), std::move(options))) {}

SIO_DECL void server::listen(unsigned short port) { impl_->listening().listen({}, port); }

SIO_DECL void server::listen(const std::string& address, unsigned short port) {
  impl_->listening().listen(address, port);
}

SIO_DECL void server::listen(unsigned short port, tls_options tls) {
  impl_->listening().listen({}, port, std::move(tls));
}

SIO_DECL void server::listen(const std::string& address, unsigned short port, tls_options tls) {
  impl_->listening().listen(address, port, std::move(tls));
}

SIO_DECL void server::reload_tls() { impl_->listening().renew(std::nullopt); }

SIO_DECL void server::reload_tls(tls_options tls) { impl_->listening().renew(std::move(tls)); }

SIO_DECL void server::listen_unix(const std::string& path, unsigned permissions) {
  impl_->listening().listen_unix(path, permissions);
}

SIO_DECL bool server::wants(std::string_view target) const { return impl_->wants(target); }

SIO_DECL void server::adopt(stream s, std::string already_read) { impl_->adopt(s, std::move(already_read)); }

SIO_DECL unsigned short server::port() const noexcept { return impl_->listening().port(); }

SIO_DECL asio::any_io_executor server::get_executor() const { return impl_->executor(); }

// This handle may go while the loop turns: what it stands for stays until then.
SIO_DECL void server::run() {
  const auto life = impl_->life();
  life->run();
}

SIO_DECL void server::close(std::function<void()> done) { impl_->life()->close(std::move(done)); }

SIO_DECL void server::drain(std::chrono::milliseconds duration, drain_options options, drain_report report) {
  impl_->life()->drain(duration, std::move(options), std::move(report));
}

SIO_DECL void server::stop() { impl_->life()->stop(); }

SIO_DECL void server::metrics(std::function<void(sio::metrics)> f) const { impl_->measure(std::move(f)); }
SIO_DECL sio::nsp server::of(std::string_view name) const { return sio::nsp(impl_->of(std::string(name))); }

SIO_DECL parent_nsp server::add_parent(namespace_rule rule) const {
  return parent_nsp(impl_->add_parent(std::move(rule)));
}

SIO_DECL sio::engine server::engine() const { return sio::engine(impl_->engine()); }

SIO_DECL void server::serve_files(std::string prefix, const std::string& directory) {
  impl_->add(srv::file_mount(std::move(prefix), directory));
}

SIO_DECL void server::on_request(std::string path, std::function<response(const request&)> answer) {
  on_request([path = std::move(path), answer = std::move(answer)](const request& asked) -> std::optional<response> {
    if (asked.path != path) return std::nullopt;
    return answer(asked);
  });
}

SIO_DECL void server::on_request(std::function<std::optional<response>(const request&)> answer) {
  impl_->add(srv::router::route(std::move(answer)));
}

SIO_DECL listener_id server::add_listener(std::string_view event, handler run, bool once) const {
  const listener_id id = detail::next_listener_id();
  impl_->of("/")->add_listener(std::string(event), id, std::move(run), once);
  return id;
}

}  // namespace SIO_ABI
}  // namespace sio
