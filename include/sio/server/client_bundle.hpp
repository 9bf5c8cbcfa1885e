// The JS client, served below the server's path: `<script src="/socket.io/socket.io.js">`.
#pragma once

#include <sio/http/compressor.hpp>
#include <sio/http/etag.hpp>
#include <sio/request.hpp>
#include <sio/server/disk.hpp>

#include <array>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace srv {

/// The eight files of npm `socket.io-client`'s `dist`. Each is read and compressed at most once and then kept; copies
/// share them.
class client_bundle {
 public:
  static constexpr std::size_t max_file_size = 8 * 1024 * 1024;

  /// An empty directory: the one that the build named with SIO_CLIENT_DIR, if it named one.
  explicit client_bundle(std::filesystem::path directory = {});

  /// Whether `name` (`socket.io.min.js`) is one of the eight.
  static bool knows(std::string_view name) noexcept;
  /// Nothing for a name that is not known; any method is accepted, as in JS. A file that is not there is answered with
  /// 404 and a sentence on how to get it.
  std::optional<response> answer(std::string_view name, const request& asked) const;

 private:
  struct shelf;
  struct slot {
    std::once_flag once;
    std::optional<std::string> text;
    std::once_flag gzipped;
    std::optional<std::string> gzip;
  };

  slot& slot_of(std::size_t index) const;
  static const std::optional<std::string>& gzip_of(slot& file);

  std::shared_ptr<shelf> shelf_;
};

// ---- bodies

namespace detail {

inline constexpr std::string_view bundle_names[] = {
    "socket.io.js",     "socket.io.min.js",     "socket.io.esm.min.js",     "socket.io.msgpack.min.js",
    "socket.io.js.map", "socket.io.min.js.map", "socket.io.esm.min.js.map", "socket.io.msgpack.min.js.map",
};

// The eight and one more: what is no index.
inline std::size_t bundle_index(std::string_view name) noexcept {
  std::size_t i = 0;
  while (i != std::size(bundle_names) && bundle_names[i] != name) ++i;
  return i;
}

inline bool is_version_letter(char c) noexcept {
  return http::detail::alphanumeric(c) || c == '.' || c == '-' || c == '+';
}

// The version that begins at `at`, if one does.
inline std::string version_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && end - at < 64 && is_version_letter(text[end])) ++end;
  return std::string(text.substr(at, end - at));
}

// "version": "4.8.4"
inline std::string version_of_package(std::string_view package) {
  static constexpr std::string_view key = "\"version\"";
  const std::size_t found = package.find(key);
  if (found == std::string_view::npos) return {};
  const std::size_t quote = package.find('"', found + key.size());
  return quote == std::string_view::npos ? std::string() : version_at(package, quote + 1);
}

// /*! … * Socket.IO v4.8.4
inline std::string version_of_banner(std::string_view script) {
  static constexpr std::string_view words = "Socket.IO v";
  const std::size_t found = script.substr(0, 512).find(words);
  return found == std::string_view::npos ? std::string() : version_at(script, found + words.size());
}

inline std::filesystem::path build_client_dir() {
#if defined(SIO_CLIENT_DIR)
  return disk::to_path(SIO_CLIENT_DIR);
#else
  return {};
#endif
}

inline response no_bundle() {
  return {404,
          {{"Content-Type", "text/plain; charset=utf-8"}},
          "The JS client is not here. Run `npm install socket.io-client` and name its dist directory in the server "
          "option client_dir, or in the CMake variable SIO_CLIENT_DIR.\n"};
}

}  // namespace detail

struct client_bundle::shelf {
  std::filesystem::path directory;
  std::once_flag tagged;
  std::string tag;  // quoted; empty: no version was found
  std::array<slot, std::size(detail::bundle_names)> slots;

  std::string find_version() const;
  const std::string& find_tag();
};

// Of the package that the directory belongs to, else of the scripts themselves.
inline std::string client_bundle::shelf::find_version() const {
  const auto package = disk::read(directory / ".." / "package.json", max_file_size);
  std::string version = package ? detail::version_of_package(*package) : std::string();
  for (std::size_t i = 0; version.empty() && i != 4; ++i)
    if (const auto script = disk::read(directory / detail::bundle_names[i], max_file_size))
      version = detail::version_of_banner(*script);
  return version;
}

inline const std::string& client_bundle::shelf::find_tag() {
  std::call_once(tagged, [this] {
    const std::string version = find_version();
    if (!version.empty()) tag = '"' + version + '"';
  });
  return tag;
}

inline client_bundle::client_bundle(std::filesystem::path directory) : shelf_(std::make_shared<shelf>()) {
  shelf_->directory = directory.empty() ? detail::build_client_dir() : std::move(directory);
}

inline bool client_bundle::knows(std::string_view name) noexcept {
  return detail::bundle_index(name) != std::size(detail::bundle_names);
}

inline client_bundle::slot& client_bundle::slot_of(std::size_t index) const {
  slot& one = shelf_->slots[index];
  std::call_once(one.once, [&] {
    if (!shelf_->directory.empty())
      one.text = disk::read(shelf_->directory / detail::bundle_names[index], max_file_size);
  });
  return one;
}

// Compressed once, for everybody.
inline const std::optional<std::string>& client_bundle::gzip_of(slot& file) {
  std::call_once(file.gzipped, [&] { file.gzip = http::compressor().compress(http::coding::gzip, *file.text); });
  return file.gzip;
}

inline std::optional<response> client_bundle::answer(std::string_view name, const request& asked) const {
  if (!knows(name)) return std::nullopt;
  slot& file = slot_of(detail::bundle_index(name));
  if (!file.text) return detail::no_bundle();
  const std::string& tag = shelf_->find_tag();
  const std::string* known = asked.headers.find("If-None-Match");
  if (known && !tag.empty() && (*known == tag || *known == "W/" + tag)) return response{304, {}, {}};
  const bool map = name.substr(name.size() - 4) == ".map";
  response out;
  out.headers.add("Cache-Control", "public, max-age=0");
  out.headers.add("Content-Type", map ? "application/json; charset=utf-8" : "application/javascript; charset=utf-8");
  if (!tag.empty()) out.headers.add("ETag", tag);
  if (http::compressor::available) out.headers.add("Vary", "Accept-Encoding");
  const bool small = http::takes(asked.headers["Accept-Encoding"], http::coding::gzip) && gzip_of(file);
  if (small) out.headers.add("Content-Encoding", "gzip");
  out.body = small ? *file.gzip : *file.text;
  return out;
}

}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
