// The command line: sio emit URL chat "hello" --ack
#pragma once

#include <cctype>
#include <string>
#include <vector>

#include "invocation.hpp"
#include "options.hpp"
#include "words.hpp"

namespace tool {

namespace detail {

inline command to_command(const std::string& word) {
  if (word == "connect") return connecting;
  if (word == "emit") return emitting;
  if (word == "listen") return listening;
  throw usage_error("there is no command " + word + ": it is connect, emit or listen");
}

inline const option& find_option(const std::string& name, command c) {
  for (const option& o : all_options()) {
    if (o.name != name) continue;
    if (!(o.commands & c)) throw usage_error(name + " means nothing to this command");
    return o;
  }
  throw usage_error("there is no option " + name);
}

// "-5" is a number.
inline bool is_option(const std::string& word) {
  return word.size() > 1 && word[0] == '-' && !std::isdigit(static_cast<unsigned char>(word[1]));
}

// Takes the option at `at`, and its operand: --count 3, or --count=3.
inline void take_option(invocation& i, const std::vector<std::string>& words, std::size_t& at) {
  const std::size_t equals = words[at].find('=');
  const std::string name = words[at].substr(0, equals);
  const option& o = find_option(name, i.command);
  if (o.operand.empty()) {
    if (equals != std::string::npos) throw usage_error(name + " takes no value");
    return o.apply(i, {});
  }
  if (equals != std::string::npos) return o.apply(i, words[at].substr(equals + 1));
  if (at + 1 == words.size()) throw usage_error(name + " wants a value: " + std::string(o.operand));
  o.apply(i, words[++at]);
}

inline void take_operands(invocation& i, const std::vector<std::string>& operands) {
  if (operands.empty()) throw usage_error("which server? Give its URL, such as http://localhost:3000");
  i.url = operands[0].find("://") == std::string::npos ? "http://" + operands[0] : operands[0];
  if (i.command == emitting) {
    if (operands.size() == 1) throw usage_error("which event? Give its name after the URL");
    typed_event e = to_event(operands, 1);
    i.event = std::move(e.name), i.arguments = std::move(e.arguments);
  } else if (operands.size() > 1) {
    throw usage_error("what is " + operands[1] + "? This command takes a URL and options");
  }
  if (i.certificate_file.empty() != i.key_file.empty()) throw usage_error("--cert and --key belong together");
}

}  // namespace detail

/// Throws `usage_error`.
inline invocation parse(const std::vector<std::string>& words) {
  invocation i;
  if (words.empty()) throw usage_error("what shall it do? sio --help tells");
  if (words[0] == "--version") return i.command = versioning, i;
  if (words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
    if (words.size() > 1) i.help_about = detail::to_command(words[1]);
    return i;
  }
  i.command = detail::to_command(words[0]);
  std::vector<std::string> operands;
  bool options_over = false;
  for (std::size_t at = 1; at != words.size(); ++at) {
    if (!options_over && (words[at] == "--help" || words[at] == "-h")) {
      i.help_about = i.command, i.command = helping;
      return i;
    }
    if (options_over || !detail::is_option(words[at]))
      operands.push_back(words[at]);
    else if (words[at] == "--")
      options_over = true;
    else
      detail::take_option(i, words, at);
  }
  detail::take_operands(i, operands);
  return i;
}

}  // namespace tool
