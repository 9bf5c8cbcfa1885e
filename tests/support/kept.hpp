// What handlers were given, kept for a test to use later, from elsewhere.
#pragma once

#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

namespace test {

template <class T>
class kept {
 public:
  void add(T t) {
    const std::lock_guard<std::mutex> lock(mutex_);
    all_.push_back(std::move(t));
  }
  std::vector<T> take() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return std::exchange(all_, {});
  }
  std::size_t size() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return all_.size();
  }

 private:
  std::mutex mutex_;
  std::vector<T> all_;
};

}  // namespace test
