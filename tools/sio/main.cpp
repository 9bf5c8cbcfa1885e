// sio: a Socket.IO client for the command line. `sio --help` tells what it can do.
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "arguments.hpp"
#include "emit.hpp"
#include "help.hpp"
#include "listen.hpp"
#include "printer.hpp"
#include "session.hpp"

#if defined(_WIN32)
#include <io.h>
#define SIO_TOOL_ISATTY _isatty
#else
#include <unistd.h>
#define SIO_TOOL_ISATTY isatty
#endif

namespace {

// See no-color.org.
bool wants_colours() {
  const char* const no = std::getenv("NO_COLOR");
  const char* const terminal = std::getenv("TERM");
  const bool dumb = terminal && std::string(terminal) == "dumb";
  return !(no && *no) && !dumb && SIO_TOOL_ISATTY(1) != 0;
}

int complain(const std::exception& e) {
  std::cerr << "sio: " << e.what() << "\n";
  return tool::wrong_use;
}

int run(const tool::invocation& i) {
  // Of `connect` all is its output; the others print what was asked for, and tell the rest aside.
  std::ostream& notes = i.command == tool::connecting ? std::cout : std::cerr;
  tool::printer out(std::cout, notes, i.json, wants_colours());
  switch (i.command) {
    case tool::connecting: return tool::run_session(i, out, std::cin);
    case tool::emitting: return tool::run_emit(i, out);
    case tool::listening: return tool::run_listen(i, out);
    case tool::versioning: return std::cout << "sio " SIO_TOOL_VERSION "\n", tool::success;
    default: return std::cout << tool::help(i.help_about), tool::success;
  }
}

}  // namespace

int main(int count, char** words) {
  try {
    return run(tool::parse({words + 1, words + count}));
  } catch (const std::exception& e) {  // also what no URL or option of the client can be
    return complain(e);
  }
}
