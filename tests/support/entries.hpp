// How many descriptors or threads this process has: "/proc/self/fd", "/proc/self/task".
#pragma once

#include <dirent.h>
#include <support/catch.hpp>
#include <support/client_fixture.hpp>

#include <chrono>
#include <cstddef>
#include <thread>

namespace test {

inline std::size_t entries(const char* folder) {
  DIR* const open = ::opendir(folder);
  std::size_t count = 0;
  while (::readdir(open)) ++count;
  ::closedir(open);
  return count;
}

/// It has a while: others' threads, of look-ups for instance, may be about to end.
inline void expect_entries(const char* folder, std::size_t n) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (entries(folder) > n && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  CHECK(entries(folder) <= n);
}

}  // namespace test
