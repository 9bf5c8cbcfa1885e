// Signals while a test's program ends.
#pragma once

#include <csignal>

/// Keeps SIGINT and SIGTERM away for good: without asio's signal_set they would kill what is about to exit with 0.
inline void hold_signals() {
  sigset_t ends;
  sigemptyset(&ends);
  for (const int signal : {SIGINT, SIGTERM}) sigaddset(&ends, signal);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
}
