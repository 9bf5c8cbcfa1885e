// Regular files on disk: their state and their bytes, without exceptions.
#pragma once

#include <sio/config.hpp>

#include <chrono>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace srv {
namespace disk {

struct file_state {
  std::uintmax_t size = 0;
  std::time_t modified = 0;
  std::uint64_t stamp = 0;  ///< `modified`, as finely as the file system has it
};

/// A UTF-8 text as a path.
inline std::filesystem::path to_path(std::string_view utf8) {
#if defined(__cpp_char8_t)
  return std::filesystem::path(std::u8string(utf8.begin(), utf8.end()));
#else
  return std::filesystem::u8path(utf8.begin(), utf8.end());
#endif
}

/// Seconds since 1970. Before C++20 the file clock's epoch is not known; it is a whole number of seconds away.
inline std::time_t to_time(std::filesystem::file_time_type time) {
  using seconds = std::chrono::seconds;
  static const seconds apart = std::chrono::round<seconds>(
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()) -
      std::chrono::duration<double>(std::filesystem::file_time_type::clock::now().time_since_epoch()));
  const auto since = std::chrono::floor<seconds>(time.time_since_epoch()) + apart;
  return static_cast<std::time_t>(since.count());
}

/// Nothing for what is no regular file.
inline std::optional<file_state> look_at(const std::filesystem::path& path) {
  std::error_code failed;
  if (!std::filesystem::is_regular_file(path, failed) || failed) return std::nullopt;
  const std::uintmax_t size = std::filesystem::file_size(path, failed);
  if (failed) return std::nullopt;
  const auto modified = std::filesystem::last_write_time(path, failed);
  if (failed) return std::nullopt;
  return file_state{size, to_time(modified), static_cast<std::uint64_t>(modified.time_since_epoch().count())};
}

/// The whole of a regular file of at most `most` bytes.
inline std::optional<std::string> read(const std::filesystem::path& path, std::size_t most) {
  const std::optional<file_state> state = look_at(path);
  if (!state || state->size > most) return std::nullopt;
  std::ifstream in(path, std::ios::binary);
  std::string out(static_cast<std::size_t>(state->size), '\0');
  if (!in.read(out.data(), static_cast<std::streamsize>(out.size()))) return std::nullopt;
  return out;
}

}  // namespace disk
}  // namespace srv
}  // namespace SIO_ABI
}  // namespace sio
