// Files of a directory, served below a path.
#pragma once

#include <sio/http/date.hpp>
#include <sio/http/etag.hpp>
#include <sio/http/mime.hpp>
#include <sio/http/percent.hpp>
#include <sio/http/query.hpp>
#include <sio/request.hpp>
#include <sio/server/disk.hpp>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

/// The files below one directory. Never served: what lies outside of it (through `..`, an escape, a symbolic link),
/// names that begin with a dot, and what is no regular file.
class file_mount {
 public:
  /// Files are read as a whole; a larger one is answered with 500.
  static constexpr std::size_t max_file_size = 64 * 1024 * 1024;

  /// Throws std::invalid_argument when there is no such directory.
  file_mount(std::string url_prefix, const std::filesystem::path& directory);

  /// Whether `path` (decoded) is the prefix or lies below it.
  bool covers(std::string_view path) const noexcept;
  /// 200, 301 (a directory without its slash), 304, 404, 405 or 500. To a HEAD the same as to a GET: the writer leaves
  /// the body out.
  response answer(const request& asked) const;

 private:
  std::optional<std::filesystem::path> inside(std::string_view below) const;
  response answer_path(std::string_view below, const request& asked) const;
  response answer_file(const std::filesystem::path& path, const request& asked) const;
  response redirect(std::string_view below, const request& asked) const;

  std::string prefix_;  // "" or "/static": without a slash at its end
  std::filesystem::path root_;
};

// ---- bodies

namespace detail {

inline response plain(int status, std::string text) {
  return {status, {{"Content-Type", "text/plain; charset=utf-8"}}, std::move(text)};
}

// One name of a path: no way up or out, nothing hidden, and nothing that Windows reads as something else.
inline bool is_served_name(std::string_view name) noexcept {
  if (name.empty() || name.front() == '.' || name.back() == '.' || name.back() == ' ') return false;
  for (const char c : name)
    if (static_cast<unsigned char>(c) < 0x20 || c == '/' || c == '\\' || c == ':') return false;
  return true;
}

// a/b/ has a slash at its end or not; between the slashes there are names only.
inline bool is_served_path(std::string_view below) noexcept {
  while (!below.empty()) {
    const std::size_t slash = below.find('/');
    if (!is_served_name(below.substr(0, slash))) return false;
    below = slash == std::string_view::npos ? std::string_view() : below.substr(slash + 1);
  }
  return true;
}

}  // namespace detail

inline file_mount::file_mount(std::string url_prefix, const std::filesystem::path& directory)
    : prefix_(std::move(url_prefix)) {
  while (!prefix_.empty() && prefix_.back() == '/') prefix_.pop_back();
  if (!prefix_.empty() && prefix_.front() != '/') prefix_.insert(0, 1, '/');
  std::error_code failed;
  root_ = std::filesystem::canonical(directory, failed);
  if (failed || !std::filesystem::is_directory(root_, failed))
    throw std::invalid_argument("cannot serve files from \"" + directory.string() + "\": there is no such directory");
}

inline bool file_mount::covers(std::string_view path) const noexcept {
  if (path.substr(0, prefix_.size()) != prefix_) return false;
  return path.size() == prefix_.size() ? !prefix_.empty() : path[prefix_.size()] == '/';
}

inline response file_mount::answer(const request& asked) const {
  if (!covers(asked.path)) return detail::plain(404, "Not Found");
  if (asked.method != "GET" && asked.method != "HEAD") {
    response refused = detail::plain(405, "Method Not Allowed");
    refused.headers.add("Allow", "GET, HEAD");
    return refused;
  }
  if (asked.path.size() == prefix_.size()) return redirect("", asked);
  return answer_path(std::string_view(asked.path).substr(prefix_.size() + 1), asked);
}

inline response file_mount::answer_path(std::string_view below, const request& asked) const {
  const std::optional<std::filesystem::path> path = inside(below);
  if (!path) return detail::plain(404, "Not Found");
  const bool slash = below.empty() || below.back() == '/';
  std::error_code failed;
  const bool directory = std::filesystem::is_directory(*path, failed);
  if (directory != slash) return directory ? redirect(below, asked) : detail::plain(404, "Not Found");
  if (!directory) return answer_file(*path, asked);
  // The index may be a link too.
  const std::optional<std::filesystem::path> index = inside(std::string(below) + "index.html");
  return index ? answer_file(*index, asked) : detail::plain(404, "Not Found");
}

// Where `below` leads once all links are followed, if that is below the root.
inline std::optional<std::filesystem::path> file_mount::inside(std::string_view below) const {
  if (!detail::is_served_path(below)) return std::nullopt;
  while (!below.empty() && below.back() == '/') below.remove_suffix(1);
  std::error_code failed;
  const std::filesystem::path real = std::filesystem::canonical(root_ / disk::to_path(below), failed);
  if (failed) return std::nullopt;
  const auto [root_end, ignored] = std::mismatch(root_.begin(), root_.end(), real.begin(), real.end());
  return root_end == root_.end() ? std::optional(real) : std::nullopt;
}

inline response file_mount::redirect(std::string_view below, const request& asked) const {
  const std::string_view query = http::split_target(asked.url).query;
  std::string to = http::percent_encode(prefix_ + '/' + std::string(below), "-._~/");
  if (to.back() != '/') to += '/';
  if (!query.empty()) (to += '?') += query;
  response out = detail::plain(301, "Moved Permanently");
  out.headers.add("Location", std::move(to));
  return out;
}

inline response file_mount::answer_file(const std::filesystem::path& path, const request& asked) const {
  const std::optional<disk::file_state> state = disk::look_at(path);
  if (!state) return detail::plain(404, "Not Found");
  const std::string tag = '"' + std::to_string(state->size) + '-' + std::to_string(state->stamp) + '"';
  response out;
  out.headers = {{"Cache-Control", "public, max-age=0"}, {"ETag", tag}};
  out.headers.add("Last-Modified", http::http_date(state->modified));
  const std::string* known = asked.headers.find("If-None-Match");
  if (known && http::matches_tag(*known, tag)) return {304, std::move(out.headers), {}};
  if (state->size > max_file_size) return detail::plain(500, "This file is larger than 64 MiB.");
  std::optional<std::string> body = disk::read(path, max_file_size);
  if (!body) return detail::plain(404, "Not Found");
  out.headers.add("Content-Type", std::string(http::content_type(path.filename().string())));
  out.body = std::move(*body);
  return out;
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
