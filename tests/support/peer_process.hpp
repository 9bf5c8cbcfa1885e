// A program beside the test: one of tests/client/peers, with its port and its lines, and an end in any case.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

extern char** environ;

namespace test {

/// Owned by one thread. Whatever fails throws std::runtime_error, after the program was ended.
class peer_process {
 public:
  static constexpr std::chrono::seconds patience{30};

  /// Starts it, and waits for its "ready PORT".
  explicit peer_process(std::vector<std::string> command) : command_(std::move(command)) { start(); }
  ~peer_process() { kill(); }
  peer_process(const peer_process&) = delete;
  peer_process& operator=(const peer_process&) = delete;

  std::uint16_t port() const noexcept { return port_; }
  /// "http://127.0.0.1:40123".
  std::string url(const std::string& scheme = "http", const std::string& host = "127.0.0.1") const {
    return scheme + "://" + host + ":" + std::to_string(port_);
  }
  bool running() const noexcept { return pid_ > 0; }

  /// One line to its standard input; nothing if it has ended.
  void write(std::string line) {
    line += '\n';
    for (std::size_t done = 0; in_ >= 0 && done < line.size();) {
      const ssize_t n = ::send(in_, line.data() + done, line.size() - done, MSG_NOSIGNAL);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return;
      done += static_cast<std::size_t>(n);
    }
  }

  /// The next line of its standard output.
  std::string line() {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    std::size_t end;
    while ((end = text_.find('\n')) == std::string::npos) read_until(deadline);
    std::string found = text_.substr(0, end);
    text_.erase(0, end + 1);
    return found;
  }

  /// A command to the proxy, and its effect: returns after "done …".
  void order(const std::string& command) {
    write(command);
    while (line().rfind("done ", 0) != 0) {
    }
  }

  /// As a crash ends it.
  void kill() noexcept { end(SIGKILL); }
  /// Asks it to end; what it exits with, or 128 and the signal.
  int stop() noexcept { return end(SIGTERM); }

  /// Once more at the same port: for programs whose last argument may be that.
  void restart() {
    kill();
    if (!std::exchange(with_port_, true)) command_.push_back(std::to_string(port_));
    start();
  }

 private:
  void start() {
    text_.clear();
    spawn();
    try {
      const std::string said = line();
      if (said.rfind("ready ", 0) != 0) throw std::runtime_error(command_.at(1) + " said " + said);
      port_ = static_cast<std::uint16_t>(std::stoul(said.substr(6)));
    } catch (...) {
      kill();
      throw;
    }
  }

  // Descriptors close in other children, so that a program's input ends with the test and nothing else.
  void spawn() {
    int in[2], out[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, in) != 0) fail("socketpair");
    if (::pipe(out) != 0) ::close(in[0]), ::close(in[1]), fail("pipe");
    for (const int fd : {in[0], in[1], out[0], out[1]}) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    const int failure = run(actions);
    posix_spawn_file_actions_destroy(&actions);
    ::close(in[0]), ::close(out[1]);
    in_ = in[1], out_ = out[0];
    if (failure != 0) pid_ = -1, close_ends(), errno = failure, fail(command_.at(0).c_str());
  }

  int run(const posix_spawn_file_actions_t& actions) {
    static const std::string attended = "PEER_ATTENDED=1";
    std::vector<char*> arguments, variables;
    for (std::string& word : command_) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    for (char** v = environ; *v; ++v) variables.push_back(*v);
    variables.push_back(const_cast<char*>(attended.data()));
    variables.push_back(nullptr);
    return posix_spawnp(&pid_, arguments[0], &actions, nullptr, arguments.data(), variables.data());
  }

  void read_until(std::chrono::steady_clock::time_point deadline) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd wanted{out_, POLLIN, 0};
    if (left.count() <= 0 || ::poll(&wanted, 1, static_cast<int>(left.count())) == 0)
      throw std::runtime_error("waited in vain for a line of " + command_.at(1));
    char bytes[4096];
    const ssize_t n = ::read(out_, bytes, sizeof bytes);
    if (n < 0 && errno == EINTR) return;
    if (n <= 0) throw std::runtime_error(command_.at(1) + " has ended");
    text_.append(bytes, static_cast<std::size_t>(n));
  }

  int end(int signal) noexcept {
    if (pid_ <= 0) return 0;
    int status = 0;
    ::kill(pid_, signal);
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (::waitpid(pid_, &status, WNOHANG) == 0) {
      if (std::chrono::steady_clock::now() > deadline) ::kill(pid_, SIGKILL);
      ::poll(nullptr, 0, 2);
    }
    pid_ = -1;
    close_ends();
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }

  void close_ends() noexcept { ::close(std::exchange(in_, -1)), ::close(std::exchange(out_, -1)); }
  [[noreturn]] static void fail(const char* what) {
    throw std::runtime_error(std::string(what) + ": " + std::strerror(errno));
  }

  std::vector<std::string> command_;
  std::string text_;
  pid_t pid_ = -1;
  int in_ = -1, out_ = -1;
  std::uint16_t port_ = 0;
  bool with_port_ = false;
};

#if defined(SIO_PEERS)
/// `program` of tests/client/peers; SIO_PEERS, SIO_NODE and SIO_PYTHON are from the build.
inline std::vector<std::string> peer_command(const std::string& program, std::vector<std::string> arguments = {}) {
  const bool python = program.size() > 3 && program.compare(program.size() - 3, 3, ".py") == 0;
  arguments.insert(arguments.begin(), {python ? SIO_PYTHON : SIO_NODE, std::string(SIO_PEERS) + "/" + program});
  return arguments;
}

/// The official server in Node; its options are in node_server.mjs.
class node_server : public peer_process {
 public:
  explicit node_server(std::vector<std::string> options = {})
      : peer_process(peer_command("node_server.mjs", std::move(options))) {}
};

/// python3-socketio's server.
class python_server : public peer_process {
 public:
  python_server() : peer_process(peer_command("python_server.py")) {}
};

/// A server that errs; which way, the URL says: `script("v2")`. See scripts.mjs.
class scripted_server : public peer_process {
 public:
  scripted_server() : peer_process(peer_command("scripted_server.mjs")) {}
  std::string script(const std::string& name) const {
    std::string encoded;
    for (const char c : name) encoded += c == ' ' ? std::string("%20") : std::string(1, c);
    return url() + "/?script=" + encoded;
  }
};

/// A network in front of a port, to be cut by `order("cut")`; see proxy.mjs.
class network_proxy : public peer_process {
 public:
  explicit network_proxy(std::uint16_t target) : peer_process(peer_command("proxy.mjs", {std::to_string(target)})) {}
};

/// A proxy that makes tunnels by CONNECT; `credentials`: "name:password", or nobody is asked.
class tunnel_proxy : public peer_process {
 public:
  explicit tunnel_proxy(const std::string& credentials = {}, const std::string& refusal = {})
      : peer_process(peer_command("proxy.mjs", options(credentials, refusal))) {}

 private:
  static std::vector<std::string> options(const std::string& credentials, const std::string& refusal) {
    std::vector<std::string> words{"--connect"};
    if (!credentials.empty()) words.insert(words.end(), {"--user", credentials});
    if (!refusal.empty()) words.insert(words.end(), {"--refuse", refusal});
    return words;
  }
};
#endif

}  // namespace test
