// What --help says.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "invocation.hpp"
#include "options.hpp"

namespace tool {

namespace detail {

constexpr std::string_view overview = R"(sio talks to a Socket.IO server from the command line.

  sio connect URL               type events, see what comes: .help explains the rest
  sio emit URL EVENT [JSON …]   send one event
  sio listen URL                print what comes, one event per line

Try these with a server on port 3000:

  sio connect http://localhost:3000
  sio emit http://localhost:3000 message '"hello"' --ack
  sio listen http://localhost:3000/admin --auth '{"token":"abc"}' --json --count 10

sio COMMAND --help tells more.
)";

constexpr std::string_view exit_codes = R"(
It ends with 0: success, 2: wrong use, 3: refused by the server, 4: nothing came in time,
5: no connection, or it was lost.
)";

constexpr std::string_view about_values = R"(
Values are JSON: 42, true, '"text"', '{"a":[1,2]}'. A word that is not JSON is text, and @photo.jpg is the
content of that file, as binary. Mind the shell: put quotes around what has blanks, quotes or brackets.
)";

constexpr std::string_view about_connect = R"(sio connect URL [options]

Connects, shows what comes, and sends what you type, one event per line: its name, then values.

  chat "hello" {"urgent": true}
  "my event" [1, 2] @photo.jpg

  .ack sum 1 2     sends an event and shows the acknowledgement, with the time that it took
  .answer 42       acknowledges the latest event that asks for it
  .state           tells whether there is a connection, and by what
  .disconnect      leaves; .connect comes back
  .help            tells this
  .quit            ends, as the end of the input does
)";

constexpr std::string_view about_emit = R"(sio emit URL EVENT [JSON …] [options]

Connects, sends one event, and ends when the server has it; with --ack, when the server has acknowledged it.

  sio emit http://localhost:3000 chat hello
  sio emit http://localhost:3000 sum 40 2 --ack                prints [42]
  sio emit http://localhost:3000 upload photo @photo.jpg
)";

constexpr std::string_view about_listen = R"(sio listen URL [options]

Connects and prints each event that comes, on a line of its own; what happens to the connection goes to standard
error. If the connection is lost it is made anew, without end.

  sio listen http://localhost:3000 --event price --json | jq '.args[0]'
  sio listen http://localhost:3000 --count 1 --timeout 5 || echo "nothing came"
)";

inline std::string options_of(command c) {
  std::string out = "\nOptions:\n";
  for (const option& o : all_options()) {
    if (!(o.commands & c)) continue;
    std::string left = "  " + std::string(o.name) + (o.operand.empty() ? "" : " ") + std::string(o.operand);
    left.resize(std::max<std::size_t>(left.size() + 1, 24), ' ');
    out += left + std::string(o.help) + "\n";
  }
  return out;
}

}  // namespace detail

/// About one command, or about all of them.
inline std::string help(command c) {
  using namespace detail;
  std::string out;
  if (c == connecting) out.append(about_connect).append(about_values);
  if (c == emitting) out.append(about_emit).append(about_values);
  if (c == listening) out.append(about_listen);
  if (out.empty())
    out = overview;
  else
    out += options_of(c);
  return out.append(exit_codes);
}

}  // namespace tool
