// What the user asked for, once the command line was understood.
#pragma once

#include <sio/value.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace tool {

/// How the program ends; `sio --help` says the same.
enum exit_code : int { success = 0, wrong_use = 2, refused = 3, timed_out = 4, network = 5 };

/// Wrong use, said in one sentence.
class usage_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

using pairs = std::vector<std::pair<std::string, std::string>>;

/// What can be asked for; each bit is one command.
enum command : unsigned {
  connecting = 1,
  emitting = 2,
  listening = 4,
  every_command = 7,
  helping = 8,
  versioning = 16
};

struct invocation {
  tool::command command = helping;
  tool::command help_about = every_command;

  std::string url;
  std::string nsp;  ///< empty: the URL's path
  std::optional<sio::object> auth;
  pairs query, headers;
  std::vector<std::string> transports;
  std::string path;
  std::string ca_file, certificate_file, key_file, proxy;
  bool insecure = false;
  bool msgpack = false;
  bool reconnect = true;
  bool json = false;
  bool ack = false;
  std::optional<std::chrono::milliseconds> timeout;
  std::vector<std::string> events;  ///< that `listen` shows; empty: all
  std::size_t count = 0;            ///< events after which `listen` ends; 0: never
  std::string event;                ///< that `emit` sends
  sio::array arguments;
};

}  // namespace tool
